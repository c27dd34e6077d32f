import { findKind, type BaseResources, type Snapshot } from "./plan.ts";
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
  /** Keys that are spared this judgement. */
  readonly allowUnhealthy: readonly string[];
}

/**
 * Refuses deletes of numbers whose successor is on the PBX with nothing that runs and is not to be written: a run that was
 * cut off, or `--keep-failed`, left it so, and only the old number still answers calls.
 */
export function judgeSuccessors(input: SuccessorInput): Problem[] {
  const { kinds, desired, snapshot, base, work, allowUnhealthy } = input;
  if (base === undefined) return [];
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
  return [...findPredecessors(silent, gone)].map(
    ([
      {
        desired: { key, at },
        reason,
      },
      old,
    ]) => ({
      severity: "error",
      code: "guard-successor",
      message: `the plan deletes ${old.key}, which ${key} takes the place of, and ${key} has ${reason}`,
      hint: `give ${key} a script that compiles, or run this once with --allow-unhealthy ${key}`,
      at,
      subject: nameResource(old),
    }),
  );
}
