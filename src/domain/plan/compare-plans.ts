import { canonicalizeJson } from "./canonical.ts";
import type { FieldChange } from "./diff.ts";
import type { Change, Plan } from "./plan.ts";
import type { Json } from "../json.ts";
import { nameResource } from "../resource.ts";

type Comparable = Pick<Plan, "changes" | "target">;

/**
 * How the operations of a plan made now differ from those of a reviewed one, a sentence each, in the order of the plans.
 * Empty when nothing that can be shown differs; then a secret's value, or the key of the digest, has changed.
 */
export function comparePlans(reviewed: Comparable, current: Comparable): string[] {
  const [before, after] = [byName(reviewed.changes), byName(current.changes)];
  const moved =
    reviewed.target.url === current.target.url && reviewed.target.name === current.target.name
      ? []
      : [
          `the reviewed plan is for ${reviewed.target.name} (${reviewed.target.url}), this one for ${current.target.name} (${current.target.url})`,
        ];
  const vanished = [...before.keys()]
    .filter((name) => !after.has(name))
    .map((name) => `${name}: was to ${before.get(name)?.op}, is no longer in the plan`);
  const others = [...after].flatMap(([name, change]) => {
    const was = before.get(name);
    if (was === undefined) return [`${name}: is to ${change.op}, was not in the reviewed plan`];
    if (was.op !== change.op) return [`${name}: was to ${was.op}, is now to ${change.op}`];
    return compareFields(name, was.fields, change.fields);
  });
  return [...moved, ...vanished, ...others];
}

function compareFields(
  name: string,
  reviewed: readonly FieldChange[],
  current: readonly FieldChange[],
): string[] {
  const fields = new Set([...reviewed, ...current].map(({ field }) => field));
  return [...fields].flatMap((field) =>
    compareField(
      reviewed.find((change) => change.field === field),
      current.find((change) => change.field === field),
    ).map((difference) => `${name}: ${field} ${difference}`),
  );
}

function compareField(was: FieldChange | undefined, is: FieldChange | undefined): string[] {
  if (is === undefined) return ["is no longer changed"];
  if (was === undefined) return ["is changed too"];
  // Of these one side shows no values, so there is nothing to compare.
  if (was.sensitive !== is.sensitive)
    return [is.sensitive === true ? "contains a secret now" : "contains no secret any more"];
  const differences: string[] = [];
  if (!sameValue(was.before, is.before)) differences.push("is different on the PBX now");
  if (!sameValue(was.after, is.after)) differences.push("is to get another value now");
  return differences;
}

function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  return canonicalizeJson(a ?? null) === canonicalizeJson(b ?? null);
}

function byName(changes: readonly Change[]): Map<string, Change> {
  return new Map(changes.map((change) => [nameResource(change), change]));
}
