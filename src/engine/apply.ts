import pLimit from "p-limit";
import { isDelete, type PlannedResource } from "../domain/plan/plan.ts";
import type { Clock, Kind, Reader, Writer } from "../domain/ports.ts";
import { ProblemError, type Problem, type SourceSpan } from "../domain/problem.ts";
import { nameResource, type ResourceId } from "../domain/resource.ts";
import type { ApplyEvent, ApplyResult, Step } from "../domain/result.ts";
import { applyResource, type Applied } from "./apply-resource.ts";
import type { Planned } from "./plan.ts";
import { removeResource } from "./remove-resource.ts";
import { createSettler, type Settler } from "./settle.ts";
import { createWatcher, type Watcher } from "./watch.ts";

/** The reader's and writer's word for: another program keeps taking our place. No request will be answered any more. */
const OUSTED = "token-superseded";

export interface ApplyRequest {
  readonly planned: Planned;
  readonly reader: Reader;
  readonly writer: Writer;
  readonly clock: Clock;
  /** How many resources are worked on at the same time. */
  readonly concurrency: number;
  /** Leaves a new resource in place when the PBX refuses its script. */
  readonly keepFailed: boolean;
  /** Start nothing more; what is in flight is finished. */
  readonly stop: AbortSignal;
  /** Drop everything at once. */
  readonly abort: AbortSignal;
  readonly onEvent?: ((event: ApplyEvent) => void) | undefined;
}

/**
 * Carries out a plan. Independent resources go on after a failure and those that need a failed one are skipped;
 * there is one result per planned change, in the plan's order. Throws only what is a bug.
 */
export async function applyPlan(request: ApplyRequest): Promise<ApplyResult[]> {
  const limit = pLimit(request.concurrency);
  const settlers = new Map<Kind, Settler>();
  const watchers = new Map<Kind, Watcher>();
  const unsuccessful = new Set<string>();
  let ousted = false;
  const results = new Map<string, ApplyResult>();

  for (const level of request.planned.levels) {
    for (const { kind, change } of level)
      if (change.op !== "create" || !kind.numbered) watcherOf(kind).expect(change.key);
    await Promise.all(level.map((item) => limit(async () => finish(item, await work(item)))));
  }
  return request.planned.plan.changes.flatMap((change) => results.get(nameResource(change)) ?? []);

  async function work(item: PlannedResource): Promise<ApplyResult> {
    const started = request.clock.now();
    const outcome = await run(item);
    return {
      ...identify(item),
      op: item.change.op,
      ...outcome,
      milliseconds: request.clock.now() - started,
    };
  }

  async function run(item: PlannedResource): Promise<Applied> {
    const blocker = needsOf(item).find((id) => unsuccessful.has(nameResource(id)));
    if (blocker !== undefined)
      return { outcome: "skipped", problems: [explainSkip(item, blocker)] };
    if (request.stop.aborted) return { outcome: "interrupted", problems: [] };
    if (ousted) return { outcome: "skipped", problems: [explainOusting(item)] };
    try {
      const watcher = watcherOf(item.kind);
      const onStep = (step: Step): void =>
        request.onEvent?.({ type: "step", resource: item.change, step });
      if (isDelete(item)) return await removeResource(item, { ...request, watcher, onStep });
      const { resolve } = request.planned;
      const settler = settlerOf(item.kind);
      return await applyResource(item, {
        ...request,
        resolve,
        watcher,
        settler,
        onStep,
      });
    } catch (error) {
      if (error instanceof ProblemError) {
        ousted ||= error.problems.some(({ code }) => code === OUSTED);
        return { outcome: "failed", problems: describe(item, error) };
      }
      if (request.stop.aborted || request.abort.aborted)
        return { outcome: "interrupted", problems: [] };
      throw error;
    }
  }

  function finish(item: PlannedResource, result: ApplyResult): void {
    const name = nameResource(item.change);
    results.set(name, result);
    watcherOf(item.kind).dismiss(item.change.key);
    if (result.outcome !== "applied") unsuccessful.add(name);
    request.onEvent?.({ type: "finished", result });
  }

  function watcherOf(kind: Kind): Watcher {
    const watcher = watchers.get(kind) ?? createWatcher(kind, request);
    watchers.set(kind, watcher);
    return watcher;
  }

  function settlerOf(kind: Kind): Settler | undefined {
    if (kind.settle === undefined) return undefined;
    const known = settlers.get(kind);
    const settler = known ?? createSettler(kind, kind.settle, request);
    settlers.set(kind, settler);
    return settler;
  }
}

/** What must have succeeded before: references, or for a delete what takes its place. */
function needsOf(item: PlannedResource): readonly ResourceId[] {
  if (!isDelete(item)) return item.kind.references(item.desired);
  return item.successor === undefined ? [] : [item.successor];
}

function identify({ change }: PlannedResource): ResourceId & { title?: string } {
  const { kind, key, title } = change;
  return { kind, key, ...(title === undefined ? {} : { title }) };
}

function describe(item: PlannedResource, error: ProblemError): Problem[] {
  const subject = nameResource(item.change);
  return error.problems.map((problem) => ({ subject, ...placeOf(item), ...problem }));
}

function explainSkip(item: PlannedResource, blocker: ResourceId): Problem {
  return {
    severity: "warning",
    code: "dependency-failed",
    message: `skipped, because it needs ${nameResource(blocker)}, which was not applied`,
    subject: nameResource(item.change),
    ...placeOf(item),
  };
}

function explainOusting(item: PlannedResource): Problem {
  return {
    severity: "warning",
    code: "run-ended",
    message: "not started, because another program is using the same client id",
    subject: nameResource(item.change),
    ...placeOf(item),
  };
}

function placeOf({ change }: PlannedResource): { at?: SourceSpan } {
  return change.at === undefined ? {} : { at: change.at };
}
