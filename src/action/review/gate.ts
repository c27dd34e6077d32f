import { hasChanges, type Plan } from "../../domain/plan/plan.ts";
import type { Problem } from "../../domain/problem.ts";
import { findApproval, type Approval, type MergedPull } from "./approval.ts";
import type { Check } from "../github/checks.ts";
import { listDeployments, openDeployment, setDeployment } from "../github/deployments.ts";
import type { Job } from "../job/job.ts";
import { judgeApproval } from "./judge-approval.ts";

export interface GateRequest {
  readonly plan: Plan;
  /** False for a plan that must not be applied whoever approved it. */
  readonly sound: boolean;
  readonly commit: string;
  readonly pull: MergedPull | undefined;
  readonly check: Check | undefined;
}

export interface Passed {
  readonly deploymentId: number;
  /** Why the plan may not be applied; empty when it may. */
  readonly refused: readonly Problem[];
}

/**
 * Decides whether the plan may be applied, and records a deployment before anything is written to the PBX. A plan without
 * changes needs nobody's approval. Throws ProblemError when GitHub does not answer.
 */
export async function passGate(job: Job, request: GateRequest): Promise<Passed> {
  const { plan, sound, commit, pull } = request;
  const target = plan.target.name;
  const asked = sound && hasChanges(plan) && job.inputs.requireApprovedPlan;
  const approval = asked && pull !== undefined ? await readApproval(job, request, pull) : undefined;
  const digest = approval?.digest ?? plan.digest;
  const before = await listDeployments(job, target, commit);
  const begun = before.some(({ payload }) => payload.approved && payload.digest === digest);
  const refused = asked ? judgeApproval({ plan, pull, approval, begun }) : [];
  const approved = sound && refused.length === 0;
  const deploymentId = await openDeployment(job, commit, {
    v: 1,
    target,
    digest,
    approved,
    partial: plan.partial,
  });
  if (approved) await setDeployment(job, deploymentId, "in_progress", "Callform is at work.");
  return { deploymentId, refused };
}

async function readApproval(
  job: Job,
  { plan, check }: GateRequest,
  pull: MergedPull,
): Promise<Approval> {
  if (check !== undefined) return findApproval(job, plan.target.name, pull, check);
  return {
    lacks:
      "the token may not read check runs (add `checks: write` below `permissions:` of the job)",
  };
}
