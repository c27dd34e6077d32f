import { diffResource } from "../domain/plan/diff.ts";
import { compareIds, findKind, type Snapshot } from "../domain/plan/plan.ts";
import type { Kind } from "../domain/ports.ts";
import type { Problem } from "../domain/problem.ts";
import {
  nameResource,
  type DesiredResource,
  type LiveResource,
  type ResourceId,
} from "../domain/resource.ts";

export interface PullRequest {
  readonly kinds: readonly Kind[];
  /** Every resource of the manifests, as the target sees them. */
  readonly resources: readonly DesiredResource[];
  /** Names of resources that have a manifest which is not for this target. */
  readonly elsewhere: ReadonlySet<string>;
  readonly snapshot: Snapshot;
  readonly selects: (id: ResourceId, labels: Readonly<Record<string, string>>) => boolean;
  /** Keys that somebody named, each of which must exist. */
  readonly named: readonly string[];
  /** False leaves text fields alone. */
  readonly texts: boolean;
}

/** A manifest that says something else than the PBX, and in which fields. */
export interface Outdated {
  readonly desired: DesiredResource;
  readonly live: LiveResource;
  readonly fields: readonly string[];
}

/** What manifests lack that the PBX has. Every list is in the order of kinds and keys. */
export interface PullPlan {
  /** Without a manifest. */
  readonly creates: readonly LiveResource[];
  readonly updates: readonly Outdated[];
  readonly unchanged: readonly DesiredResource[];
  /** With a manifest, and not on the PBX. */
  readonly gone: readonly DesiredResource[];
  readonly problems: readonly Problem[];
}

/** Compares manifests with the PBX as a plan does, in the other direction. */
export function planPull(request: PullRequest): PullPlan {
  const { kinds, resources, elsewhere, snapshot, selects, texts } = request;
  const described = new Set(resources.map(nameResource));
  const selected = resources
    .filter((resource) => selects(resource, resource.labels))
    .toSorted(compareIds);
  const updates: Outdated[] = [];
  const unchanged: DesiredResource[] = [];
  for (const desired of selected) {
    const live = snapshot.get(nameResource(desired));
    if (live === undefined) continue;
    const kind = findKind(kinds, desired.kind);
    const left = texts ? [] : Object.values(kind.fileFields);
    const fields = diffResource(kind, desired, live)
      .map(({ field }) => field)
      .filter((field) => !left.includes(field));
    if (fields.length === 0) unchanged.push(desired);
    else updates.push({ desired, live, fields });
  }
  const unknown = [...snapshot.values()].filter(
    (live) =>
      !described.has(nameResource(live)) && !elsewhere.has(nameResource(live)) && selects(live, {}),
  );
  return {
    creates: unknown.toSorted(compareIds),
    updates,
    unchanged,
    gone: selected.filter((desired) => !snapshot.has(nameResource(desired))),
    problems: judgeNames(request),
  };
}

function judgeNames({ named, resources, snapshot, elsewhere }: PullRequest): Problem[] {
  const known = new Set([...resources, ...snapshot.values()].map(({ key }) => key));
  const left = (key: string): boolean => [...elsewhere].some((name) => name.endsWith(` ${key}`));
  return named
    .filter((key) => !known.has(key) && !left(key))
    .map((key) => ({
      severity: "error",
      code: "pull-unknown-number",
      message: `neither the PBX nor a manifest has ${key}`,
      hint: "check the numbers, --only and --exclude",
    }));
}
