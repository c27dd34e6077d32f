import type { SentTexts } from "../../domain/ports.ts";
import type { Target } from "../../domain/plan/plan.ts";
import { nameResource } from "../../domain/resource.ts";
import type { Secret } from "../../domain/secret.ts";
import { makePlan, type Planned } from "../../engine/plan.ts";
import { kinds } from "../../kinds/index.ts";
import { presentPlan } from "../secrets/present-plan.ts";
import { isNarrowing, matchesFilter } from "../settings/filter.ts";
import { readAll, type Everything, type ReadRequest } from "./read-all.ts";

export type PlanTargetRequest = Omit<ReadRequest, "secrets" | "ref"> & {
  readonly target: Target;
  readonly digestKey: Secret<string>;
  readonly sentTexts: SentTexts;
};

/** Reads manifests, base and PBX and plans; the plan is one that may be shown. Throws ProblemError when there is no plan to be had. */
export async function planTarget(
  request: PlanTargetRequest,
): Promise<{ everything: Everything; planned: Planned }> {
  const { settings, reader, target, digestKey, stop } = request;
  const { filter, paths, prune, limits, base } = settings;
  const everything = await readAll({ ...request, secrets: true, ref: base });
  const awaits = await request.sentTexts.read();
  const named = new Set(everything.resources.map(nameResource));
  const planned = await makePlan({
    ...everything,
    kinds,
    // What paths leave out was not read, and must not pass for removed.
    selects: (id, labels) =>
      (paths.length === 0 || named.has(nameResource(id))) && matchesFilter(filter, id, labels),
    partial: isNarrowing(filter) || paths.length > 0,
    prune,
    reader,
    target,
    digestKey,
    limits,
    awaits,
    signal: stop,
  });
  const { redactor } = request;
  const { resources, snapshot, base: then } = everything;
  const known = [...resources, ...snapshot.values(), ...(then?.resources.values() ?? [])];
  redactor.spare(known.flatMap((resource) => [resource.key, nameResource(resource)]));
  const { root } = settings.project;
  const { env } = settings;
  const plan = await presentPlan(planned.plan, { root, env, redactor, signal: stop });
  return { everything, planned: { ...planned, plan } };
}
