import { createHmac } from "node:crypto";
import { canonicalizeJson } from "../plan/canonical.ts";
import { revealChange, revealLive } from "../plan/diff.ts";
import { isDelete, type PlannedResource, type SavedSeals } from "../plan/plan.ts";
import { nameResource } from "../resource.ts";
import type { Json } from "../json.ts";
import type { Secret } from "../secret.ts";

/**
 * Keyed hashes of what a plan does not show: the values of sensitive fields, and all that an app which is to be deleted has.
 * They let a later run see that these are still the same; without the key nobody can guess them.
 */
export interface Seals {
  /** Of the value before and after, by resource and field. */
  readonly fields: ReadonlyMap<string, { readonly before: string; readonly after: string }>;
  /** Of everything a resource has, by resource. */
  readonly deletes: ReadonlyMap<string, string>;
  /** Of a field that was never set. */
  readonly unset: readonly string[];
}

export const NO_SEALS: Seals = { fields: new Map(), deletes: new Map(), unset: [] };

const LENGTH = 16;

/** The seals of a plan. `key` is the one of its digest. */
export function sealPlan(
  key: Secret<string>,
  { levels }: { readonly levels: readonly (readonly PlannedResource[])[] },
): Seals {
  const fields = new Map<string, { before: string; after: string }>();
  const deletes = new Map<string, string>();
  const seal = (value: Json): string =>
    createHmac("sha256", key.reveal())
      .update(canonicalizeJson(value))
      .digest("base64url")
      .slice(0, LENGTH);
  for (const item of levels.flat()) {
    const name = nameResource(item.change);
    if (isDelete(item)) deletes.set(name, seal(revealLive(item.kind, item.live)));
    else
      for (const { field, sensitive } of item.change.fields) {
        if (sensitive !== true) continue;
        const { before, after } = revealChange(item.kind, item.desired, item.live, field);
        fields.set(nameField(name, field), { before: seal(before), after: seal(after) });
      }
  }
  return { fields, deletes, unset: UNSET.map(seal) };
}

/** What a PBX says of a text that nobody has set. */
export const UNSET: readonly Json[] = [null, ""];

export function nameField(resource: string, field: string): string {
  return `${resource} ${field}`;
}

/** Seals as a saved plan holds them. */
export function saveSeals({ fields, deletes, unset }: Seals): SavedSeals {
  return { fields: Object.fromEntries(fields), deletes: Object.fromEntries(deletes), unset };
}

/** Those of a saved plan; none where it has none. */
export function loadSeals(saved: SavedSeals | undefined): Seals {
  if (saved === undefined) return NO_SEALS;
  const { fields, deletes, unset } = saved;
  return {
    fields: new Map(Object.entries(fields)),
    deletes: new Map(Object.entries(deletes)),
    unset,
  };
}
