import { randomUUID } from "node:crypto";
import path from "node:path";
import { comparePlans } from "../../domain/plan/compare-plans.ts";
import { digestsMatch } from "../../domain/plan/digest.ts";
import type { Plan, Target } from "../../domain/plan/plan.ts";
import { isRestOf } from "../../domain/review/rest.ts";
import { loadSeals, saveSeals, type Seals } from "../../domain/review/seals.ts";
import { failure, ProblemError, type Problem } from "../../domain/problem.ts";
import { readApplied, recordApplied, type AppliedPlan } from "../../store/applied-plans.ts";
import { loadPlan, savePlan, type PlanReceipt } from "../../store/plan-file.ts";
import { systemClock } from "../clock.ts";

export type { PlanReceipt } from "../../store/plan-file.ts";

/** A plan in a file that was reviewed, and what was made of it so far. */
export interface SavedPlan {
  readonly receipt: PlanReceipt;
  /** As it was named. */
  readonly file: string;
  readonly folder: string;
  /** An earlier apply of it was begun, and did not come to its end. */
  readonly begun?: AppliedPlan | undefined;
  /** It was applied to its end: the approval is used up. */
  readonly finished?: AppliedPlan | undefined;
}

/** The plan with what tells it from every other, also from one of the same operations: an approval is used once. */
export function stampPlan(plan: Plan, seals: Seals): Plan {
  return { ...plan, id: randomUUID(), savedAt: writeNow(), seals: saveSeals(seals) };
}

/** Saves a plan as JSON, all or nothing. `text` is the rendered plan. Throws ProblemError. */
export async function writePlanFile(cwd: string, file: string, text: string): Promise<void> {
  await savePlan(path.resolve(cwd, file), text);
}

/** The reviewed plan in a file. Throws ProblemError where it is none, or where a newer one was applied to its target since. */
export async function readPlanFile(cwd: string, file: string): Promise<SavedPlan> {
  const place = path.resolve(cwd, file);
  const receipt = await loadPlan(place);
  const folder = path.dirname(place);
  const known = readApplied(folder);
  const own = known.filter(({ id }) => id === identify(receipt));
  const newer = known.findLast((entry) => isNewer(entry, receipt));
  if (newer !== undefined) throw explainNewer(file, newer);
  return {
    receipt,
    file,
    folder,
    begun: own.findLast(({ state }) => state === "begun"),
    finished: own.findLast(({ state }) => state === "finished"),
  };
}

/** Notes beside the plan file that its operations are being carried out, before the first of them. Throws ProblemError. */
export function beginPlan({ receipt, folder, begun }: SavedPlan): void {
  if (begun === undefined) recordApplied(folder, describe(receipt, "begun"));
}

/** Notes that nothing of it is left to do. Throws ProblemError. */
export function finishPlan({ receipt, folder, finished }: SavedPlan): void {
  if (finished === undefined) recordApplied(folder, describe(receipt, "finished"));
}

/**
 * Throws ProblemError, saying how they differ, unless the plan made now does just what the reviewed one said; where that was
 * begun, also when it does the rest of it.
 */
export function expectReviewed({ receipt, begun }: SavedPlan, current: Plan, seals: Seals): void {
  const saved = { ...receipt, seals: loadSeals(receipt.seals) };
  if (begun !== undefined && isRestOf({ ...current, seals }, saved)) return;
  expectSame(receipt, current, begun);
}

/** Throws ProblemError, saying how they differ, unless both plans do the same. */
export function expectSame(reviewed: PlanReceipt, current: Plan, begun?: AppliedPlan): void {
  if (digestsMatch(reviewed.digest, current.digest)) return;
  const differences = comparePlans(reviewed, current);
  if (differences.length === 0)
    differences.push(
      "the operations look alike but their digests differ: the value of a secret has changed, or the plan was made with another API client or digest key",
    );
  const problems = differences.map((difference): Problem => ({
    severity: "error",
    code: "plan-differs",
    message: difference,
  }));
  const what =
    begun === undefined
      ? "the plan made now is not the one that was reviewed"
      : `the plan made now is neither the one that was reviewed nor the rest of it (it was begun at ${begun.at})`;
  throw new ProblemError([
    {
      severity: "error",
      code: "plan-stale",
      message: `${what}, so nothing was applied`,
      hint: "plan again, review that, and apply it; where plan and apply use different API clients, set CALLFORM_DIGEST_KEY for both",
    },
    ...problems,
  ]);
}

/** Throws ProblemError for a plan whose approval is used up. */
export function expectUnused({ file, finished }: SavedPlan): void {
  if (finished === undefined) return;
  throw failure(
    "plan-used",
    `${file} was applied to its end at ${finished.at}, and an approval is used once; nothing was applied`,
    { hint: "plan again, review that, and apply it" },
  );
}

function explainNewer(file: string, { target, at }: AppliedPlan): ProblemError {
  return failure(
    "plan-superseded",
    `a newer plan for ${target.name} than ${file} was applied at ${at}, so its review no longer counts; nothing was applied`,
    { hint: "plan again, review that, and apply it" },
  );
}

function isNewer(entry: AppliedPlan, receipt: PlanReceipt): boolean {
  if (entry.id === identify(receipt) || !isSameTarget(entry.target, receipt.target)) return false;
  const [one, other] = [entry.savedAt, receipt.savedAt].map((text) => Date.parse(text ?? ""));
  return one !== undefined && other !== undefined && one > other;
}

function isSameTarget(a: Target, b: Target): boolean {
  return a.name === b.name && a.url === b.url;
}

/** Plans of earlier versions, and those that were printed and not saved, have nothing but their digest. */
function identify({ id, digest }: PlanReceipt): string {
  return id ?? digest;
}

function describe(receipt: PlanReceipt, state: AppliedPlan["state"]): AppliedPlan {
  const { name, url } = receipt.target;
  const { savedAt } = receipt;
  const saved = savedAt === undefined ? {} : { savedAt };
  return { id: identify(receipt), state, target: { name, url }, ...saved, at: writeNow() };
}

function writeNow(): string {
  return new Date(systemClock.now()).toISOString();
}
