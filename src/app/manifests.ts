import { hasErrors, ProblemError, sortProblems, type Problem } from "../domain/problem.ts";
import type { DesiredResource } from "../domain/resource.ts";
import { kinds } from "../kinds/index.ts";
import { loadManifests, type LoadResult } from "../manifest/load.ts";
import type { TargetConfig } from "../manifest/project.ts";
import { checkScripts } from "./check-scripts.ts";
import type { Settings } from "./settings.ts";

export interface Validation {
  readonly files: number;
  readonly resources: number;
  readonly problems: readonly Problem[];
}

/** Everything that can be known without a PBX: every target's view of every manifest, and the syntax of every script. */
export async function validateProject(
  settings: Settings,
  signal: AbortSignal,
): Promise<Validation> {
  const { project, target } = settings;
  const targets = target === undefined ? project.targets : [target];
  const views = await Promise.all(
    (targets.length === 0 ? [undefined] : targets).map((view) =>
      load(settings, view, false, signal),
    ),
  );
  const [first] = views;
  const resources = first?.resources ?? [];
  const scripts = await checkScripts(kinds, resources, settings.strict);
  return {
    files: first?.files.length ?? 0,
    resources: resources.length,
    problems: sortProblems(
      dropRepeats([...settings.problems, ...views.flatMap(({ problems }) => problems), ...scripts]),
    ),
  };
}

export interface Loaded {
  readonly resources: readonly DesiredResource[];
  readonly secrets: LoadResult["secrets"];
  /** Warnings. */
  readonly problems: readonly Problem[];
}

/**
 * The manifests as one target sees them. Throws ProblemError when any of them has an error: what cannot be read must not
 * pass for what is not there. `secrets`: whether `${secret:}` references are resolved.
 */
export async function loadResources(
  settings: Settings,
  secrets: boolean,
  signal: AbortSignal,
): Promise<Loaded> {
  const loaded = await load(settings, settings.target, secrets, signal);
  const mayBeEmpty = settings.allowEmpty && settings.paths.length === 0;
  const found = loaded.problems.filter(({ code }) => code !== "no-manifests" || !mayBeEmpty);
  const problems = sortProblems([...settings.problems, ...found]);
  if (hasErrors(problems)) throw new ProblemError(problems);
  // Not resolved, they are still what a PBX's words may repeat.
  const known = secrets ? loaded : await load(settings, settings.target, true, signal);
  return { resources: loaded.resources, secrets: known.secrets, problems };
}

function load(
  settings: Settings,
  target: TargetConfig | undefined,
  secrets: boolean,
  signal: AbortSignal,
): Promise<LoadResult> {
  const { project, paths, cwd, env } = settings;
  return loadManifests({
    root: project.root,
    patterns: project.manifests,
    ...(paths.length === 0 ? {} : { paths }),
    cwd,
    kinds,
    variables: target?.variables ?? {},
    ...(secrets ? { secrets: env } : {}),
    signal,
  });
}

/** Targets see the same files, and most mistakes are the same for all of them. */
function dropRepeats(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
