import pLimit from "p-limit";
import { isDelete, type PlannedResource, type PlannedWrite } from "../domain/plan/plan.ts";
import type { Clock, Kind, Reader, SentTexts, Writer } from "../domain/ports.ts";
import { ProblemError, type Problem, type SourceSpan } from "../domain/problem.ts";
import { nameResource, type ResourceId } from "../domain/resource.ts";
import type { ApplyEvent, ApplyResult, Step } from "../domain/result.ts";
import { describeStanding } from "../domain/plan/standing/describe.ts";
import type { Standing } from "../domain/plan/standing/unsettled.ts";
import { applyResource, valuesToWrite } from "./apply-resource.ts";
import { createResource } from "./create-resource.ts";
import { listComing, needsByLeads } from "./references/leads.ts";
import { shellsOf } from "./references/shells.ts";
import { checkStanding, type Applied, type ApplyContext, type Shell } from "./settle-in-place.ts";
import type { Planned } from "./plan.ts";
import { removeResource } from "./remove-resource.ts";
import { createSettler, type Settler } from "./settle.ts";
import { createWatcher, type Watcher } from "./watch.ts";

/** The reader's and writer's word for: another program keeps taking our place. No request will be answered any more. */
const OUSTED = "token-superseded";

type Work = PlannedResource | Standing;

export interface ApplyRequest {
  readonly planned: Planned;
  readonly reader: Reader;
  readonly writer: Writer;
  readonly clock: Clock;
  readonly sentTexts?: SentTexts | undefined;
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
 * there is one result per planned change, in the plan's order, and after them one for each text whose verdict is to be waited for
 * or reported. Throws only what is a bug.
 */
export async function applyPlan(request: ApplyRequest): Promise<ApplyResult[]> {
  const limit = pLimit(request.concurrency);
  const settlers = new Map<Kind, Settler>();
  const watchers = new Map<Kind, Watcher>();
  const unsuccessful = new Set<string>();
  let ousted = false;
  const results = new Map<string, ApplyResult>();

  const { plan, levels, checks, shells } = request.planned;
  const coming = listComing(levels.flat());
  /** What others lead to is made before anything is wired. How that came out is told when its own turn comes. */
  const made = new Map<string, Shell>();
  await Promise.all(shells.map((item) => limit(() => makeShell(item))));

  // They write nothing, so they wait side by side without taking anybody's turn.
  const checking = Promise.all(checks.map((check) => finish(check, work(check, "check"))));
  checking.catch(() => undefined);
  for (const level of levels) {
    // What is deleted may wait for the verdict on what takes its place.
    if (level.some(isDelete)) await checking;
    for (const { kind, change } of level)
      if (change.op !== "create" || !kind.numbered) watcherOf(kind).expect(change.key);
    await Promise.all(level.map((item) => limit(() => finish(item, work(item, item.change.op)))));
  }
  await checking;
  return [...plan.changes, ...checks.map(({ desired }) => desired)].flatMap(
    (id) => results.get(nameResource(id)) ?? [],
  );

  async function makeShell(item: PlannedWrite): Promise<void> {
    if (item.held !== undefined || ousted || request.stop.aborted) return;
    const values = valuesToWrite(item);
    const context = contextOf(item.kind, item.change);
    // A run that was cut off has made it.
    const id =
      item.draft === undefined
        ? createResource(item, values, context)
        : Promise.resolve(item.draft.id);
    made.set(nameResource(item.change), { id, values });
    await id.catch(() => undefined);
  }

  async function findUnmade(item: Work): Promise<ResourceId | undefined> {
    if (isCheck(item)) return undefined;
    for (const { change } of shellsOf(item, shells)) {
      const isMade = await made.get(nameResource(change))?.id.then(
        () => true,
        () => false,
      );
      if (isMade !== true) return change;
    }
    return undefined;
  }

  async function work(item: Work, op: ApplyResult["op"]): Promise<ApplyResult> {
    const started = request.clock.now();
    const outcome = await run(item);
    return { ...identify(item), op, ...outcome, milliseconds: request.clock.now() - started };
  }

  async function run(item: Work): Promise<Applied> {
    const blocker = needsOf(item, coming).find((id) => unsuccessful.has(nameResource(id)));
    if (blocker !== undefined)
      return { outcome: "skipped", problems: [explainSkip(item, blocker)] };
    if (request.stop.aborted) return { outcome: "interrupted", problems: [] };
    const unmade = await findUnmade(item);
    if (unmade !== undefined) return { outcome: "skipped", problems: [explainSkip(item, unmade)] };
    if (ousted) return { outcome: "skipped", problems: [explainOusting(item)] };
    try {
      return await carryOut(item);
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

  async function carryOut(item: Work): Promise<Applied> {
    if (isCheck(item)) return checkStanding(item, contextOf(item.kind, item.desired));
    if (item.held !== undefined) return { outcome: "skipped", problems: [item.held] };
    const context = contextOf(item.kind, item.change);
    return isDelete(item) ? removeResource(item, context) : applyResource(item, context);
  }

  function contextOf(kind: Kind, resource: ResourceId): ApplyContext {
    return {
      ...request,
      resolve: request.planned.resolve,
      settler: settlerOf(kind),
      shell: made.get(nameResource(resource)),
      watcher: watcherOf(kind),
      onStep: (step: Step) => request.onEvent?.({ type: "step", resource, step }),
    };
  }

  async function finish(item: Work, working: Promise<ApplyResult>): Promise<void> {
    const result = await working;
    const name = nameResource(result);
    results.set(name, result);
    watcherOf(item.kind).dismiss(result.key);
    // Who allows that nothing runs somewhere wants the rest all the same.
    const allowed = result.outcome === "refused" && "tolerated" in item;
    if (result.outcome !== "applied" && !allowed) unsuccessful.add(name);
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
function needsOf(item: Work, coming: ReadonlyMap<string, PlannedWrite>): readonly ResourceId[] {
  if (isCheck(item)) return [];
  if (!isDelete(item))
    return [...item.kind.references(item.desired), ...needsByLeads(item, coming)];
  return item.successor === undefined ? [] : [item.successor];
}

function isCheck(item: Work): item is Standing {
  return "state" in item;
}

function identify(item: Work): ResourceId & { title?: string } {
  const { kind, key, title } = isCheck(item) ? describeStanding(item) : item.change;
  return { kind, key, ...(title === undefined ? {} : { title }) };
}

function describe(item: Work, error: ProblemError): Problem[] {
  return error.problems.map((problem) => ({ ...placeOf(item), ...problem }));
}

function explainSkip(item: Work, blocker: ResourceId): Problem {
  return {
    severity: "warning",
    code: "dependency-failed",
    message: `skipped, because it needs ${nameResource(blocker)}, which was not applied`,
    ...placeOf(item),
  };
}

function explainOusting(item: Work): Problem {
  return {
    severity: "warning",
    code: "run-ended",
    message: "not started, because another program is using the same client id",
    ...placeOf(item),
  };
}

/** What a problem is about, and where its manifest stands. */
function placeOf(item: Work): { subject: string; at?: SourceSpan } {
  const { at, ...id } = isCheck(item) ? item.desired : item.change;
  return { subject: nameResource(id), ...(at === undefined ? {} : { at }) };
}
