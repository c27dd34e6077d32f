import { refuseMoved } from "../domain/plan/moved.ts";
import type { PlannedWrite } from "../domain/plan/plan.ts";
import { ProblemError, type Problem } from "../domain/problem.ts";
import type { Json } from "../domain/json.ts";
import { nameResource } from "../domain/resource.ts";
import type { ApplyResult, Step } from "../domain/result.ts";
import { reveal } from "../domain/secret.ts";
import { takeAim, writeFields, type AimContext, type Values } from "./aim.ts";
import { removeNew } from "./remove-new.ts";
import type { Settled, Settler } from "./settle.ts";
import type { Sighting } from "./watch.ts";

/** How one change ended. */
export type Applied = Pick<ApplyResult, "outcome" | "problems">;

export interface ApplyContext extends AimContext {
  readonly settler: Settler | undefined;
  readonly keepFailed: boolean;
  readonly stop: AbortSignal;
  readonly onStep: (step: Step) => void;
}

/** The PBX's words for a create that somebody else was faster with, and for much else. */
const BEATEN = new Set(["pbx-refused", "pbx-conflict"]);

/**
 * Carries out one change. The field that must settle goes first and alone: when the PBX refuses it, nothing else has moved.
 * Each request goes to the resource as it was looked at right before; where somebody has changed it, none is sent. Throws
 * ProblemError for that and for what the PBX refuses or does not answer, and the signal's reason on abort.
 */
export async function applyResource(item: PlannedWrite, context: ApplyContext): Promise<Applied> {
  const { kind, desired, live: planned } = item;
  const { writer, watcher, abort, stop, onStep } = context;
  const done: Applied = { outcome: "applied", problems: [] };
  const values = valuesToWrite(item);
  const id = planned?.id ?? (await create());
  if (Object.keys(values).length === 0) return done;
  stop.throwIfAborted();
  const target = await takeAim(item, { id, seen: planned }, watcher);
  const first = kind.settle === undefined ? undefined : values[kind.settle.field];
  const rest = omit(values, typeof first === "string" ? kind.settle?.field : undefined);
  if (typeof first === "string") {
    const refused = await settleFirst(first);
    if (refused !== undefined) return refused;
  }
  await update(typeof first === "string" ? undefined : target);
  return done;

  async function create(): Promise<number> {
    // A number that somebody else has taken the PBX itself refuses.
    if (!kind.numbered && (await watcher.look(desired.key)) !== undefined)
      throw refuseMoved(item, "was made by somebody else");
    stop.throwIfAborted();
    onStep("creating");
    const body = kind.createBody(desired.key, values);
    try {
      const created = await writer.create(kind.collection, body, kind.keyProperty, abort);
      for (const field of kind.createdFields) delete values[field];
      return created;
    } catch (error) {
      const isBeaten =
        error instanceof ProblemError && error.problems.every(({ code }) => BEATEN.has(code));
      const taken = isBeaten ? await watcher.look(desired.key).catch(() => undefined) : undefined;
      throw taken === undefined ? error : refuseMoved(item, "was made by somebody else");
    }
  }

  async function update(sighting: Sighting | undefined): Promise<void> {
    if (Object.keys(rest).length === 0) return;
    const undone = `${Object.keys(rest).join(", ")} ${Object.keys(rest).length === 1 ? "is" : "are"} not written`;
    const now = sighting ?? (await takeAim(item, { id, seen: target.live, undone }, watcher));
    stop.throwIfAborted();
    onStep("updating");
    await writeFields(item, now, rest, context);
  }

  async function settleFirst(sent: string): Promise<Applied | undefined> {
    const settled = await writeAndSettle(sent, target, "compiling");
    if (settled.settlement.state === "live") return undefined;
    const verdict = kind.settle?.explain(settled.reading, desired) ?? [];
    // What the compiler said must reach the reader, whatever becomes of putting things right.
    try {
      return { outcome: "refused", problems: [...verdict, ...(await recover(settled))] };
    } catch (error) {
      if (error instanceof ProblemError) throw new ProblemError([...verdict, ...error.problems]);
      if (!stop.aborted && !abort.aborted) throw error;
      return { outcome: "interrupted", problems: verdict };
    }
  }

  async function writeAndSettle(sent: string, before: Sighting, step: Step): Promise<Settled> {
    const { settler } = context;
    if (kind.settle === undefined || settler === undefined) throw new Error("nothing to settle");
    stop.throwIfAborted();
    onStep(step);
    await writeFields(item, before, { [kind.settle.field]: sent }, context);
    return settler.settle({
      resource: item.change,
      id,
      sent,
      before: before.live,
      signal: stop,
    });
  }

  /** A refusal must leave what worked before; the PBX keeps old code itself, the rest is ours to put right. */
  async function recover({ settlement, reading }: Settled): Promise<Problem[]> {
    const runnable = settlement.state === "refused" && settlement.runnable;
    if (runnable) return [note(item, "the script before it is still running")];
    if (planned === undefined) {
      if (context.keepFailed)
        return [note(item, "the new resource was kept, without a script that runs")];
      onStep("removing");
      await removeNew(item, target.live, reading, context);
      return [note(item, "the new resource was removed again")];
    }
    const good = kind.settle === undefined ? undefined : target.live.fields[kind.settle.field];
    const worked = kind.health(target.live).runnable;
    if (typeof good !== "string" || !worked)
      return [note(item, "it had no script that runs before, either")];
    const undone = "the script before it is not put back";
    const now = await takeAim(item, { id, seen: target.live, undone }, watcher);
    const restored = await writeAndSettle(good, now, "restoring");
    return restored.settlement.state === "live"
      ? [note(item, "the script before it was put back and is running")]
      : [
          {
            ...note(item, "the script before it was put back, and the PBX refused that too"),
            severity: "error",
          },
        ];
  }
}

function valuesToWrite({ change, desired, kind }: PlannedWrite): Record<string, Json> {
  const values: Record<string, Json> = {};
  for (const { field } of change.fields) {
    const value = desired.fields[field];
    if (value !== undefined) values[field] = kind.complete(field, reveal(value));
  }
  return values;
}

function omit(values: Values, name: string | undefined): Values {
  return Object.fromEntries(Object.entries(values).filter(([field]) => field !== name));
}

function note(item: PlannedWrite, message: string): Problem {
  return {
    severity: "info",
    code: "script-refused-state",
    message,
    subject: nameResource(item.change),
    at: item.change.at,
  };
}
