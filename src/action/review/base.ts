import { nameTarget, type Settings } from "../../app/settings/resolve.ts";
import { ProblemError, type Problem } from "../../domain/problem.ts";
import { attempt } from "../job/attempt.ts";
import {
  findLastSuccess,
  findNewest,
  nameEnvironment,
  type Attempt,
} from "../github/deployments.ts";
import { PERMISSION_CODE } from "../github-api/failure.ts";
import type { Job } from "../job/job.ts";
import { nameScope } from "../job/scope.ts";

/** What is compared with besides the PBX, and what a reader must know about it. */
interface Based {
  readonly settings: Settings;
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

/** Codes of a commit that the repository no longer has. */
const GONE = new Set(["unknown-ref", "shallow-clone"]);

const TWO_WAY =
  "the plan compares Git with the PBX alone and cannot tell drift from what Git changed";

/**
 * Does the work with the commit that was last applied to the target as base: the input `base`, or that of the last deployment
 * that succeeded. Without one, and where that commit is gone after a force push, the work is done without a base. `attempts` are
 * the target's deployments, where they have been read already.
 */
export async function withBase<T>(
  job: Job,
  chosen: Settings,
  work: (based: Based) => Promise<T>,
  attempts?: readonly Attempt[],
): Promise<T> {
  const { event } = job;
  // The branch that a pull request goes to tells where its credentials belong.
  const settings = event.type === "pull_request" ? { ...chosen, hostBase: event.base } : chosen;
  if (settings.base !== undefined) return work({ settings, notes: [], problems: [] });
  const found = await findBase(job, settings, attempts);
  if (found.settings.base === undefined) return work(found);
  const tried = await attempt(job.stop, () => work(found));
  if (tried.problems === undefined) return tried.value;
  if (!tried.problems.some(({ code }) => GONE.has(code))) throw new ProblemError(tried.problems);
  const sha = found.settings.base;
  const note = `The commit ${sha} that was last deployed is not in this repository any more: ${TWO_WAY}.`;
  const gone: Problem = { severity: "warning", code: "base-gone", message: note };
  return work({ settings, notes: [note], problems: [gone] });
}

async function findBase(
  job: Job,
  settings: Settings,
  attempts: readonly Attempt[] | undefined,
): Promise<Based> {
  const target = nameScope(job, nameTarget(settings));
  const looked = await attempt(job.stop, () =>
    attempts === undefined ? findLastSuccess(job, target) : findNewest(job, attempts),
  );
  if (looked.problems !== undefined) {
    if (!looked.problems.every(({ code }) => code === PERMISSION_CODE))
      throw new ProblemError(looked.problems);
    const problems = looked.problems.map((problem) => ({
      ...problem,
      severity: "warning" as const,
    }));
    return { settings, notes: [`The last deployment may not be read: ${TWO_WAY}.`], problems };
  }
  const base = looked.value?.sha;
  if (base !== undefined) return { settings: { ...settings, base }, notes: [], problems: [] };
  const environment = nameEnvironment(job, target);
  const note = `Callform has recorded no successful deployment of ${environment} yet: ${TWO_WAY}.`;
  return { settings, notes: [note], problems: [] };
}
