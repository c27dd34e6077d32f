import path from "node:path";
import { comparePlans } from "../../domain/plan/compare-plans.ts";
import { digestsMatch } from "../../domain/plan/digest.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import { ProblemError, type Problem } from "../../domain/problem.ts";
import { loadPlan, savePlan, type PlanReceipt } from "../../store/plan-file.ts";

export type { PlanReceipt } from "../../store/plan-file.ts";

/** Saves a plan as JSON, all or nothing. `text` is the rendered plan. Throws ProblemError. */
export async function writePlanFile(cwd: string, file: string, text: string): Promise<void> {
  await savePlan(path.resolve(cwd, file), text);
}

/** The reviewed plan in a file. Throws ProblemError where it is none. */
export async function readPlanFile(cwd: string, file: string): Promise<PlanReceipt> {
  return loadPlan(path.resolve(cwd, file));
}

/** Throws ProblemError, saying how they differ, unless the plan made now does just what the reviewed one said. */
export function expectReviewed(reviewed: PlanReceipt, current: Plan): void {
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
  throw new ProblemError([
    {
      severity: "error",
      code: "plan-stale",
      message: "the plan made now is not the one that was reviewed, so nothing was applied",
      hint: "plan again, review that, and apply it; where plan and apply use different API clients, set CALLFORM_DIGEST_KEY for both",
    },
    ...problems,
  ]);
}
