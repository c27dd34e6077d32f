import { canonicalizeText } from "../domain/plan/canonical.ts";
import type { PlannedWrite } from "../domain/plan/plan.ts";
import { explainUnhealthy } from "../domain/plan/standing/hold-back.ts";
import { managesSettled } from "../domain/plan/standing/unsettled.ts";
import { ProblemError, type Problem } from "../domain/problem.ts";
import type { Json } from "../domain/json.ts";
import type { LiveResource } from "../domain/resource.ts";
import type { Step } from "../domain/result.ts";
import { reveal } from "../domain/secret.ts";
import { takeAim, writeFields, type Values } from "./aim.ts";
import { createResource } from "./create-resource.ts";
import { removeNew } from "./remove-new.ts";
import {
  explainRefusal,
  note,
  settleInPlace,
  textOf,
  type Applied,
  type ApplyContext,
} from "./settle-in-place.ts";
import type { Settled } from "./settle.ts";
import type { Sighting } from "./watch.ts";

/**
 * Carries out one change. The field that must settle goes first and alone: when the PBX refuses it, nothing else has moved.
 * Each request goes to the resource as it was looked at right before; where somebody has changed it, none is sent. What a run that
 * was cut off has done is not done again. Throws ProblemError for what moved and for what the PBX refuses or does not answer, and
 * the signal's reason on abort.
 */
export async function applyResource(item: PlannedWrite, context: ApplyContext): Promise<Applied> {
  const { kind, desired, live: planned, draft } = item;
  const { watcher, abort, stop, onStep } = context;
  const { shell } = context;
  const values = shell?.values ?? valuesToWrite(item);
  const id =
    planned?.id ?? draft?.id ?? (await (shell?.id ?? createResource(item, values, context)));
  const field = kind.settle?.field;
  const first = field === undefined ? undefined : values[field];
  /** At the last look. */
  let seen = planned ?? draft;
  const refused =
    typeof first === "string"
      ? await settleFirst(first)
      : planned === undefined
        ? undefined
        : await judgeInPlace(planned);
  if (refused !== undefined) return refused;
  await update(omit(values, typeof first === "string" ? field : undefined));
  return { outcome: "applied", problems: [] };

  async function look(undone?: string): Promise<Sighting> {
    stop.throwIfAborted();
    const sighting = await takeAim(
      item,
      { id, seen, ...(undone === undefined ? {} : { undone }) },
      watcher,
    );
    seen = sighting.live;
    return sighting;
  }

  async function update(fields: Values): Promise<void> {
    const names = Object.keys(fields);
    if (names.length === 0) return;
    const undone = `${names.join(", ")} ${names.length === 1 ? "is" : "are"} not written`;
    const target = await look(typeof first === "string" ? undone : undefined);
    stop.throwIfAborted();
    onStep("updating");
    await writeFields(item, target, fields, context);
  }

  async function settleFirst(sent: string): Promise<Applied | undefined> {
    const isThere = draft !== undefined && isSameText(textOf(kind, draft), sent);
    const settled = isThere
      ? await settleInPlace(kind, draft, context, item.compiling)
      : await writeAndSettle(sent, await look(), "compiling");
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

  /** The text stays as it is; what else is written depends on whether it runs. */
  async function judgeInPlace(live: LiveResource): Promise<Applied | undefined> {
    const { tolerated = false, compiling = false } = item;
    const managed = managesSettled(kind, desired);
    const { runnable, state } = kind.health(live);
    const isSound = runnable || textOf(kind, live) === undefined;
    if ((tolerated && !managed) || (isSound && !compiling)) return undefined;
    const waits = compiling || state === "compiling";
    const settled = await settleInPlace(kind, live, context, waits);
    if (settled.settlement.state === "live") return undefined;
    if (!managed) {
      const { reason } = kind.health(settled.reading);
      return { outcome: "skipped", problems: [explainUnhealthy(item, reason)] };
    }
    if (tolerated) await update(values);
    return explainRefusal(kind, desired, settled);
  }

  async function writeAndSettle(sent: string, before: Sighting, step: Step): Promise<Settled> {
    const { settler, sentTexts } = context;
    if (kind.settle === undefined || settler === undefined) throw new Error("nothing to settle");
    stop.throwIfAborted();
    onStep(step);
    await sentTexts?.note(kind, before.live);
    await writeFields(item, before, { [kind.settle.field]: sent }, context);
    const request = { resource: item.change, id, sent, before: before.live, signal: stop };
    const settled = await settler.settle(request);
    await sentTexts?.forget(item.change);
    return settled;
  }

  /** A refusal must leave what worked before; the PBX keeps old code itself, the rest is ours to put right. */
  async function recover({ settlement, reading }: Settled): Promise<Problem[]> {
    const runnable = settlement.state === "refused" && settlement.runnable;
    if (runnable) return [note(desired, "the script before it is still running")];
    if (seen === undefined) throw new Error("nobody has looked at it");
    if (planned === undefined) {
      if (context.keepFailed) {
        await update(pick(values, kind.titleField));
        return [note(desired, "the new resource was kept, without a script that runs")];
      }
      onStep("removing");
      await removeNew(item, seen, reading, context);
      return [note(desired, "the new resource was removed again")];
    }
    const good = textOf(kind, seen);
    if (good === undefined || !kind.health(seen).runnable)
      return [note(desired, "it had no script that runs before, either")];
    const now = await look("the script before it is not put back");
    const restored = await writeAndSettle(good, now, "restoring");
    return restored.settlement.state === "live"
      ? [note(desired, "the script before it was put back and is running")]
      : [
          {
            ...note(desired, "the script before it was put back, and the PBX refused that too"),
            severity: "error",
          },
        ];
  }
}

/** Everything that a change writes, as the API would complete it, secrets revealed. */
export function valuesToWrite({ change, desired, kind }: PlannedWrite): Record<string, Json> {
  const values: Record<string, Json> = {};
  for (const { field } of change.fields) {
    const value = desired.fields[field];
    if (value !== undefined) values[field] = kind.complete(field, reveal(value));
  }
  return values;
}

function isSameText(a: string | undefined, b: string): boolean {
  return a !== undefined && canonicalizeText(a) === canonicalizeText(b);
}

function pick(values: Values, name: string): Values {
  const value = values[name];
  return value === undefined ? {} : { [name]: value };
}

function omit(values: Values, name: string | undefined): Values {
  return Object.fromEntries(Object.entries(values).filter(([field]) => field !== name));
}
