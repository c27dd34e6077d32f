import { comparePlans } from "../../domain/plan/compare-plans.ts";
import { digestsMatch } from "../../domain/plan/digest.ts";
import type { FieldChange } from "../../domain/plan/diff.ts";
import type { Change, Plan } from "../../domain/plan/plan.ts";
import type { Problem } from "../../domain/problem.ts";
import { nameResource } from "../../domain/resource.ts";
import type { Approval, MergedPull } from "./approval.ts";
import {
  dropSeals,
  isUnset,
  reduceTo,
  type Made,
  type ReviewedChange,
  type ReviewedPlan,
} from "./reviewed-plan.ts";
import { nameField, type Seals } from "../../domain/review/seals.ts";

export interface Judged {
  readonly plan: Plan;
  /** Undefined for a commit that was pushed directly. */
  readonly pull: MergedPull | undefined;
  readonly approval: Approval | undefined;
  /** An earlier run began to apply what was approved, and did not finish. */
  readonly begun: boolean;
  readonly seals: Seals;
}

/** What stands in the way of applying the plan, in words; empty when it is what was reviewed, or the rest of it. */
export function judgeApproval({ plan, pull, approval, begun, seals }: Judged): Problem[] {
  if (pull === undefined)
    return [
      refuse(
        "the commit was pushed directly, and no pull request with a plan was reviewed for it",
        ADVICE.direct,
      ),
    ];
  if (approval === undefined || approval.digest === undefined)
    return [
      refuse(
        `${approval?.lacks ?? "nothing"}, so nobody has reviewed this plan`,
        ADVICE.again(pull),
      ),
    ];
  if (digestsMatch(approval.digest, plan.digest)) return [];
  const { reviewed } = approval;
  if (begun && reviewed !== undefined && isRest(plan, reviewed, seals)) return [];
  const differences = reviewed === undefined ? [] : tellDifferences(plan, reviewed, seals);
  const from = reviewed?.made === undefined ? "" : ` ${tellMade(reviewed.made)}`;
  return [
    refuse(`the plan made now is not the one that was reviewed${from}`, ADVICE.again(pull)),
    ...differences.map((message): Problem => ({
      severity: "error",
      code: "plan-differs",
      message,
    })),
    ...(differences.length > 0 ? [] : [explainAlike(reviewed)]),
  ];
}

/** Secrets that were sealed with another key would all look different, so then nothing is said of them. */
function tellDifferences(plan: Plan, reviewed: ReviewedPlan, seals: Seals): string[] {
  const [mark] = seals.unset;
  if (mark !== undefined && reviewed.mark === mark)
    return comparePlans(reviewed, reduceTo(plan, reviewed.kept, seals));
  return comparePlans(dropSeals(reviewed), reduceTo(plan, reviewed.kept));
}

/** Which plan it was: "of 2026-01-05 08:00 UTC (https://github.com/…)". */
export function tellMade({ at, runUrl }: Made): string {
  return `of ${at.slice(0, 16).replace("T", " ")} UTC (${runUrl})`;
}

const ADVICE = {
  direct:
    "bring changes by pull request, or set the input require-approved-plan to false to apply what was never reviewed",
  again: ({ number, fork }: MergedPull): string =>
    fork
      ? "a fork gets no plan: open a pull request from a branch of this repository (an empty commit will do), review its plan and merge it"
      : `run the plan job of pull request #${number} again, review its plan, then run this job again; or open a new pull request (an empty commit will do), whose plan shows what is left to do`,
};

/**
 * True when the plan does nothing that was not approved: it is what an apply that was cut off has left to do. Each change
 * concerns an approved resource that is as the approved plan saw it, or as that apply left it: a field that is still to change
 * has the value it had then. What somebody has changed since is no rest of anything.
 */
export function isRest(plan: Plan, reviewed: ReviewedPlan, seals: Seals): boolean {
  // Without its values nobody can tell.
  if (reviewed.kept !== "values") return false;
  const { target } = plan;
  if (target.name !== reviewed.target.name || target.url !== reviewed.target.url) return false;
  const approved = new Map(reviewed.changes.map((change) => [nameResource(change), change]));
  const texts = new Set(plan.changes.flatMap(listTexts));
  return reduceTo(plan, reviewed.kept, seals).changes.every((change) => {
    const was = approved.get(nameResource(change));
    if (was === undefined) return false;
    if (was.op === "create" && change.op === "update")
      return isBegun(change, was, seals, (field) =>
        texts.has(nameField(nameResource(change), field)),
      );
    return was.op === change.op && isAsSeen(change, was);
  });
}

/** The resource is as the approved plan saw it, but for fields that already are as they should be. */
function isAsSeen(change: ReviewedChange, was: ReviewedChange): boolean {
  if (change.op === "delete") return was.seal !== undefined && was.seal === change.seal;
  return change.fields.every((field) => {
    const then = findField(was, field);
    return then !== undefined && isKnown(field) && then.before === field.before;
  });
}

/** The resource is one that the apply has made and not finished: some fields are in place, and it has no text of somebody else's. */
function isBegun(
  change: ReviewedChange,
  was: ReviewedChange,
  seals: Seals,
  isText: (field: string) => boolean,
): boolean {
  if (change.fields.length >= was.fields.length) return false;
  return change.fields.every((field) => {
    if (findField(was, field) === undefined || !isKnown(field)) return false;
    const mayHoldWork = field.sensitive === true || isText(field.field);
    return !mayHoldWork || isUnset(field.before, seals);
  });
}

/** The approved change of the same field to the same value. */
function findField(was: ReviewedChange, field: FieldChange): FieldChange | undefined {
  return was.fields.find(
    (candidate) =>
      candidate.field === field.field &&
      candidate.after === field.after &&
      candidate.sensitive === field.sensitive,
  );
}

/** False for a secret of which only is known that it changes. */
function isKnown({ sensitive, after }: FieldChange): boolean {
  return sensitive !== true || after !== undefined;
}

function listTexts(change: Change): string[] {
  return change.fields
    .filter(({ diff }) => diff !== undefined)
    .map(({ field }) => nameField(nameResource(change), field));
}

function explainAlike(reviewed: ReviewedPlan | undefined): Problem {
  return {
    severity: "error",
    code: "plan-differs",
    message:
      reviewed === undefined
        ? "the reviewed plan was not kept, so how they differ cannot be told"
        : "what can be shown of both is alike, but their digests differ: a value that was not kept has changed, or the value of a secret, or the pull request was planned with another API client",
    hint: "where plan and apply use different API clients, give both the same digest-key",
  };
}

function refuse(message: string, hint: string): Problem {
  return {
    severity: "error",
    code: "not-approved",
    message: `${message}; nothing was applied`,
    hint,
  };
}
