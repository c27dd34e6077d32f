import { findKind, type PlannedWrite, type Snapshot, type Unsettled } from "../plan.ts";
import type { Kind } from "../../ports.ts";
import { nameResource, type DesiredResource, type LiveResource } from "../../resource.ts";

/** An {@link Unsettled} with both sides it came from: what apply waits for or reports. */
export interface Standing {
  readonly kind: Kind;
  readonly desired: DesiredResource;
  readonly live: LiveResource;
  readonly state: Unsettled["state"];
  /** That nothing runs there keeps nothing else from being done. */
  readonly tolerated?: true;
}

export interface StandingInput {
  readonly kinds: readonly Kind[];
  /** What the plan is about. */
  readonly desired: readonly DesiredResource[];
  readonly snapshot: Snapshot;
  readonly writes: readonly PlannedWrite[];
  /** Keys where nothing need run. */
  readonly allowUnhealthy: readonly string[];
  /** True for what is known to wait for a verdict although one reading cannot show it. */
  readonly awaits: (kind: Kind, live: LiveResource) => boolean;
}

/** Every resource whose text stays as it is and does not run, or not yet. */
export function findStandings(input: StandingInput): Standing[] {
  const { kinds, desired, snapshot, writes, awaits, allowUnhealthy } = input;
  const moved = new Set(writes.filter(changesSettled).map(({ change }) => nameResource(change)));
  return desired.flatMap((resource): Standing[] => {
    const live = snapshot.get(nameResource(resource));
    const kind = findKind(kinds, resource.kind);
    if (live === undefined || moved.has(nameResource(resource))) return [];
    if (!managesSettled(kind, resource)) return [];
    const { state, runnable } = kind.health(live);
    const compiling = state === "compiling" || awaits(kind, live);
    if (runnable && !compiling) return [];
    const tolerated = allowUnhealthy.includes(resource.key) ? { tolerated: true as const } : {};
    const standing = compiling ? ("compiling" as const) : ("refused" as const);
    return [{ kind, desired: resource, live, state: standing, ...tolerated }];
  });
}

/** True when the write sends the text that the PBX has to judge. */
export function changesSettled({ kind, change }: PlannedWrite): boolean {
  return change.fields.some(({ field }) => field === kind.settle?.field);
}

/** True when the manifest says what that text is to be, now as well as at creation. */
export function managesSettled(kind: Kind, { fields, lifecycle }: DesiredResource): boolean {
  const field = kind.settle?.field;
  return field !== undefined && fields[field] !== undefined && !lifecycle.ignore.includes(field);
}
