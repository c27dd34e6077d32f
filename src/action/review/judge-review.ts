import type { Problem } from "../../domain/problem.ts";
import { findApprovedAt } from "../github/pulls.ts";
import type { Job } from "../job/job.ts";
import type { MergedPull } from "./approval.ts";
import { tellMade } from "./judge-approval.ts";
import type { ReviewedPlan } from "./reviewed-plan.ts";

/**
 * Where the input asks for it: what is missing of somebody's approving review that is newer than the plan, as a plan that was made
 * again may be another one than was looked at. Throws ProblemError when GitHub does not answer.
 */
export async function judgeReview(
  job: Job,
  pull: MergedPull,
  reviewed: ReviewedPlan | undefined,
): Promise<Problem[]> {
  if (!job.inputs.requireReview) return [];
  const made = reviewed?.made;
  const at = await findApprovedAt(job, pull.number);
  if (at !== undefined && made !== undefined && at > Date.parse(made.at)) return [];
  const than =
    made === undefined ? "its plan, whose age is not known" : `its plan ${tellMade(made)}`;
  return [
    {
      severity: "error",
      code: "not-approved",
      message: `pull request #${pull.number} has no approving review that is newer than ${than}; nothing was applied`,
      hint: "review the plan and approve the pull request (also after the merge), then run this job again",
    },
  ];
}
