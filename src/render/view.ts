import type { FieldChange } from "../domain/diff.ts";
import type { Change, Plan, PlanSummary } from "../domain/plan.ts";
import type { SourceSpan } from "../domain/problem.ts";
import type { Json, ResourceId } from "../domain/resource.ts";
import { toPrintableLine } from "./printable.ts";

export const OP_SIGNS: Readonly<Record<Change["op"], string>> = { create: "+", update: "~" };

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
  return `${toPrintableLine(file)}:${line}:${column}`;
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
  if (change.sensitive === true) return "changed (contains a secret, not shown)";
  if (op === "create")
    return change.diff === undefined ? writeValue(change.after) : countLines(change.after);
  if (change.diff !== undefined) return undefined;
  return `${writeValue(change.before)} -> ${writeValue(change.after)}`;
}

function countLines(value: Json | undefined): string {
  const lines = typeof value === "string" ? value.split("\n").length : 0;
  return lines === 1 ? "(1 line)" : `(${lines} lines)`;
}

/** What a reader must know about the plan beside its changes, a sentence each. */
export function writeNotes(plan: Plan): string[] {
  const { unmanaged, partial } = plan;
  const numbers = unmanaged.slice(0, 20).map(({ key }) => toPrintableLine(key));
  const more = unmanaged.length > 20 ? `, and ${unmanaged.length - 20} more` : "";
  return [
    ...(partial ? ["This plan is partial: flags or paths left manifests out."] : []),
    ...(unmanaged.length === 0
      ? []
      : [`Not in any manifest, left alone: ${numbers.join(", ")}${more}.`]),
  ];
}
