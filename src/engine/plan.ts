import { computeDigest } from "../domain/digest.ts";
import { orderByReference } from "../domain/graph.ts";
import { judgePlan } from "../domain/guard.ts";
import {
  compareIds,
  findUnmanaged,
  planResources,
  PLAN_FORMAT,
  summarize,
  type Plan,
  type PlannedResource,
  type Snapshot,
  type Target,
} from "../domain/plan.ts";
import type { Kind, Reader, ResolveId } from "../domain/ports.ts";
import { sortProblems } from "../domain/problem.ts";
import type { DesiredResource } from "../domain/resource.ts";
import type { Secret } from "../domain/secret.ts";
import { findTakenNumbers, resolveLookups } from "./preflight.ts";

export interface PlanRequest {
  readonly kinds: readonly Kind[];
  /** Every resource of the manifests. */
  readonly resources: readonly DesiredResource[];
  /** True for those the plan is about; the others are neither planned nor called unmanaged. */
  readonly selects: (resource: DesiredResource) => boolean;
  /** True when flags or paths left something out. */
  readonly partial: boolean;
  readonly snapshot: Snapshot;
  readonly reader: Reader;
  readonly target: Target;
  readonly digestKey: Secret<string>;
  readonly maxChangePercent?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A plan together with what apply needs to carry it out: the work in order, and the ids of what it names. */
export interface Planned {
  readonly plan: Plan;
  /** Levels: what one needs stands in a level before it. */
  readonly levels: readonly (readonly PlannedResource[])[];
  readonly resolve: ResolveId;
}

/** What would change on the PBX. Only reads: the reader has no write method. Throws ProblemError when the PBX does not answer. */
export async function makePlan(request: PlanRequest): Promise<Planned> {
  const { kinds, resources, snapshot, reader, signal } = request;
  const selected = resources.filter(request.selects).toSorted(compareIds);
  const work = planResources(kinds, selected, snapshot);
  const [lookups, numbers] = await Promise.all([
    resolveLookups(reader, work, signal),
    findTakenNumbers(reader, work, signal),
  ]);
  const order = orderByReference(
    work,
    ({ change }) => change,
    ({ kind, desired }) => kind.references(desired),
  );
  const changes = work.map(({ change }) => change);
  const guarded = judgePlan({
    changes,
    live: snapshot.size,
    taken: numbers.taken,
    ...(request.maxChangePercent === undefined
      ? {}
      : { maxChangePercent: request.maxChangePercent }),
  });
  const plan: Plan = {
    formatVersion: PLAN_FORMAT,
    target: request.target,
    partial: request.partial,
    summary: summarize(changes, selected.length),
    changes,
    unmanaged: findUnmanaged(kinds, resources, snapshot),
    problems: sortProblems([
      ...lookups.problems,
      ...numbers.problems,
      ...order.problems,
      ...guarded,
    ]),
    digest: computeDigest(request.digestKey, request.target, work),
  };
  return { plan, levels: order.levels, resolve: lookups.resolve };
}
