import { hasChanges, hasWork, type Plan } from "../../domain/plan/plan.ts";
import type { Problem } from "../../domain/problem.ts";
import { findApprovals, type Approval, type MergedPull } from "./approval.ts";
import type { Check } from "../github/checks.ts";
import { openDeployment, setDeployment, type Attempt } from "../github/deployments.ts";
import type { Destination } from "../job/destination.ts";
import type { Job } from "../job/job.ts";
import { judgeApproval } from "./judge-approval.ts";
import { judgeOrder, refuseOrder, type Order } from "./order.ts";
import { judgeReview } from "./judge-review.ts";
import type { Made } from "./reviewed-plan.ts";
import type { Seals } from "../../domain/review/seals.ts";

export interface GateRequest {
  /** What the target is called on GitHub. */
  readonly scope: string;
  readonly plan: Plan;
  readonly seals: Seals;
  readonly destination: Destination;
  /** False for a plan that must not be applied whoever approved it. */
  readonly sound: boolean;
  readonly commit: string;
  readonly pull: MergedPull | undefined;
  readonly check: Check | undefined;
  /** The target's deployments, as they were before the plan was made. */
  readonly attempts: readonly Attempt[];
}

export interface Passed {
  /** Undefined where nothing is to be recorded: the plan was refused, or its commit is at the PBX already. */
  readonly deploymentId: number | undefined;
  /** Why the plan may not be applied; empty when it may. */
  readonly refused: readonly Problem[];
  readonly order: Order;
  /** The commit was applied before, to the end: what was said of that stays. */
  readonly repeated: boolean;
  /** The run that made the plan which was reviewed, where that is known. */
  readonly made: Made | undefined;
}

/**
 * Decides whether the plan may be applied, and records a deployment before anything is written to the PBX. A plan without
 * changes needs nobody's approval, and a commit that is older than what the PBX is at records nothing. Throws ProblemError when
 * GitHub does not answer.
 */
export async function passGate(job: Job, request: GateRequest): Promise<Passed> {
  const { scope, plan, sound, commit, pull, attempts, seals, destination } = request;
  const asked = sound && hasChanges(plan) && job.inputs.requireApprovedPlan;
  const approvals = asked && pull !== undefined ? await readApprovals(job, request, pull) : [];
  const approval = choose(approvals, plan, attempts, commit);
  const digest = approval?.digest ?? plan.digest;
  const order = await judgeOrder(job, commit, attempts, digest);
  const late = hasChanges(plan) ? refuseOrder(order, job.inputs.requireApprovedPlan) : [];
  const begun = attempts.some(
    ({ sha, succeeded, payload }) => sha === commit && !succeeded && payload.digest === digest,
  );
  const unapproved = asked ? judgeApproval({ plan, pull, approval, begun, seals }) : [];
  const unread =
    unapproved.length === 0 && asked && pull !== undefined
      ? await judgeReview(job, pull, approval?.reviewed)
      : [];
  const refused = late.length > 0 ? late : [...unapproved, ...unread];
  const made = approval?.reviewed?.made;
  const over = order.is === "superseded" || (order.is === "done" && !hasWork(plan));
  const repeated =
    hasChanges(plan) && attempts.some(({ sha, succeeded }) => sha === commit && succeeded);
  if (!sound || refused.length > 0 || over)
    return { deploymentId: undefined, refused, order, repeated, made };
  const deploymentId = await openDeployment(job, commit, {
    v: 1,
    target: scope,
    digest,
    approved: true,
    partial: plan.partial,
    destination,
  });
  await setDeployment(job, deploymentId, "in_progress", "Callform is at work.");
  return { deploymentId, refused, order, repeated: false, made };
}

/** The approval of this very plan; or the one that an apply of the commit has begun with; or what was reviewed. */
function choose(
  approvals: readonly Approval[],
  plan: Plan,
  attempts: readonly Attempt[],
  commit: string,
): Approval | undefined {
  const begun = attempts.filter(({ sha, succeeded }) => sha === commit && !succeeded);
  return (
    approvals.find(({ digest }) => digest === plan.digest) ??
    approvals.find(({ digest }) => begun.some(({ payload }) => payload.digest === digest)) ??
    approvals.find(({ digest }) => digest !== undefined) ??
    approvals[0]
  );
}

/** What was reviewed in the pull request for the target, and what its merge queue's group was planned as. */
export async function readApprovals(
  job: Job,
  { scope, check, commit }: Pick<GateRequest, "scope" | "check" | "commit">,
  pull: MergedPull,
): Promise<readonly Approval[]> {
  if (check !== undefined) return findApprovals(job, scope, pull, commit, check);
  return [
    {
      lacks:
        "the token may not read check runs (add `checks: write` below `permissions:` of the job)",
    },
  ];
}
