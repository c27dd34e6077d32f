import { findKind, type BaseResources, type PlannedDelete, type Snapshot } from "./plan.ts";
import type { Kind } from "../ports.ts";
import type { Problem } from "../problem.ts";
import { findGone, findPredecessors, type Renumbered } from "./removal.ts";
import { nameResource, type DesiredResource } from "../resource.ts";

export interface SuccessorInput {
  readonly kinds: readonly Kind[];
  readonly desired: readonly DesiredResource[];
  readonly snapshot: Snapshot;
  readonly base: BaseResources | undefined;
  readonly work: Renumbered;
  /** Names of resources whose verdict apply waits for. */
  readonly awaited: ReadonlySet<string>;
  /** Keys that are spared this judgement. */
  readonly allowUnhealthy: readonly string[];
}

/**
 * Judges deletes of numbers whose successor is on the PBX with nothing that runs and is not to be written: a run that was cut off, or
 * `--keep-failed`, left it so, and only the old number still answers calls. Such a delete is held back with the reason; where the
 * successor is being compiled right now, the delete waits for the verdict.
 */
export function holdSucceeded(input: SuccessorInput): readonly PlannedDelete[] {
  const { kinds, desired, snapshot, base, work, awaited, allowUnhealthy } = input;
  if (base === undefined) return work.deletes;
  const written = new Set(work.writes.map(({ change }) => nameResource(change)));
  const silent = desired.flatMap((resource) => {
    const name = nameResource(resource);
    const live = snapshot.get(name);
    const kind = findKind(kinds, resource.kind);
    if (live === undefined || base.has(name) || written.has(name)) return [];
    const { runnable, reason } = kind.health(live);
    const spared = runnable || allowUnhealthy.includes(resource.key);
    return spared ? [] : [{ kind, desired: resource, reason }];
  });
  const doomed = new Set(
    work.deletes
      .filter(({ successor }) => successor === undefined)
      .map(({ change }) => nameResource(change)),
  );
  const gone = findGone(desired, base).filter((resource) => doomed.has(nameResource(resource)));
  const successors = new Map(
    [...findPredecessors(silent, gone)].map(([newcomer, old]) => [nameResource(old), newcomer]),
  );
  return work.deletes.map((item): PlannedDelete => {
    const newcomer = successors.get(nameResource(item.change));
    if (newcomer === undefined) return item;
    const { desired: successor, reason } = newcomer;
    return awaited.has(nameResource(successor))
      ? { ...item, successor: { kind: successor.kind, key: successor.key } }
      : { ...item, held: explainSuccessor(item, successor, reason) };
  });
}

function explainSuccessor(
  { change }: PlannedDelete,
  { key, at }: DesiredResource,
  reason: string,
): Problem {
  return {
    severity: "error",
    code: "guard-successor",
    message: `the plan deletes ${change.key}, which ${key} takes the place of, and ${key} has ${reason}; apply leaves ${change.key} as it is`,
    hint: `give ${key} a script that compiles, or run this once with --allow-unhealthy ${key}`,
    at,
    subject: nameResource(change),
  };
}
