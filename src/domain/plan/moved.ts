import { canonicalizeJson } from "./canonical.ts";
import { comparable, readLive } from "./diff.ts";
import { orderField } from "./ordering.ts";
import { isDelete, type PlannedResource, type PlannedWrite } from "./plan.ts";
import type { Field, Kind } from "../ports.ts";
import type { Json } from "../json.ts";
import { failure, type ProblemError } from "../problem.ts";
import { nameResource, type LiveResource } from "../resource.ts";
import { reveal, Secret } from "../secret.ts";

/** A longer value says less than the name of its field. */
const LONGEST_SHOWN = 80;

/** Where a field is now: as it was `seen` before, as the manifest wants it, or at neither. */
export type Standing = "seen" | "wanted" | "moved";

/** Where a field stands. What did not exist before (`seen` is undefined) had nothing in any field. */
export function judgeStanding(
  kind: Kind,
  field: string,
  sides: {
    seen: LiveResource | undefined;
    now: LiveResource;
    wanted?: Json | undefined;
  },
): Standing {
  const { seen, now, wanted } = sides;
  const spec = orderField(findField(kind, field), now.fields);
  const is = canonicalizeJson(readLive(kind, spec, now));
  if (wanted !== undefined && is === canonicalizeJson(comparable(kind, spec, wanted)))
    return "wanted";
  const was = seen === undefined ? comparable(kind, spec, null) : readLive(kind, spec, seen);
  return is === canonicalizeJson(was) ? "seen" : "moved";
}

/**
 * Fields that somebody has moved between two readings: of what is to be deleted any field, else those that the manifest
 * manages. One that became what the manifest wants, or what is being written, has not: there is nothing to lose in it.
 */
export function findMoved(
  item: PlannedResource,
  seen: LiveResource,
  now: LiveResource,
  writing: Readonly<Record<string, Json>> = {},
): string[] {
  const { kind } = item;
  const isMoved = (field: string, wanted: Json | undefined): boolean =>
    judgeStanding(kind, field, { seen, now, wanted }) === "moved";
  return kind.fields
    .map(({ name }) => name)
    .filter((field) => isDelete(item) || manages(item, field))
    .filter((field) => isMoved(field, wantedOf(item, field)) && isMoved(field, writing[field]));
}

function manages({ desired, change }: PlannedWrite, field: string): boolean {
  if (desired.fields[field] === undefined) return false;
  return change.op === "create" || !desired.lifecycle.ignore.includes(field);
}

function wantedOf(item: PlannedResource, field: string): Json | undefined {
  const wanted = isDelete(item) ? undefined : item.desired.fields[field];
  return wanted === undefined ? undefined : reveal(wanted);
}

/** `name is "night" now and was "day"`, for each of the fields; texts and what may hold a secret by name only. */
export function describeMoved(
  item: PlannedResource,
  fields: readonly string[],
  seen: LiveResource | undefined,
  now: LiveResource,
): string {
  return fields
    .map((name) => {
      const field = findField(item.kind, name);
      if (field.comparison === "text" || isSensitive(item, name)) return name;
      const is = canonicalizeJson(readLive(item.kind, field, now));
      const was = seen === undefined ? "" : canonicalizeJson(readLive(item.kind, field, seen));
      if (is.length > LONGEST_SHOWN || was.length > LONGEST_SHOWN) return name;
      return `${name} is ${is} now${was === "" ? "" : ` and was ${was}`}`;
    })
    .join("; ");
}

function isSensitive(item: PlannedResource, field: string): boolean {
  const changed = item.change.fields.some((one) => one.field === field && one.sensitive === true);
  const hidden = findField(item.kind, field).hides?.(item.change.key) === true;
  return changed || hidden || (!isDelete(item) && item.desired.fields[field] instanceof Secret);
}

/** A request that is not sent because of what somebody did after the plan was made: "was removed". `undone` is what that leaves. */
export function refuseMoved(
  item: PlannedResource,
  deed: string,
  undone = "it is left alone",
): ProblemError {
  const name = nameResource(item.change);
  return failure("moved-since-plan", `${name} ${deed} after the plan was made, so ${undone}`, {
    hint: "plan again to see it as it is now",
  });
}

function findField(kind: Kind, name: string): Field {
  const field = kind.fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new Error(`no such field: ${name}`);
  return field;
}
