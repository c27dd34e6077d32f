import type { DesiredResource, LiveResource } from "../../domain/resource.ts";
import { reveal } from "../../domain/secret.ts";
import {
  compareIds,
  planWrites,
  PLAN_FORMAT,
  summarize,
  type Plan,
  type Snapshot,
} from "../../domain/plan/plan.ts";
import { planRemovals } from "../../domain/plan/removal.ts";
import type { Problem } from "../../domain/problem.ts";
import { kinds } from "../../kinds/index.ts";
import { loadBase } from "../project/base.ts";
import { isNarrowing, matchesFilter } from "../settings/filter.ts";
import { loadResources } from "../project/manifests.ts";
import { nameTarget, type Settings } from "../settings/resolve.ts";

export interface OfflineRequest {
  /** One of its targets is looked at, or the manifests as they are where it names none. */
  readonly settings: Settings;
  readonly ref: string;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

/**
 * What changes between the manifests at a commit and those in the folder, as a plan without a digest: no PBX is asked, and
 * references to the environment and to secrets stay as they are written. Throws ProblemError when either cannot be read.
 */
export async function diffOffline(
  request: OfflineRequest,
): Promise<{ plan: Plan; problems: readonly Problem[] }> {
  const { settings, ref, signal, onProgress } = request;
  const { project, env, target, filter } = settings;
  const loaded = await loadResources(settings, false, signal);
  const base = await loadBase({
    root: project.root,
    ref,
    target: target?.name,
    env,
    onProgress,
    signal,
    offline: true,
  });
  const snapshot: Snapshot = new Map(
    [...base.resources].map(([name, resource]) => [name, pretendLive(resource)]),
  );
  const selected = loaded.resources.filter((item) => matchesFilter(filter, item, item.labels));
  const { deletes } = planRemovals({
    kinds,
    desired: loaded.resources,
    snapshot,
    base: base.resources,
    prune: "removed",
    selects: (id, labels) => matchesFilter(filter, id, labels),
  });
  const writes = planWrites(kinds, selected, snapshot);
  const changes = [...writes, ...deletes].map(({ change }) => change).toSorted(compareIds);
  const plan: Plan = {
    formatVersion: PLAN_FORMAT,
    target: { name: nameTarget(settings), url: "" },
    partial: isNarrowing(filter),
    summary: summarize(changes, selected.length),
    changes,
    unmanaged: [],
    problems: [],
    digest: "",
  };
  return { plan, problems: loaded.problems };
}

/** The manifest as if a PBX had just what it says. */
function pretendLive({ kind, key, fields }: DesiredResource): LiveResource {
  const values = Object.entries(fields).map(([name, value]) => [name, reveal(value)] as const);
  return { kind, key, id: 0, fields: Object.fromEntries(values), status: {} };
}
