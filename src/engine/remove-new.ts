import { describeMoved, judgeStanding, refuseMoved } from "../domain/plan/moved.ts";
import type { PlannedWrite } from "../domain/plan/plan.ts";
import type { Entity } from "../domain/ports.ts";
import type { LiveResource } from "../domain/resource.ts";
import type { AimContext } from "./aim.ts";

const KEPT = "it is not removed again";

/**
 * Removes a resource that this run has made and the PBX has refused. Throws ProblemError where somebody has changed it since it was
 * `made`, or has given it what runs.
 */
export async function removeNew(
  item: PlannedWrite,
  made: LiveResource,
  refused: LiveResource,
  { writer, watcher, abort }: AimContext,
): Promise<void> {
  const { kind, change } = item;
  const look = async (): Promise<Entity | "done"> => {
    const sighting = await watcher.look(change.key);
    if (sighting === undefined) return "done";
    const { live, entity } = sighting;
    if (live.id !== made.id) throw refuseMoved(item, "was removed and made anew", KEPT);
    const moved = kind.fields
      .map(({ name }) => name)
      .filter((field) => {
        const seen = field === kind.settle?.field ? refused : made;
        return judgeStanding(kind, field, { seen, now: live }) === "moved";
      });
    if (moved.length > 0)
      throw refuseMoved(item, `was changed (${describeMoved(item, moved, made, live)})`, KEPT);
    if (kind.health(live).runnable) throw refuseMoved(item, "was given what runs", KEPT);
    return entity;
  };
  const target = await look();
  if (target !== "done") await writer.remove(kind.collection, target, look, abort);
}
