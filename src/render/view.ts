import type { FieldChange, Origin } from "../domain/plan/diff.ts";
import type { Change, Plan, PlanSummary } from "../domain/plan/plan.ts";
import type { SourceSpan } from "../domain/problem.ts";
import type { Json } from "../domain/json.ts";
import type { ResourceId } from "../domain/resource.ts";
import { toPrintableLine } from "./printable.ts";

const MAX_LISTED = 20;

export const OP_SIGNS: Readonly<Record<Change["op"], string>> = {
  create: "+",
  update: "~",
  delete: "-",
};

/** `Plan: 2 to create, 1 to update, 0 to delete, 14 unchanged.` */
export function writeSummary(summary: PlanSummary): string {
  const { create, update, unchanged } = summary;
  return `Plan: ${create} to create, ${update} to update, ${summary.delete} to delete, ${unchanged} unchanged.`;
}

/** `CallFlowApp 806 "afterhours"` */
export function writeName(id: ResourceId & { readonly title?: string }): string {
  const title = id.title === undefined ? "" : ` "${toPrintableLine(id.title)}"`;
  return `${id.kind} ${toPrintableLine(id.key)}${title}`;
}

export function writePlace({ file, line, column }: SourceSpan): string {
  return toPrintableLine(`${file}:${line}:${column}`);
}

/** A value in one line: texts quoted, lists of named things by name, absence as such. */
export function writeValue(value: Json | undefined): string {
  if (value === undefined || value === null) return "(none)";
  return toPrintableLine(writeJson(value));
}

function writeJson(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(writeJson).join(", ")}]`;
  const parts = Object.entries(value).map(([key, item]) => `${key}: ${writeJson(item)}`);
  return `{ ${parts.join(", ")} }`;
}

/** What one field does, in one line; undefined where its diff must be shown instead. */
export function writeFieldLine(change: FieldChange, op: Change["op"]): string | undefined {
  if (change.sensitive === true)
    return `${op === "delete" ? "" : "changed "}(contains a secret, not shown)`;
  if (op === "delete") return writeValue(change.before);
  if (op === "create")
    return change.diff === undefined ? writeValue(change.after) : countLines(change.after);
  if (change.diff !== undefined) return undefined;
  return `${writeValue(change.before)} -> ${writeValue(change.after)}`;
}

function countLines(value: Json | undefined): string {
  const lines = typeof value === "string" ? value.split("\n").length : 0;
  return lines === 1 ? "(1 line)" : `(${lines} lines)`;
}

/** Changes that have the same origin, under what a reader should know of it. */
export interface Section {
  readonly heading?: string;
  readonly changes: readonly Change[];
}

const HEADINGS: readonly (readonly [Origin, string])[] = [
  ["intended", "Changed in Git"],
  ["drift", "Drift: changed on the PBX and not in Git; applying puts it back"],
  ["conflict", "Conflict: changed on both sides, differently; applying overwrites the PBX"],
];

/** With a base, what Git changed, drift and conflicts apart, each change with the fields that belong there. */
export function splitByOrigin({ base, changes }: Pick<Plan, "base" | "changes">): Section[] {
  if (base === undefined) return changes.length === 0 ? [] : [{ changes }];
  return HEADINGS.map(([origin, heading]) => ({
    heading,
    changes: changes.flatMap((change) => selectFields(change, origin)),
  })).filter((section) => section.changes.length > 0);
}

function selectFields(change: Change, origin: Origin): Change[] {
  const fields = change.fields.filter((field) => (field.origin ?? "intended") === origin);
  const bare = change.fields.length === 0 && origin === "intended";
  return fields.length === 0 && !bare ? [] : [{ ...change, fields }];
}

/** `CallFlowApp 810 "afterhours"  (was 806)`, the number it had before only where that changed. */
export function writeChangeName(change: Change): string {
  const { renumbers } = change;
  const before = renumbers === undefined ? "" : `  (was ${toPrintableLine(renumbers)})`;
  return `${writeName(change)}${before}`;
}

/** What it means that there is nothing to write. */
export function writeNothing({ unsettled = [] }: Pick<Plan, "unsettled">): string {
  return unsettled.length === 0
    ? "No changes. The PBX is as the manifests say."
    : "No changes. The PBX has what the manifests say, but not all of it runs.";
}

const MAX_BLOCKS = 3;

/** `This plan must not be applied: guard-max-deletes: the plan deletes 3 …`; nothing where it may be. */
export function writeBlocks({ blocked = [] }: Pick<Plan, "blocked">): string[] {
  if (blocked.length === 0) return [];
  const shown = blocked.slice(0, MAX_BLOCKS).map(toPrintableLine).join("; ");
  const more = blocked.length > MAX_BLOCKS ? `; and ${blocked.length - MAX_BLOCKS} more` : "";
  return [`This plan must not be applied: ${shown}${more}.`];
}

/** What a reader must know about the plan beside its changes, a sentence each. */
export function writeNotes(plan: Pick<Plan, "partial" | "unmanaged" | "unsettled">): string[] {
  const { unsettled = [] } = plan;
  const [compiling, refused] = (["compiling", "refused"] as const).map((state) =>
    unsettled.filter((resource) => resource.state === state),
  );
  const released = plan.unmanaged.filter((resource) => resource.released === true);
  const strangers = plan.unmanaged.filter((resource) => resource.released !== true);
  return [
    ...(plan.partial ? ["This plan is partial: flags or paths left manifests out."] : []),
    ...writeList("Nothing runs there, although the PBX has the script", refused ?? []),
    ...writeList("Not judged by the PBX's compiler yet, apply waits for it", compiling ?? []),
    ...writeList("No longer in Git and no longer managed, left alone because of prune", released),
    ...writeList("Not in any manifest, left alone", strangers),
  ];
}

function writeList(lead: string, resources: readonly ResourceId[]): string[] {
  if (resources.length === 0) return [];
  const keys = resources.slice(0, MAX_LISTED).map(({ key }) => toPrintableLine(key));
  const more = resources.length > MAX_LISTED ? `, and ${resources.length - MAX_LISTED} more` : "";
  return [`${lead}: ${keys.join(", ")}${more}.`];
}
