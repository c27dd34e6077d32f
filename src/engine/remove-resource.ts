import { describeMoved, findMoved, refuseMoved } from "../domain/plan/moved.ts";
import type { PlannedDelete } from "../domain/plan/plan.ts";
import type { Entity, Writer } from "../domain/ports.ts";
import type { Step } from "../domain/result.ts";
import type { Applied } from "./settle-in-place.ts";
import type { Watcher } from "./watch.ts";

export interface RemoveContext {
  readonly writer: Writer;
  readonly watcher: Watcher;
  readonly stop: AbortSignal;
  readonly abort: AbortSignal;
  readonly onStep: (step: Step) => void;
}

const DONE: Applied = { outcome: "applied", problems: [] };

/**
 * Removes what the plan saw, and nothing else: looks again before each request, and what was changed or made anew meanwhile stays.
 * Throws ProblemError for that and for what the PBX refuses, and the signal's reason on abort.
 */
export async function removeResource(
  item: PlannedDelete,
  context: RemoveContext,
): Promise<Applied> {
  const { kind, change, live: planned } = item;
  const { writer, watcher, stop, abort } = context;

  const target = await look();
  if (target === "done") return DONE;
  stop.throwIfAborted();
  context.onStep("removing");
  const ended = await writer.remove(kind.collection, target, look, abort);
  // Its id is gone, but somebody may have given the number to a new one.
  if (ended === "absent") await look();
  return DONE;

  async function look(): Promise<Entity | "done"> {
    const sighting = await watcher.look(change.key);
    if (sighting === undefined) return "done";
    const { live, entity } = sighting;
    if (live.id !== planned.id) throw refuseMoved(item, "was removed and made anew");
    const moved = findMoved(item, planned, live);
    if (moved.length === 0) return entity;
    throw refuseMoved(item, `was changed (${describeMoved(item, moved, planned, live)})`);
  }
}
