import { computeDigest } from "../domain/plan/digest.ts";
import { orderByReference } from "../domain/plan/graph.ts";
import { judgePlan, type Limits } from "../domain/plan/guard.ts";
import {
  compareIds,
  findKind,
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
import { nameResource, type DesiredResource, type ResourceId } from "../domain/resource.ts";
import type { Secret } from "../domain/secret.ts";
import { judgeSuccessors } from "../domain/plan/successors.ts";
import { findTakenNumbers, resolveLookups } from "./preflight.ts";

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
  readonly signal?: AbortSignal | undefined;
}

/** A plan together with what apply needs to carry it out: the work in order, and the ids of what it names. */
export interface Planned {
  readonly plan: Plan;
  /** Levels: what one needs stands in a level before it; deletes come last. */
  readonly levels: readonly (readonly PlannedResource[])[];
  readonly resolve: ResolveId;
}

/** What would change on the PBX. Only reads: the reader has no write method. Throws ProblemError when the PBX does not answer. */
export async function makePlan(request: PlanRequest): Promise<Planned> {
  const { kinds, resources, snapshot, base, reader, signal } = request;
  const selected = resources
    .filter((resource) => request.selects(resource, resource.labels))
    .toSorted(compareIds);
  const { unmanaged, ...found } = planRemovals({
    ...request,
    desired: resources,
    base: base?.resources,
  });
  const drafts = planWrites(kinds, selected, snapshot, base?.resources);
  const linked = linkRenumberings(drafts, found.deletes, resources, base?.resources);
  const [lookups, numbers] = await Promise.all([
    resolveLookups(reader, linked.writes, signal),
    findTakenNumbers(reader, linked.writes, signal),
  ]);
  const work = [...linked.writes, ...linked.deletes];
  const order = orderWork(linked);
  const guarded = judgePlan({
    work,
    live: snapshot.size,
    limits: request.limits,
    protectedNames: findProtected(resources, base),
    taken: numbers.taken,
  });
  const changes = work.map(({ change }) => change).toSorted(compareIds);
  const plan: Plan = {
    formatVersion: PLAN_FORMAT,
    target: request.target,
    ...(base === undefined ? {} : { base: base.commit }),
    partial: request.partial,
    summary: summarize(changes, selected.length),
    changes,
    unmanaged,
    problems: sortProblems([
      ...findUnhealthy(kinds, selected, snapshot, linked.writes),
      ...lookups.problems,
      ...numbers.problems,
      ...order.problems,
      ...guarded,
      ...judgeSuccessors({
        kinds,
        desired: resources,
        snapshot,
        base: base?.resources,
        work: linked,
        allowUnhealthy: request.limits.allowUnhealthy,
      }),
    ]),
    digest: computeDigest(request.digestKey, request.target, work),
  };
  return { plan, levels: order.levels, resolve: lookups.resolve };
}

function orderWork({ writes, deletes }: Renumbered): {
  levels: readonly (readonly PlannedResource[])[];
  problems: readonly Problem[];
} {
  const order = orderByReference<PlannedWrite>(
    writes,
    ({ change }) => change,
    ({ kind, desired }) => kind.references(desired),
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

/**
 * Managed resources with nothing that runs although nothing is to be written: their text is on the PBX, and the compiler has
 * refused it. Without this a run that was cut off there would look finished.
 */
function findUnhealthy(
  kinds: readonly Kind[],
  selected: readonly DesiredResource[],
  snapshot: Snapshot,
  writes: readonly PlannedWrite[],
): Problem[] {
  const moved = new Set(
    writes
      .filter(({ kind, change }) => change.fields.some(({ field }) => field === kind.settle?.field))
      .map(({ change }) => nameResource(change)),
  );
  return selected.flatMap((resource): Problem[] => {
    const live = snapshot.get(nameResource(resource));
    const kind = findKind(kinds, resource.kind);
    if (live === undefined || !manages(resource, kind.settle?.field)) return [];
    if (moved.has(nameResource(resource))) return [];
    const { runnable, reason } = kind.health(live);
    if (runnable) return [];
    return [
      {
        severity: "warning",
        code: "unhealthy",
        message: `${nameResource(resource)} has ${reason}, and this plan does not change that`,
        hint: "correct its script and apply again",
        at: resource.at,
        subject: nameResource(resource),
      },
    ];
  });
}

function manages({ fields, lifecycle }: DesiredResource, field: string | undefined): boolean {
  return field !== undefined && fields[field] !== undefined && !lifecycle.ignore.includes(field);
}
