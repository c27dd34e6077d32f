import { structuredPatch } from "diff";
import jsonPatch, { type Operation } from "fast-json-patch";
import { canonicalizeField, canonicalizeJson } from "./canonical.ts";
import type { Field, Kind } from "./ports.ts";
import type { SourceSpan } from "./problem.ts";
import type { DesiredResource, Json, LiveResource } from "./resource.ts";
import { reveal, Secret } from "./secret.ts";

/** One field that would move. Values are canonical. */
export interface FieldChange {
  readonly field: string;
  /** Absent when the resource does not exist yet, or when the field is sensitive. */
  readonly before?: Json;
  /** Absent when the field is sensitive. */
  readonly after?: Json;
  /** The value came from a secret: that it changes is all that anybody is told. */
  readonly sensitive?: true;
  /** Unified diff hunks, for scripts. */
  readonly diff?: string;
  readonly at?: SourceSpan;
}

// Past this many differing lines the two scripts have so little in common that a whole replacement reads better.
const MAX_EDITS = 4000;

/**
 * What must change so that `live` becomes what the manifest says; empty when nothing must.
 * Fields the manifest leaves out, and on an existing resource those under `lifecycle.ignore`, are left alone.
 */
export function diffResource(
  kind: Kind,
  desired: DesiredResource,
  live: LiveResource | undefined,
): FieldChange[] {
  return managedFields(kind, desired, live).flatMap((field): FieldChange[] => {
    const wanted = desired.fields[field.name];
    if (wanted === undefined) return [];
    const after = comparable(kind, field, reveal(wanted));
    const before = live === undefined ? undefined : readLive(kind, field, live);
    if (before !== undefined && canonicalizeJson(before) === canonicalizeJson(after)) return [];
    const span = desired.fieldSpans[field.name];
    const at = span === undefined ? {} : { at: span };
    if (wanted instanceof Secret) return [{ field: field.name, sensitive: true, ...at }];
    return [
      {
        field: field.name,
        ...(before === undefined ? {} : { before }),
        after,
        ...(field.comparison === "text" ? { diff: diffText(before ?? "", after) } : {}),
        ...at,
      },
    ];
  });
}

/** The values a change would write, as they are compared, secrets revealed: for the keyed digest and nothing else. */
export function revealChange(
  kind: Kind,
  desired: DesiredResource,
  live: LiveResource | undefined,
  field: string,
): { before: Json; after: Json } {
  const spec = kind.fields.find((candidate) => candidate.name === field);
  const wanted = desired.fields[field];
  if (spec === undefined || wanted === undefined) throw new Error(`no such field: ${field}`);
  return {
    before: live === undefined ? null : readLive(kind, spec, live),
    after: comparable(kind, spec, reveal(wanted)),
  };
}

/** The changes as an RFC 6902 patch of the spec. A sensitive field is not in it. */
export function toJsonPatch(changes: readonly FieldChange[]): Operation[] {
  const shown = changes.filter((change) => change.sensitive !== true);
  const before = Object.fromEntries(
    shown.flatMap((change) => (change.before === undefined ? [] : [[change.field, change.before]])),
  );
  const after = Object.fromEntries(shown.map((change) => [change.field, change.after]));
  return jsonPatch.compare(before, after);
}

function managedFields(
  kind: Kind,
  desired: DesiredResource,
  live: LiveResource | undefined,
): Field[] {
  const ignored = live === undefined ? [] : desired.lifecycle.ignore;
  return kind.fields.filter((field) => !ignored.includes(field.name));
}

function comparable(kind: Kind, field: Field, value: Json): Json {
  return canonicalizeField(field.comparison, kind.complete(field.name, value));
}

function readLive(kind: Kind, field: Field, live: LiveResource): Json {
  return comparable(kind, field, live.fields[field.name] ?? null);
}

function diffText(before: Json, after: Json): string {
  const [oldText, newText] = [endLastLine(before), endLastLine(after)];
  const patch = structuredPatch("", "", oldText, newText, "", "", {
    context: 3,
    maxEditLength: MAX_EDITS,
  });
  if (patch === undefined) return replaceWhole(oldText, newText);
  return patch.hunks.map((hunk) => [headHunk(hunk), ...hunk.lines].join("\n")).join("\n");
}

function endLastLine(value: Json): string {
  return typeof value === "string" && value !== "" ? `${value}\n` : "";
}

function headHunk(hunk: {
  oldStart: number;
  oldLines: number;
  newStart: number;
  newLines: number;
}): string {
  return `@@ -${writeRange(hunk.oldStart, hunk.oldLines)} +${writeRange(hunk.newStart, hunk.newLines)} @@`;
}

// The format counts a range without lines from the line before it; a patch program refuses anything else.
function writeRange(start: number, lines: number): string {
  return `${lines === 0 ? start - 1 : start},${lines}`;
}

function replaceWhole(oldText: string, newText: string): string {
  const [oldLines, newLines] = [splitLines(oldText), splitLines(newText)];
  const head = headHunk({
    oldStart: 1,
    oldLines: oldLines.length,
    newStart: 1,
    newLines: newLines.length,
  });
  return [head, ...oldLines.map((line) => `-${line}`), ...newLines.map((line) => `+${line}`)].join(
    "\n",
  );
}

function splitLines(text: string): string[] {
  return text === "" ? [] : text.slice(0, -1).split("\n");
}
