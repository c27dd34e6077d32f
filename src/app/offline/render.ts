import { compareIds } from "../../domain/plan/plan.ts";
import {
  failure,
  hasErrors,
  ProblemError,
  sortProblems,
  type Problem,
} from "../../domain/problem.ts";
import type { RenderedManifest } from "../../domain/rendition.ts";
import { loadProject, type TargetConfig } from "../../manifest/project/load.ts";
import { judgeFilter, matchesFilter } from "../settings/filter.ts";
import { viewManifests } from "../project/manifests.ts";
import type { Settings } from "../settings/resolve.ts";

export interface TargetRendition {
  /** Undefined where the project names no target. */
  readonly target: string | undefined;
  /** By kind and key. */
  readonly manifests: readonly RenderedManifest[];
  /** Warnings. */
  readonly problems: readonly Problem[];
}

/**
 * The manifests of one target as it sees them, without a PBX and without secrets. Throws ProblemError when the target is in
 * doubt, a manifest has an error, or a variable or environment variable in them is not set.
 */
export async function renderTarget(
  settings: Settings,
  signal: AbortSignal,
): Promise<TargetRendition> {
  const target = await resolveTarget(settings);
  const { filter } = settings;
  const options = { secrets: false, environment: true, rendering: true, signal };
  const loaded = await viewManifests(settings, target, options);
  const slips = hasErrors(loaded.problems) ? [] : judgeFilter(filter, loaded.resources);
  const problems = sortProblems([...settings.problems, ...loaded.problems, ...slips]);
  if (hasErrors(problems)) throw new ProblemError(problems);
  return {
    target: target?.name,
    manifests: loaded.renditions
      .filter((manifest) => matchesFilter(filter, manifest, manifest.labels))
      .toSorted(compareIds),
    problems,
  };
}

/** The one target with its variables resolved. Its address and client need not be known for this. */
async function resolveTarget({
  project,
  targets,
  env,
  cwd,
}: Settings): Promise<TargetConfig | undefined> {
  const [chosen, another] = targets;
  if (chosen === undefined) return undefined;
  if (another !== undefined)
    throw failure("target-missing", `${targets.length} targets are rendered one at a time`, {
      hint: `say which with --target NAME: ${targets.map(({ name }) => name).join(", ")}`,
    });
  const options = { env, cwd, resolve: [chosen.name], only: "variables" };
  const { project: resolved, problems } = await loadProject(project.root, options);
  if (resolved === undefined || hasErrors(problems)) throw new ProblemError(problems);
  return resolved.targets.find(({ name }) => name === chosen.name);
}
