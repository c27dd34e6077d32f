import { canonicalizeJson } from "../plan/canonical.ts";
import type { FieldChange } from "../plan/diff.ts";
import type { Change, Plan } from "../plan/plan.ts";
import { nameField, UNSET, type Seals } from "./seals.ts";
import type { Json } from "../json.ts";
import { nameResource } from "../resource.ts";

/** A plan with all its values, and the seals of those that it does not show. */
export interface SealedPlan extends Pick<Plan, "target" | "changes"> {
  readonly seals: Seals;
}

/**
 * True when the plan does nothing that was not reviewed: it is what an apply that was cut off has left to do. Each change
 * concerns a reviewed resource that is as the review saw it, or as that apply left it, and brings a reviewed field to its reviewed
 * value. What somebody has changed since is no rest of anything.
 */
export function isRestOf(plan: SealedPlan, reviewed: SealedPlan): boolean {
  const { target } = plan;
  if (target.name !== reviewed.target.name || target.url !== reviewed.target.url) return false;
  const known = new Map(reviewed.changes.map((change) => [nameResource(change), change]));
  return plan.changes.every((change) => {
    const name = nameResource(change);
    const was = known.get(name);
    if (was === undefined) return false;
    if (was.op === "create" && change.op === "update") return isBegun(change, was, plan, reviewed);
    if (was.op !== change.op) return false;
    if (change.op === "delete")
      return isSameSeal(plan, reviewed, ({ deletes }) => deletes.get(name));
    return change.fields.every((field) => isAsSeen(name, field, was, plan, reviewed));
  });
}

/** The apply has made the resource and not finished it: some fields are in place, and it holds no text of somebody else's. */
function isBegun(change: Change, was: Change, plan: SealedPlan, reviewed: SealedPlan): boolean {
  if (change.fields.length >= was.fields.length) return false;
  const name = nameResource(change);
  return change.fields.every(
    (field) => wantsSame(name, field, was, plan, reviewed) && !holdsWork(name, field, plan),
  );
}

function holdsWork(name: string, field: FieldChange, { seals }: SealedPlan): boolean {
  if (field.sensitive === true) {
    const before = seals.fields.get(nameField(name, field.field))?.before;
    return before === undefined || !seals.unset.includes(before);
  }
  return field.diff !== undefined && !UNSET.some((unset) => isSame(unset, field.before ?? null));
}

function isAsSeen(
  name: string,
  field: FieldChange,
  was: Change,
  plan: SealedPlan,
  reviewed: SealedPlan,
): boolean {
  if (!wantsSame(name, field, was, plan, reviewed)) return false;
  if (field.sensitive === true)
    return isSameSeal(
      plan,
      reviewed,
      ({ fields }) => fields.get(nameField(name, field.field))?.before,
    );
  return isSame(findField(was, field)?.before, field.before);
}

function wantsSame(
  name: string,
  field: FieldChange,
  was: Change,
  plan: SealedPlan,
  reviewed: SealedPlan,
): boolean {
  const then = findField(was, field);
  if (then === undefined || then.sensitive !== field.sensitive) return false;
  if (field.sensitive === true)
    return isSameSeal(
      plan,
      reviewed,
      ({ fields }) => fields.get(nameField(name, field.field))?.after,
    );
  return isSame(then.after, field.after);
}

/** False as well where one of them is not sealed: then nobody can tell. */
function isSameSeal(
  plan: SealedPlan,
  reviewed: SealedPlan,
  find: (seals: Seals) => string | undefined,
): boolean {
  const seal = find(plan.seals);
  return seal !== undefined && seal === find(reviewed.seals);
}

function findField({ fields }: Change, { field }: FieldChange): FieldChange | undefined {
  return fields.find((candidate) => candidate.field === field);
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || canonicalizeJson(a ?? null) === canonicalizeJson(b ?? null);
}
