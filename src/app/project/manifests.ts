import { hasErrors, ProblemError, sortProblems, type Problem } from "../../domain/problem.ts";
import { nameResource, type DesiredResource } from "../../domain/resource.ts";
import { keepsTracked } from "../../git/tracked.ts";
import { embeddings } from "./embeddings.ts";
import { kinds } from "../../kinds/index.ts";
import { JOURNAL_FOLDER } from "../../manifest/files/journal.ts";
import { refuseTracked } from "../../manifest/files/read-journal.ts";
import { loadManifests, type LoadResult } from "../../manifest/load.ts";
import type { TargetConfig } from "../../manifest/project/load.ts";
import { listOwnCredentials } from "../settings/own-credentials.ts";
import type { Settings } from "../settings/resolve.ts";

export interface Loaded {
  readonly resources: readonly DesiredResource[];
  readonly secrets: LoadResult["secrets"];
  /** Warnings. */
  readonly problems: readonly Problem[];
}

/**
 * The manifests as one target sees them. Throws ProblemError when any of them has an error: what cannot be read must not
 * pass for what is not there. `secrets`: whether `${secret:}` references are resolved. `onResource` is told each as soon as it is read.
 */
export async function loadResources(
  settings: Settings,
  secrets: boolean,
  signal: AbortSignal,
  onResource?: (resource: DesiredResource) => void,
): Promise<Loaded> {
  const telling = onResource === undefined ? {} : { onResource };
  const loaded = await viewManifests(settings, settings.target, { secrets, signal, ...telling });
  const mayBeEmpty = settings.allowEmpty && settings.paths.length === 0;
  const found = loaded.problems.filter(({ code }) => code !== "no-manifests" || !mayBeEmpty);
  const problems = sortProblems([...settings.problems, ...found]);
  if (hasErrors(problems)) throw new ProblemError(problems);
  // Not resolved, they are still what a PBX's words may repeat.
  const known = secrets
    ? loaded
    : await viewManifests(settings, settings.target, { secrets: true, signal });
  return { resources: loaded.resources, secrets: known.secrets, problems };
}

/** Names of what the manifests describe before the target's overlays, which may drop some; empty without overlays. */
export async function listDescribed(
  settings: Settings,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const { target } = settings;
  if (target === undefined || target.overlays.length === 0) return new Set();
  const { resources } = await viewManifests(
    settings,
    { ...target, overlays: [] },
    { secrets: false, signal },
  );
  return new Set(resources.map(nameResource));
}

interface ViewOptions {
  /** Whether `${secret:}` references are resolved. */
  readonly secrets: boolean;
  /** Whether `${env:}` references are, too; as `secrets` without it. */
  readonly environment?: boolean;
  /** Whether `renditions` are wanted. */
  readonly rendering?: boolean;
  readonly signal: AbortSignal;
  /** Told each resource as soon as it is read. */
  readonly onResource?: (resource: DesiredResource) => void;
}

/** The manifests as a target sees them, with every problem; throws only the reason of the signal. */
export async function viewManifests(
  settings: Settings,
  target: TargetConfig | undefined,
  { secrets, environment = secrets, ...options }: ViewOptions,
): Promise<LoadResult> {
  const { project, paths, cwd, env } = settings;
  const loaded = await loadManifests({
    root: project.root,
    patterns: project.manifests,
    ...(paths.length === 0 ? {} : { paths }),
    cwd,
    kinds,
    embeddings,
    variables: target?.variables ?? {},
    overlays: target?.overlays,
    own: listOwnCredentials(project.targets, env),
    ...(secrets ? { secrets: env } : {}),
    ...(environment ? { env } : {}),
    ...options,
  });
  const problems = await judgeInterrupted(loaded.problems, project.root, options.signal);
  return { ...loaded, problems };
}

/** A journal that came with the repository tells of no pull, and another pull is not what helps. */
async function judgeInterrupted(
  problems: readonly Problem[],
  root: string,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const stopped = problems.find(({ code }) => code === "pull-interrupted");
  if (stopped === undefined) return problems;
  const tracked = await keepsTracked(root, JOURNAL_FOLDER, signal);
  return tracked === true ? [{ ...stopped, ...refuseTracked() }] : problems;
}
