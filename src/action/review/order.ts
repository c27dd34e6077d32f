import type { Problem } from "../../domain/problem.ts";
import { isContained } from "../github/compare.ts";
import type { Attempt } from "../github/deployments.ts";
import type { Job } from "../job/job.ts";

/** How a commit stands to what its target has been brought to. */
export type Order =
  /** Nothing newer was applied, and it has not been applied whole. */
  | { readonly is: "next" }
  /** It was applied before, to the end. */
  | { readonly is: "done"; readonly by: Attempt }
  /** A newer commit, which contains it, was applied, or its apply has begun. */
  | { readonly is: "superseded"; readonly by: Attempt };

/** Of attempts that did not succeed the newest so many commits are looked at. */
const MAX_BEGUN = 5;

/**
 * Compares a commit with the deployments of its target, in the order of the history and not of time: an old run may be run
 * again at any time. Throws ProblemError when GitHub does not answer.
 */
export async function judgeOrder(
  job: Job,
  commit: string,
  attempts: readonly Attempt[],
  digest: string,
): Promise<Order> {
  for (const attempt of pickNewest(attempts, commit))
    if ((await isContained(job, commit, attempt.sha)) === true)
      return { is: "superseded", by: attempt };
  // A part of the manifests may be applied before another part of the same commit.
  const by = attempts.find(
    ({ sha, succeeded, payload }) =>
      sha === commit && succeeded && (!payload.partial || payload.digest === digest),
  );
  return by === undefined ? { is: "next" } : { is: "done", by };
}

/** One attempt for each other commit: all that succeeded, and the newest of those that did not. */
function pickNewest(attempts: readonly Attempt[], commit: string): Attempt[] {
  const bySha = new Map<string, Attempt>();
  for (const attempt of attempts.toSorted((a, b) => Number(b.succeeded) - Number(a.succeeded)))
    if (attempt.sha !== commit && !bySha.has(attempt.sha)) bySha.set(attempt.sha, attempt);
  const all = [...bySha.values()];
  return [
    ...all.filter(({ succeeded }) => succeeded),
    ...all.filter(({ succeeded }) => !succeeded).slice(0, MAX_BEGUN),
  ];
}

/** Why a plan with changes is not applied at a commit that is no longer, or not any more, to be applied; empty where it may be. */
export function refuseOrder(order: Order, reviewed: boolean): Problem[] {
  if (order.is === "next") return [];
  const { sha, succeeded } = order.by;
  const short = sha.slice(0, 12);
  if (order.is === "done")
    return reviewed
      ? [
          {
            severity: "error",
            code: "approval-used",
            message:
              "this commit was applied before, and the PBX was changed since; what was approved is applied once, so nothing was applied",
            hint: "open a pull request (an empty commit will do): its plan shows what was changed by hand, and merging it puts that back",
          },
        ]
      : [];
  return [
    {
      severity: "error",
      code: "superseded",
      message: succeeded
        ? `the PBX is at ${short}, a newer commit that contains this one: an old commit is not applied over it, and nothing was applied`
        : `the newer commit ${short}, which contains this one, is being applied or was not applied to its end; nothing was applied`,
      hint: succeeded
        ? "to go back, revert the change with a pull request, whose plan shows what that does"
        : `run the apply job of ${short} again: it has left to do what is left of this commit, too`,
    },
  ];
}
