import type { FieldChange } from "../../domain/plan/diff.ts";
import { hasChanges, type Change, type Plan, type Target } from "../../domain/plan/plan.ts";
import type { Colour, Paint } from "../paint.ts";
import { toPrintable, toPrintableLine } from "../printable.ts";
import {
  OP_SIGNS,
  splitByOrigin,
  writeBlocks,
  writeChangeName,
  writeFieldLine,
  writeNotes,
  writeNothing,
  writePlace,
  writeSummary,
  type Section,
} from "../view.ts";

const OP_COLOURS: Readonly<Record<Change["op"], Colour>> = {
  create: "green",
  update: "yellow",
  delete: "red",
};
const INDENT = " ".repeat(6);

/** A plan as Terraform users know it, ending in its summary line. */
export function renderPlan(plan: Plan, paint: Paint): string {
  const parts = [
    renderTarget(plan.target, paint),
    ...renderSections(plan, paint),
    ...(hasChanges(plan) ? [] : [writeNothing(plan)]),
    ...writeNotes(plan).map((note) => paint("dim", note)),
    paint("bold", writeSummary(plan.summary)),
    ...writeBlocks(plan).map((text) => paint("red", text)),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Which PBX a result is about. */
export function renderTarget({ name, url }: Target, paint: Paint): string {
  return `${paint("bold", `Target ${toPrintableLine(name)}`)} ${paint("dim", toPrintableLine(url))}`;
}

/** The changes in full, drift and conflicts under headings of their own; a text each, to be set apart by an empty line. */
export function renderSections(plan: Pick<Plan, "base" | "changes">, paint: Paint): string[] {
  return splitByOrigin(plan).flatMap((section) => renderSection(section, paint));
}

function renderSection({ heading, changes }: Section, paint: Paint): string[] {
  return [
    ...(heading === undefined ? [] : [paint("bold", heading)]),
    ...changes.map((change) => renderChange(change, paint)),
  ];
}

function renderChange(change: Change, paint: Paint): string {
  const sign = paint(OP_COLOURS[change.op], OP_SIGNS[change.op]);
  const place = change.at === undefined ? "" : `  ${paint("dim", writePlace(change.at))}`;
  const head = `  ${sign} ${change.op} ${paint("bold", writeChangeName(change))}${place}`;
  const width = Math.max(0, ...change.fields.map(({ field }) => field.length));
  const fields = change.fields.map((field) => renderField(field, change.op, width, paint));
  return [head, ...fields].join("\n");
}

function renderField(field: FieldChange, op: Change["op"], width: number, paint: Paint): string {
  const line = writeFieldLine(field, op);
  if (line !== undefined) return `${INDENT}${field.field.padEnd(width)}  ${line}`;
  const hunks = toPrintable(field.diff ?? "").split("\n");
  const place = field.at === undefined ? "" : `  ${paint("dim", writePlace(field.at))}`;
  return [
    `${INDENT}${field.field}${place}`,
    ...hunks.map((hunk) => renderHunkLine(hunk, paint)),
  ].join("\n");
}

function renderHunkLine(line: string, paint: Paint): string {
  const text = `${INDENT}  ${line}`.trimEnd();
  if (line.startsWith("@@")) return paint("cyan", text);
  if (line.startsWith("+")) return paint("green", text);
  return line.startsWith("-") ? paint("red", text) : text;
}
