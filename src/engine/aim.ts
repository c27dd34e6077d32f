import { describeMoved, findMoved, judgeStanding, refuseMoved } from "../domain/plan/moved.ts";
import type { PlannedWrite } from "../domain/plan/plan.ts";
import type { Entity, ResolveId, Writer } from "../domain/ports.ts";
import type { Json } from "../domain/json.ts";
import type { LiveResource } from "../domain/resource.ts";
import type { Sighting, Watcher } from "./watch.ts";

/** Field values in manifest terms, secrets revealed. */
export type Values = Readonly<Record<string, Json>>;

export interface AimContext {
  readonly writer: Writer;
  readonly watcher: Watcher;
  readonly resolve: ResolveId;
  readonly abort: AbortSignal;
}

/** What a write goes by. */
export interface Aim {
  readonly id: number;
  /** The last reading; undefined right after the resource was made. */
  readonly seen: LiveResource | undefined;
  /** What is being written, beside what the manifest wants. */
  readonly writing?: Values;
  /** What a change that somebody has made leaves undone, in words. */
  readonly undone?: string;
}

/** How the resource is now. Throws ProblemError where it is another one, or somebody has changed what the manifest manages. */
export async function takeAim(item: PlannedWrite, aim: Aim, watcher: Watcher): Promise<Sighting> {
  const sighting = await watcher.look(item.change.key);
  if (sighting === undefined) throw refuseMoved(item, "was removed", aim.undone);
  const { live } = sighting;
  if (live.id !== aim.id) throw refuseMoved(item, "was removed and made anew", aim.undone);
  const moved = aim.seen === undefined ? [] : findMoved(item, aim.seen, live, aim.writing);
  if (moved.length === 0) return sighting;
  const what = describeMoved(item, moved, aim.seen, live);
  throw refuseMoved(item, `was changed (${what})`, aim.undone);
}

/** Writes some fields to what was just sighted. When the answer is lost, it looks before it writes again. */
export async function writeFields(
  item: PlannedWrite,
  sighting: Sighting,
  fields: Values,
  { writer, watcher, resolve, abort }: AimContext,
): Promise<void> {
  const { kind } = item;
  const { id } = sighting.live;
  const bodyFor = (entity: Entity): Entity => kind.updateBody(fields, resolve, entity);
  const again = async (): Promise<Entity | "done"> => {
    const aim = {
      id,
      seen: sighting.live,
      writing: fields,
      undone: "it is not written again",
    };
    const { live, entity } = await takeAim(item, aim, watcher);
    const isWritten = Object.entries(fields).every(
      ([field, wanted]) =>
        judgeStanding(kind, field, {
          seen: sighting.live,
          now: live,
          wanted,
        }) === "wanted",
    );
    return isWritten ? "done" : bodyFor(entity);
  };
  await writer.update(kind.collection, id, bodyFor(sighting.entity), again, abort);
}
