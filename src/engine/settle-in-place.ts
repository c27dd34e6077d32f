import type { Standing } from "../domain/plan/standing/unsettled.ts";
import type { Kind, SentTexts } from "../domain/ports.ts";
import type { Json } from "../domain/json.ts";
import type { Problem } from "../domain/problem.ts";
import { nameResource, type DesiredResource, type LiveResource } from "../domain/resource.ts";
import type { ApplyResult, Step } from "../domain/result.ts";
import type { AimContext } from "./aim.ts";
import type { Settled, Settler } from "./settle.ts";

/** How one change ended. */
export type Applied = Pick<ApplyResult, "outcome" | "problems">;

export interface ApplyContext extends AimContext {
  readonly settler: Settler | undefined;
  readonly sentTexts?: SentTexts | undefined;
  readonly keepFailed: boolean;
  readonly stop: AbortSignal;
  readonly onStep: (step: Step) => void;
  /** For what was made before, because others lead to it. */
  readonly shell?: Shell | undefined;
}

export interface Shell {
  /** Rejected with what stood in the way. */
  readonly id: Promise<number>;
  /** What is still to be written. */
  readonly values: Record<string, Json>;
}

/** Waits for the verdict on a text that is on the PBX as the manifest says, or reports the one there is. Writes nothing. */
export async function checkStanding(
  { kind, desired, live, state }: Standing,
  context: ApplyContext,
): Promise<Applied> {
  const settled = await settleInPlace(kind, live, context, state === "compiling");
  return settled.settlement.state === "live"
    ? { outcome: "applied", problems: [] }
    : explainRefusal(kind, desired, settled);
}

/** The verdict on a text that the PBX has got already: what it shows, or where it has not judged yet what it comes to. */
export async function settleInPlace(
  kind: Kind,
  reading: LiveResource,
  { settler, sentTexts, stop, onStep }: ApplyContext,
  waits: boolean = kind.health(reading).state === "compiling",
): Promise<Settled> {
  const { runnable } = kind.health(reading);
  if (!waits)
    return {
      settlement: runnable ? { state: "live" } : { state: "refused", runnable },
      reading,
    };
  if (settler === undefined) throw new Error("nothing to settle");
  onStep("waiting");
  // All that is known from before is the verdict on another text.
  const { [kind.settle?.field ?? ""]: _text, ...fields } = reading.fields;
  const before = { ...reading, fields };
  const sent = textOf(kind, reading) ?? "";
  const settled = await settler.settle({
    resource: reading,
    id: reading.id,
    sent,
    before,
    signal: stop,
  });
  await sentTexts?.forget(reading);
  return settled;
}

export function explainRefusal(kind: Kind, desired: DesiredResource, settled: Settled): Applied {
  const { settlement, reading } = settled;
  const runnable = settlement.state === "refused" && settlement.runnable;
  const verdict = kind.settle?.explain(reading, desired) ?? [];
  const rest = runnable ? "the script before it is still running" : "it has no script that runs";
  return { outcome: "refused", problems: [...verdict, note(desired, rest)] };
}

/** The text that the PBX has to judge, as it stands there. */
export function textOf(kind: Kind, live: LiveResource): string | undefined {
  const text = kind.settle === undefined ? undefined : live.fields[kind.settle.field];
  return typeof text === "string" ? text : undefined;
}

export function note(desired: DesiredResource, message: string): Problem {
  return {
    severity: "info",
    code: "script-refused-state",
    message,
    subject: nameResource(desired),
    at: desired.at,
  };
}
