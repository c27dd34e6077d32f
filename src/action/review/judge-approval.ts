import { comparePlans } from "../../domain/plan/compare-plans.ts";
import { digestsMatch } from "../../domain/plan/digest.ts";
import type { ChangeOp, Plan } from "../../domain/plan/plan.ts";
import type { Problem } from "../../domain/problem.ts";
import { nameResource } from "../../domain/resource.ts";
import type { Approval, MergedPull } from "./approval.ts";
import { reduceTo, type ReviewedChange, type ReviewedPlan } from "./reviewed-plan.ts";

export interface Judged {
  readonly plan: Plan;
  /** Undefined for a commit that was pushed directly. */
  readonly pull: MergedPull | undefined;
  readonly approval: Approval | undefined;
  /** An earlier run began to apply what was approved, and did not finish. */
  readonly begun: boolean;
}

/** What stands in the way of applying the plan, in words; empty when it is what was reviewed, or the rest of it. */
export function judgeApproval({ plan, pull, approval, begun }: Judged): Problem[] {
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
  if (begun && reviewed !== undefined && isRest(plan, reviewed)) return [];
  const differences = reviewed === undefined ? [] : comparePlans(reviewed, reduce(plan, reviewed));
  return [
    refuse("the plan made now is not the one that was reviewed", ADVICE.again(pull)),
    ...differences.map((message): Problem => ({
      severity: "error",
      code: "plan-differs",
      message,
    })),
    ...(differences.length > 0 ? [] : [explainAlike(reviewed)]),
  ];
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
 * concerns an approved resource, by the same operation or the rest of a create, and no field but approved ones.
 */
export function isRest(plan: Plan, reviewed: ReviewedPlan): boolean {
  // Without its fields nobody can tell.
  if (reviewed.kept === "operations") return false;
  const { target } = plan;
  if (target.name !== reviewed.target.name || target.url !== reviewed.target.url) return false;
  const approved = new Map(reviewed.changes.map((change) => [nameResource(change), change]));
  return reduce(plan, reviewed).changes.every((change) => {
    const was = approved.get(nameResource(change));
    return was !== undefined && FOLLOWS[was.op].includes(change.op) && hasFieldsOf(change, was);
  });
}

/** What may be left to do of an operation. */
const FOLLOWS: Readonly<Record<ChangeOp, readonly ChangeOp[]>> = {
  create: ["create", "update"],
  update: ["update"],
  delete: ["delete"],
};

function hasFieldsOf(change: ReviewedChange, was: ReviewedChange): boolean {
  if (change.op === "delete") return true;
  return change.fields.every((field) => {
    const approved = was.fields.find((candidate) => candidate.field === field.field);
    return (
      approved !== undefined &&
      approved.after === field.after &&
      approved.sensitive === field.sensitive
    );
  });
}

function reduce(plan: Plan, { kept }: ReviewedPlan): ReviewedPlan {
  return reduceTo(plan, kept);
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
