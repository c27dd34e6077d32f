import { refuseMoved } from "../domain/plan/moved.ts";
import type { PlannedWrite } from "../domain/plan/plan.ts";
import { draftTitle, needsDraft } from "../domain/plan/standing/draft.ts";
import { ProblemError } from "../domain/problem.ts";
import type { Json } from "../domain/json.ts";
import type { ApplyContext } from "./settle-in-place.ts";

/** The PBX's words for a create that somebody else was faster with, and for much else. */
const BEATEN = new Set(["pbx-refused", "pbx-conflict"]);

/**
 * Creates a resource and takes out of `values` what that has written; gives its id. What takes more than one request is called a
 * draft until the last of them, so that another run can go on from there. Throws ProblemError, and the signal's reason on abort.
 */
export async function createResource(
  item: PlannedWrite,
  values: Record<string, Json>,
  { writer, watcher, stop, abort, onStep }: ApplyContext,
): Promise<number> {
  const { kind, desired } = item;
  // A number that somebody else has taken the PBX itself refuses.
  if (!kind.numbered && (await watcher.look(desired.key)) !== undefined)
    throw refuseMoved(item, "was made by somebody else");
  stop.throwIfAborted();
  onStep("creating");
  const isDraft = needsDraft(kind, values);
  const title = isDraft ? { [kind.titleField]: draftTitle(desired.key) } : {};
  const body = kind.createBody(desired.key, { ...values, ...title });
  try {
    const created = await writer.create(kind.collection, body, kind.keyProperty, abort);
    for (const field of kind.createdFields)
      if (!isDraft || field !== kind.titleField) delete values[field];
    return created;
  } catch (error) {
    const isBeaten =
      error instanceof ProblemError && error.problems.every(({ code }) => BEATEN.has(code));
    const taken = isBeaten ? await watcher.look(desired.key).catch(() => undefined) : undefined;
    throw taken === undefined ? error : refuseMoved(item, "was made by somebody else");
  }
}
