import { computeDigest } from "../domain/plan/digest.ts";
import { orderByReference } from "../domain/plan/graph.ts";
import { setDraftsApart } from "../domain/plan/standing/draft.ts";
import { warnOfEmptyCreates } from "../domain/plan/standing/empty-creates.ts";
import { judgePlan, type Limits } from "../domain/plan/guard.ts";
import { holdUnhealthy } from "../domain/plan/standing/hold-back.ts";
import {
  compareIds,
  planWrites,
  PLAN_FORMAT,
  summarize,
  type BaseResources,
  type Plan,
  type PlannedResource,
  type PlannedWrite,
  type Snapshot,
  type Target,
} from "../domain/plan/plan.ts";
import type { Kind, Reader, ResolveId } from "../domain/ports.ts";
import { sortProblems, type Problem } from "../domain/problem.ts";
import {
  linkRenumberings,
  planRemovals,
  type Prune,
  type Renumbered,
} from "../domain/plan/removal.ts";
import {
  nameResource,
  type DesiredResource,
  type LiveResource,
  type ResourceId,
} from "../domain/resource.ts";
import type { Secret } from "../domain/secret.ts";
import { holdSucceeded } from "../domain/plan/successors.ts";
import { describeStanding, warnOfStanding } from "../domain/plan/standing/describe.ts";
import { findStandings, type Standing } from "../domain/plan/standing/unsettled.ts";
import { judgeLeads, listComing, needsByLeads } from "./references/leads.ts";
import { findTakenNumbers, resolveLookups } from "./references/preflight.ts";
import { listShells } from "./references/shells.ts";

/** What Git said at the commit that was last applied. */
export interface PlanBase {
  readonly commit: string;
  readonly resources: BaseResources;
}

export interface PlanRequest {
  readonly kinds: readonly Kind[];
  /** Every resource of the manifests. */
  readonly resources: readonly DesiredResource[];
  /** True for those the plan is about; the others are neither planned nor called unmanaged. */
  readonly selects: (id: ResourceId, labels: Readonly<Record<string, string>>) => boolean;
  /** True when flags or paths left something out. */
  readonly partial: boolean;
  readonly snapshot: Snapshot;
  readonly base?: PlanBase | undefined;
  readonly prune: Prune;
  readonly reader: Reader;
  readonly target: Target;
  readonly digestKey: Secret<string>;
  readonly limits: Limits;
  /** True for what is known to wait for a verdict although one reading cannot show it. */
  readonly awaits?: ((kind: Kind, live: LiveResource) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A plan together with what apply needs to carry it out: the work in order, and the ids of what it names. */
export interface Planned {
  readonly plan: Plan;
  /** Levels: what one needs stands in a level before it; deletes come last. */
  readonly levels: readonly (readonly PlannedResource[])[];
  /** What is to be waited for or reported, and not written. */
  readonly checks: readonly Standing[];
  readonly resolve: ResolveId;
  /** Creates that are made before everything else, with identity and name alone. */
  readonly shells: readonly PlannedWrite[];
}

/** What would change on the PBX. Only reads: the reader has no write method. Throws ProblemError when the PBX does not answer. */
export async function makePlan(request: PlanRequest): Promise<Planned> {
  const { kinds, resources, base, reader, signal, limits } = request;
  const selected = resources
    .filter((resource) => request.selects(resource, resource.labels))
    .toSorted(compareIds);
  const { drafts, finished: snapshot } = setDraftsApart(kinds, resources, request.snapshot);
  const { unmanaged, ...found } = planRemovals({
    ...request,
    snapshot,
    desired: resources,
    base: base?.resources,
  });
  const writes = planWrites(kinds, selected, snapshot, base?.resources, drafts);
  const linked = linkRenumberings(writes, found.deletes, resources, base?.resources);
  const [lookups, numbers, leads] = await Promise.all([
    resolveLookups(reader, linked.writes, signal),
    findTakenNumbers(reader, linked.writes, signal),
    judgeLeads(reader, [...linked.writes, ...linked.deletes], signal),
  ]);
  const standings = findStandings({
    kinds,
    desired: selected,
    snapshot,
    writes,
    allowUnhealthy: limits.allowUnhealthy,
    awaits: request.awaits ?? (() => false),
  });
  const work = holdBack(request, snapshot, linked, standings);
  const all = [...work.writes, ...work.deletes];
  const order = orderWork(work);
  const guarded = judgePlan({
    work: all,
    live: snapshot.size,
    limits,
    protectedNames: findProtected(resources, base),
    taken: numbers.taken,
  });
  const changes = all.map(({ change }) => change).toSorted(compareIds);
  const plan: Plan = {
    formatVersion: PLAN_FORMAT,
    target: request.target,
    ...(base === undefined ? {} : { base: base.commit }),
    partial: request.partial,
    summary: summarize(changes, selected.length),
    changes,
    unmanaged,
    ...(standings.length === 0 ? {} : { unsettled: standings.map(describeStanding) }),
    problems: sortProblems([
      ...standings.map(warnOfStanding),
      ...lookups.problems,
      ...numbers.problems,
      ...leads,
      ...order.problems,
      ...guarded,
      ...all.flatMap(({ held }) => held ?? []).map(warn),
      ...warnOfEmptyCreates(work.writes),
    ]),
    digest: computeDigest(request.digestKey, request.target, all),
  };
  const written = new Set(work.writes.map(({ change }) => nameResource(change)));
  const checks = standings.filter(({ desired }) => !written.has(nameResource(desired)));
  const shells = listShells(all);
  return { plan, levels: order.levels, checks, resolve: lookups.resolve, shells };
}

/** The same work, with a mark on what apply must leave alone or wait for. */
function holdBack(
  { kinds, resources, base, limits, awaits }: PlanRequest,
  snapshot: Snapshot,
  work: Renumbered,
  standings: readonly Standing[],
): Renumbered {
  const awaited = new Set(
    standings
      .filter(({ state }) => state === "compiling")
      .map(({ desired }) => nameResource(desired)),
  );
  const deletes = holdSucceeded({
    kinds,
    desired: resources,
    snapshot,
    base: base?.resources,
    work,
    awaited,
    allowUnhealthy: limits.allowUnhealthy,
  });
  const writes = work.writes.map((item): PlannedWrite => {
    const { kind, change, draft } = item;
    const compiling =
      awaited.has(nameResource(change)) || (draft !== undefined && awaits?.(kind, draft) === true);
    return holdUnhealthy(compiling ? { ...item, compiling: true } : item, limits);
  });
  return { writes, deletes };
}

function warn(problem: Problem): Problem {
  return { ...problem, severity: "warning" };
}

function orderWork({ writes, deletes }: Renumbered): {
  levels: readonly (readonly PlannedResource[])[];
  problems: readonly Problem[];
} {
  const coming = listComing(writes);
  const order = orderByReference<PlannedWrite>(
    writes,
    ({ change }) => change,
    (item) => [...item.kind.references(item.desired), ...needsByLeads(item, coming)],
  );
  const levels = deletes.length === 0 ? order.levels : [...order.levels, deletes];
  return { levels, problems: order.problems };
}

/** Protection outlives its manifest: what the base protected stays protected while it is being removed. */
function findProtected(
  resources: readonly DesiredResource[],
  base: PlanBase | undefined,
): ReadonlySet<string> {
  const known = [...resources, ...(base?.resources.values() ?? [])];
  return new Set(known.filter(({ lifecycle }) => lifecycle.protect).map(nameResource));
}
