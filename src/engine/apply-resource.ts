import type { PlannedWrite } from "../domain/plan/plan.ts";
import type { Entity, ResolveId, Writer } from "../domain/ports.ts";
import { ProblemError, type Problem } from "../domain/problem.ts";
import type { Json } from "../domain/json.ts";
import { nameResource, type LiveResource } from "../domain/resource.ts";
import type { ApplyResult, Step } from "../domain/result.ts";
import { reveal } from "../domain/secret.ts";
import type { Settled, Settler } from "./settle.ts";

/** How one change ended. */
export type Applied = Pick<ApplyResult, "outcome" | "problems">;

export interface ApplyContext {
  readonly writer: Writer;
  readonly resolve: ResolveId;
  readonly settler: Settler | undefined;
  readonly keepFailed: boolean;
  readonly stop: AbortSignal;
  readonly abort: AbortSignal;
  readonly onStep: (step: Step) => void;
}

/**
 * Carries out one change. The field that must settle goes first and alone: when the PBX refuses it, nothing else has moved.
 * Throws ProblemError for what the PBX refuses or does not answer, and the signal's reason on abort.
 */
export async function applyResource(item: PlannedWrite, context: ApplyContext): Promise<Applied> {
  const { kind, desired, live } = item;
  const { writer, abort, onStep } = context;
  const values = valuesToWrite(item);
  const first = kind.settle === undefined ? undefined : values[kind.settle.field];
  const id = live?.id ?? (await create());
  if (typeof first === "string") {
    const refused = await settleFirst(first);
    if (refused !== undefined) return refused;
  }
  await update(id, omit(values, typeof first === "string" ? kind.settle?.field : undefined));
  return { outcome: "applied", problems: [] };

  async function create(): Promise<number> {
    onStep("creating");
    const body = kind.createBody(desired.key, values);
    const created = await writer.create(kind.collection, body, kind.keyProperty, abort);
    for (const field of kind.createdFields) delete values[field];
    return created;
  }

  async function update(target: number, fields: Readonly<Record<string, Json>>): Promise<void> {
    if (Object.keys(fields).length === 0) return;
    context.stop.throwIfAborted();
    onStep("updating");
    await write(target, fields);
  }

  async function write(target: number, fields: Readonly<Record<string, Json>>): Promise<void> {
    const body: Entity = kind.updateBody(fields, context.resolve);
    await writer.update(kind.collection, target, body, abort);
  }

  async function settleFirst(sent: string): Promise<Applied | undefined> {
    const settled = await writeAndSettle(sent, live, "compiling");
    if (settled.settlement.state === "live") return undefined;
    const verdict = kind.settle?.explain(settled.reading, desired) ?? [];
    // What the compiler said must reach the reader, whatever becomes of putting things right.
    try {
      return { outcome: "refused", problems: [...verdict, ...(await recover(settled))] };
    } catch (error) {
      if (error instanceof ProblemError) throw new ProblemError([...verdict, ...error.problems]);
      if (!context.stop.aborted && !abort.aborted) throw error;
      return { outcome: "interrupted", problems: verdict };
    }
  }

  async function writeAndSettle(
    sent: string,
    before: LiveResource | undefined,
    step: Step,
  ): Promise<Settled> {
    const { settler } = context;
    if (kind.settle === undefined || settler === undefined) throw new Error("nothing to settle");
    context.stop.throwIfAborted();
    onStep(step);
    await write(id, { [kind.settle.field]: sent });
    return settler.settle({ resource: item.change, id, sent, before, signal: context.stop });
  }

  /** A refusal must leave what worked before; the PBX keeps old code itself, the rest is ours to put right. */
  async function recover({ settlement, reading }: Settled): Promise<Problem[]> {
    const runnable = settlement.state === "refused" && settlement.runnable;
    if (runnable) return [note(item, "the script before it is still running")];
    if (live === undefined) {
      if (context.keepFailed)
        return [note(item, "the new resource was kept, without a script that runs")];
      onStep("removing");
      await writer.remove(kind.collection, id, abort);
      return [note(item, "the new resource was removed again")];
    }
    const good = kind.settle === undefined ? undefined : live.fields[kind.settle.field];
    const worked = kind.health(live).runnable;
    if (typeof good !== "string" || !worked)
      return [note(item, "it had no script that runs before, either")];
    const restored = await writeAndSettle(good, reading, "restoring");
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

function omit(
  values: Readonly<Record<string, Json>>,
  name: string | undefined,
): Record<string, Json> {
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
