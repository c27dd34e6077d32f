import { describeDeletion, toJsonPatch } from "./diff.ts";
import {
  compareIds,
  findKind,
  titleOf,
  type BaseResources,
  type PlannedDelete,
  type PlannedWrite,
  type Snapshot,
  type Unmanaged,
} from "./plan.ts";
import type { Kind } from "../ports.ts";
import {
  nameResource,
  type DesiredResource,
  type LiveResource,
  type ResourceId,
} from "../resource.ts";
import { Secret } from "../secret.ts";

/** `never`: nothing · `removed`: what Git had at the base and has no longer · `all`: all that Git does not have. */
export type Prune = "never" | "removed" | "all";

export interface RemovalInput {
  readonly kinds: readonly Kind[];
  /** Every resource of the manifests, also those that flags leave out of the plan. */
  readonly desired: readonly DesiredResource[];
  readonly snapshot: Snapshot;
  readonly base: BaseResources | undefined;
  readonly prune: Prune;
  /** False for what flags leave out of the plan. */
  readonly selects: (id: ResourceId, labels: Readonly<Record<string, string>>) => boolean;
}

export interface Removals {
  readonly deletes: readonly PlannedDelete[];
  readonly unmanaged: readonly Unmanaged[];
}

/** Live resources that no manifest names: which are to be deleted, and which are left alone. */
export function planRemovals(input: RemovalInput): Removals {
  const { kinds, snapshot, base, prune } = input;
  const ours = new Set(input.desired.map(nameResource));
  const deletes: PlannedDelete[] = [];
  const unmanaged: Unmanaged[] = [];
  for (const live of [...snapshot.values()].toSorted(compareIds)) {
    const name = nameResource(live);
    if (ours.has(name)) continue;
    const was = base?.get(name);
    const doomed = prune === "all" || (prune === "removed" && was !== undefined);
    const kind = findKind(kinds, live.kind);
    if (doomed && kind.scope !== "named" && input.selects(live, was?.labels ?? {}))
      deletes.push(planDelete(kind, live, was));
    else
      unmanaged.push({
        kind: live.kind,
        key: live.key,
        ...findTitle(kind, live, was),
        ...(was === undefined ? {} : { released: true as const }),
      });
  }
  return { deletes, unmanaged };
}

function planDelete(
  kind: Kind,
  live: LiveResource,
  was: DesiredResource | undefined,
): PlannedDelete {
  const fields = describeDeletion(kind, live, was);
  const change = {
    op: "delete" as const,
    kind: live.kind,
    key: live.key,
    ...findTitle(kind, live, was),
    fields,
    patch: toJsonPatch(fields),
  };
  return { kind, change, live };
}

function findTitle(
  kind: Kind,
  live: LiveResource,
  was: DesiredResource | undefined,
): { title?: string } {
  return was?.fields[kind.titleField] instanceof Secret ? {} : titleOf(kind, live.fields);
}

export interface Renumbered {
  readonly writes: readonly PlannedWrite[];
  readonly deletes: readonly PlannedDelete[];
}

/**
 * Finds creates whose manifest had another number at the base: the old number is gone from Git, and had the same title or
 * else stood in the same file. The create says so, and a delete of the old one waits for it.
 */
export function linkRenumberings(
  writes: readonly PlannedWrite[],
  deletes: readonly PlannedDelete[],
  desired: readonly DesiredResource[],
  base: BaseResources | undefined,
): Renumbered {
  if (base === undefined) return { writes, deletes };
  const gone = findGone(desired, base);
  // Updates too, after the creates: a run that was cut off may have created it.
  const newcomers = (["create", "update"] as const).flatMap((op) =>
    writes.filter(({ change }) => change.op === op && !base.has(nameResource(change))),
  );
  const olds = findPredecessors(newcomers, gone);
  const successors = new Map(
    [...olds].map(([{ change }, old]) => [nameResource(old), change] as const),
  );
  return {
    writes: writes.map((write): PlannedWrite => {
      const old = olds.get(write);
      return old === undefined || write.change.op !== "create"
        ? write
        : { ...write, change: { ...write.change, renumbers: old.key } };
    }),
    deletes: deletes.map((item) => {
      const successor = successors.get(nameResource(item.change));
      if (successor === undefined) return item;
      return { ...item, successor: { kind: successor.kind, key: successor.key } };
    }),
  };
}

/** Manifests of the base that Git no longer has, in the order of their ids: of two alike the first is taken. */
export function findGone(
  desired: readonly DesiredResource[],
  base: BaseResources,
): DesiredResource[] {
  const now = new Set(desired.map(nameResource));
  return [...base.values()]
    .filter((resource) => !now.has(nameResource(resource)))
    .toSorted(compareIds);
}

/** A manifest that is new since the base. */
export interface Newcomer {
  readonly kind: Kind;
  readonly desired: DesiredResource;
}

/** Which manifest that is gone each newcomer continues. Titles first, of all of them: several manifests in one file share their place. */
export function findPredecessors<T extends Newcomer>(
  newcomers: readonly T[],
  gone: readonly DesiredResource[],
): Map<T, DesiredResource> {
  const found = new Map<T, DesiredResource>();
  const free = new Set(gone);
  for (const isSame of [hasSameTitle, hasSameFile])
    for (const newcomer of newcomers) {
      if (found.has(newcomer)) continue;
      const old = [...free].find(
        (resource) => resource.kind === newcomer.kind.name && isSame(resource, newcomer),
      );
      if (old === undefined) continue;
      found.set(newcomer, old);
      free.delete(old);
    }
  return found;
}

function hasSameTitle(old: DesiredResource, { kind, desired }: Newcomer): boolean {
  const title = old.fields[kind.titleField];
  return typeof title === "string" && title === desired.fields[kind.titleField];
}

function hasSameFile(old: DesiredResource, { desired }: Newcomer): boolean {
  return old.at.file === desired.at.file;
}
