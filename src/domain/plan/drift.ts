import { toJsonPatch, type Origin } from "./diff.ts";
import { summarize, type BaseResources, type Change, type Plan } from "./plan.ts";
import { nameResource } from "../resource.ts";

/** What the PBX has otherwise than Git says: the changes that would put it back, and nothing else of a plan. */
export type Drift = Pick<
  Plan,
  "target" | "base" | "partial" | "summary" | "changes" | "unmanaged" | "unsettled"
>;

const MOVED: ReadonlySet<Origin | undefined> = new Set(["drift", "conflict"]);

/**
 * The drift in a plan. With the manifests at the base, what Git itself has changed since then is not drift, nor is what it
 * has removed: that is still to be applied. Without a base every difference counts.
 */
export function selectDrift(plan: Plan, base: BaseResources | undefined): Drift {
  const { target, partial, unmanaged, unsettled } = plan;
  const changes =
    base === undefined ? plan.changes : plan.changes.flatMap((change) => keepMoved(change, base));
  const { create, update, unchanged } = plan.summary;
  return {
    target,
    ...(plan.base === undefined ? {} : { base: plan.base }),
    partial,
    summary: summarize(changes, create + update + unchanged),
    changes,
    unmanaged,
    ...(unsettled === undefined ? {} : { unsettled }),
  };
}

function keepMoved(change: Change, base: BaseResources): Change[] {
  if (change.op === "delete") return base.has(nameResource(change)) ? [] : [change];
  const fields = change.fields.filter(({ origin }) => MOVED.has(origin));
  // A resource that vanished from the PBX has drifted as a whole, also where its manifest says no field.
  const vanished = change.op === "create" && base.has(nameResource(change));
  if (vanished) return [change];
  return fields.length === 0 ? [] : [{ ...change, fields, patch: toJsonPatch(fields) }];
}

/** The changes of a plan with a base that Git has made since and the PBX does not have: all that is no drift alone. */
export function selectOutstanding(
  { changes }: Pick<Plan, "changes">,
  drift: Pick<Drift, "changes">,
): Change[] {
  const moved = new Set(drift.changes.map(nameResource));
  return changes.filter((change) => {
    if (change.op === "delete") return !moved.has(nameResource(change));
    const { fields } = change;
    return fields.length === 0 || fields.some(({ origin }) => origin !== "drift");
  });
}
