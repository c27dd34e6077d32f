import { canonicalizeText } from "../domain/plan/canonical.ts";
import { isDelete, type PlannedResource, type PlannedWrite } from "../domain/plan/plan.ts";
import type { Clock, Kind, Reader, SettleRule, Writer } from "../domain/ports.ts";
import { failure, type Problem, type ProblemError } from "../domain/problem.ts";
import { nameResource, type LiveResource } from "../domain/resource.ts";
import { reveal } from "../domain/secret.ts";
import { createSettler } from "./settle.ts";

/** The name of the throw-away resource: what carries it on the scratch number is ours, from this run or a killed one. */
export const SCRATCH_TITLE = "callformscratch";

export interface TrialRequest {
  readonly work: readonly PlannedResource[];
  readonly scratchNumber: string;
  readonly reader: Reader;
  readonly writer: Writer;
  readonly clock: Clock;
  /** Told what is tried, in words. */
  readonly onProgress: (text: string) => void;
  readonly stop: AbortSignal;
  /** Gives up even the cleaning up. */
  readonly abort?: AbortSignal | undefined;
}

interface Script {
  readonly item: PlannedWrite;
  readonly text: string;
}

/**
 * Has the PBX compile every changed script in a throw-away app on the scratch number, one after the other, and removes that app
 * again whatever happens. Gives the compiler's words as problems at their places in the user's files. Throws ProblemError when the
 * number belongs to somebody else, and the signal's reason on stop.
 */
export async function tryScripts(request: TrialRequest): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const [kind, scripts] of groupByKind(request.work))
    if (kind.settle !== undefined)
      problems.push(...(await tryKind(kind, kind.settle, scripts, request)));
  return problems;
}

async function tryKind(
  kind: Kind,
  rule: SettleRule,
  scripts: readonly Script[],
  request: TrialRequest,
): Promise<Problem[]> {
  const { writer, scratchNumber: key, stop } = request;
  await removeLeftover(kind, request);
  stop.throwIfAborted();
  const body = kind.createBody(key, { [kind.titleField]: SCRATCH_TITLE });
  const settler = createSettler(kind, rule, request);
  let before: LiveResource | undefined;
  const problems: Problem[] = [];
  // Created inside, so that an app whose creation was cut off is removed as well.
  try {
    const id = await writer.create(kind.collection, body, kind.keyProperty, stop);
    for (const { item, text } of scripts) {
      stop.throwIfAborted();
      request.onProgress(`compiling the script of ${nameResource(item.change)} on ${key}`);
      const update = kind.updateBody({ [rule.field]: text }, refuseToResolve);
      // Nobody else has any business with the scratch app.
      await writer.update(kind.collection, id, update, async () => update, stop);
      const resource = { kind: kind.name, key };
      const settled = await settler.settle({ resource, id, sent: text, before, signal: stop });
      if (settled.settlement.state === "refused")
        problems.push(...rule.explain(settled.reading, item.desired));
      before = settled.reading;
    }
  } finally {
    await removeLeftover(kind, request);
  }
  return problems;
}

/** Removes what carries our name on the scratch number. Not stopped by the signal: it is what a stop must still do. */
async function removeLeftover(kind: Kind, request: TrialRequest): Promise<void> {
  const { reader, writer, scratchNumber, abort } = request;
  const where = { property: kind.keyProperty, in: [scratchNumber] };
  const found = await reader.list({ ...kind.query, where }, abort);
  for (const entity of found) {
    const live = kind.readEntity(entity);
    if (live.fields[kind.titleField] !== SCRATCH_TITLE) throw belongsToSomebody(live);
    await writer.remove(kind.collection, entity, async () => entity, abort);
  }
}

/** The changed scripts by kind. The same text is tried once, because a PBX that gets it again does not compile it again. */
function groupByKind(work: readonly PlannedResource[]): Map<Kind, Script[]> {
  const groups = new Map<Kind, Script[]>();
  for (const item of work) {
    const field = item.kind.settle?.field;
    if (isDelete(item) || field === undefined) continue;
    if (!item.change.fields.some((moved) => moved.field === field)) continue;
    const value = item.desired.fields[field];
    const text = value === undefined ? undefined : reveal(value);
    const scripts = groups.get(item.kind) ?? [];
    if (typeof text !== "string" || scripts.some((script) => isSameText(script.text, text)))
      continue;
    groups.set(item.kind, [...scripts, { item, text }]);
  }
  return groups;
}

function isSameText(a: string, b: string): boolean {
  return canonicalizeText(a) === canonicalizeText(b);
}

function refuseToResolve(): never {
  throw new Error("a script names nothing to resolve");
}

function belongsToSomebody(live: LiveResource): ProblemError {
  return failure(
    "scratch-taken",
    `the scratch number ${live.key} belongs to ${nameResource(live)}, which is not ours, so nothing was compiled there`,
    { hint: "give policy.scratchNumber a number that nothing else uses" },
  );
}
