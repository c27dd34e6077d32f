import { resolveTargets, UNNAMED_TARGET } from "../../app/settings/resolve.ts";
import { attempt } from "./attempt.ts";
import type { Job } from "./job.ts";
import { makeFlags } from "./targets.ts";

/** What a target may well be called; a slip must not become the name of a check run. */
const NAME = /^[A-Za-z0-9][\w.-]{0,99}$/;

/**
 * The targets that a run was to be about whose project cannot be read, so that each of them is told: those that the input names, or
 * that the project file has where it is no more than a value that is missing, or `known` from elsewhere.
 */
export async function guessTargets(
  job: Job,
  known: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const named = (job.inputs.targets ?? []).filter((name) => NAME.test(name));
  if (named.length > 0) return named;
  const { target: _all, ...flags } = makeFlags(job);
  const read = await attempt(job.stop, () => resolveTargets(flags, job.surroundings));
  const names = read.value?.map(({ name }) => name) ?? [];
  if (names.length > 0) return names;
  const told = (await attempt(job.stop, known)).value ?? [];
  return told.length > 0 ? told : [UNNAMED_TARGET];
}
