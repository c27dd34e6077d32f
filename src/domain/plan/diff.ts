import { structuredPatch } from "diff";
import jsonPatch, { type Operation } from "fast-json-patch";
import { canonicalizeField, canonicalizeJson } from "./canonical.ts";
import { orderField } from "./ordering.ts";
import type { Field, Kind } from "../ports.ts";
import type { SourceSpan } from "../problem.ts";
import type { Json } from "../json.ts";
import type { DesiredResource, LiveResource } from "../resource.ts";
import { reveal, Secret } from "../secret.ts";

/**
 * Where a difference comes from, known only with a base to compare with. `intended`: Git changed it since the base ·
 * `drift`: the PBX changed it and Git did not · `conflict`: both did, differently.
 */
export type Origin = "intended" | "drift" | "conflict";

/** What Git said at the base. `undefined` inside: the resource was not in Git then. */
export interface Base {
  readonly resource: DesiredResource | undefined;
}

/** One field that would move. Values are canonical. */
export interface FieldChange {
  readonly field: string;
  /** Absent when the resource does not exist yet, or when the field is sensitive. */
  readonly before?: Json;
  /** Absent when the field is sensitive. */
  readonly after?: Json;
  /** The value came from a secret: that it changes is all that anybody is told. */
  readonly sensitive?: true;
  readonly origin?: Origin;
  /** Unified diff hunks, for scripts. */
  readonly diff?: string;
  readonly at?: SourceSpan;
}

// Past this many differing lines the two scripts have so little in common that a whole replacement reads better.
const MAX_EDITS = 4000;

/**
 * What must change so that `live` becomes what the manifest says; empty when nothing must.
 * Fields the manifest leaves out, and on an existing resource those under `lifecycle.ignore`, are left alone.
 * With a base, each difference says where it comes from.
 */
export function diffResource(
  kind: Kind,
  desired: DesiredResource,
  live: LiveResource | undefined,
  base?: Base,
): FieldChange[] {
  return managedFields(kind, desired, live).flatMap((field): FieldChange[] => {
    const wanted = desired.fields[field.name];
    if (wanted === undefined) return [];
    // What is the same as it stands is the same in canonical form, and a PBX has thousands of scripts.
    if (live !== undefined && isSameText(live.fields[field.name], reveal(wanted))) return [];
    const after = comparable(kind, field, reveal(wanted));
    const before = live === undefined ? undefined : readLive(kind, field, live);
    if (before !== undefined && canonicalizeJson(before) === canonicalizeJson(after)) return [];
    const span = desired.fieldSpans[field.name];
    const origin = base === undefined ? undefined : judgeOrigin(kind, field, base, before, after);
    const head = {
      field: field.name,
      ...(origin === undefined ? {} : { origin }),
      ...(span === undefined ? {} : { at: span }),
    };
    // Where the base had a secret, or what may have been one, the PBX still has it.
    const tainted =
      wanted instanceof Secret ||
      hadSecret(base?.resource, field.name) ||
      field.hides?.(desired.key) === true;
    if (tainted) return [{ ...head, sensitive: true }];
    return [
      {
        ...head,
        ...(before === undefined ? {} : { before }),
        after,
        ...(field.comparison === "text" ? { diff: diffText(before ?? "", after) } : {}),
      },
    ];
  });
}

function isSameText(a: Json | undefined, b: Json): boolean {
  return typeof a === "string" && a === b;
}

function judgeOrigin(
  kind: Kind,
  field: Field,
  { resource }: Base,
  before: Json | undefined,
  after: Json,
): Origin {
  // Somebody made it in the console under a number that is new in Git.
  if (resource === undefined) return before === undefined ? "intended" : "conflict";
  const wanted = resource.fields[field.name];
  if (wanted === undefined) return "intended";
  const then = canonicalizeJson(comparable(kind, field, reveal(wanted)));
  if (then === canonicalizeJson(after)) return "drift";
  return before !== undefined && then === canonicalizeJson(before) ? "intended" : "conflict";
}

/**
 * What a resource that is to be deleted has, scripts left out: they are long, and may hold what nobody tainted.
 * `was` is its manifest at the base; where that had a secret, the PBX still has it.
 */
export function describeDeletion(
  kind: Kind,
  live: LiveResource,
  was: DesiredResource | undefined,
): FieldChange[] {
  return kind.fields
    .filter(({ comparison, name }) => comparison !== "text" && live.fields[name] !== undefined)
    .map((field) =>
      hadSecret(was, field.name) || field.hides?.(live.key) === true
        ? { field: field.name, sensitive: true }
        : { field: field.name, before: readLive(kind, orderField(field, live.fields), live) },
    );
}

function hadSecret(was: DesiredResource | undefined, field: string): boolean {
  return was?.fields[field] instanceof Secret || was?.unknown?.includes(field) === true;
}

/** Everything a live resource has, as it is compared: for the keyed digest and nothing else. */
export function revealLive(kind: Kind, live: LiveResource): Record<string, Json> {
  return Object.fromEntries(
    kind.fields.map((field) => [field.name, readLive(kind, orderField(field, live.fields), live)]),
  );
}

/** The values a change would write, as they are compared, secrets revealed: for the keyed digest and nothing else. */
export function revealChange(
  kind: Kind,
  desired: DesiredResource,
  live: LiveResource | undefined,
  field: string,
): { before: Json; after: Json } {
  const declared = kind.fields.find((candidate) => candidate.name === field);
  const wanted = desired.fields[field];
  if (declared === undefined || wanted === undefined) throw new Error(`no such field: ${field}`);
  const spec = orderField(declared, desired.fields, live?.fields);
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
  const after = Object.fromEntries(
    shown.flatMap((change) => (change.after === undefined ? [] : [[change.field, change.after]])),
  );
  return jsonPatch.compare(before, after);
}

function managedFields(
  kind: Kind,
  desired: DesiredResource,
  live: LiveResource | undefined,
): Field[] {
  const ignored = live === undefined ? [] : desired.lifecycle.ignore;
  return kind.fields
    .filter((field) => !ignored.includes(field.name))
    .map((field) => orderField(field, desired.fields, live?.fields));
}

/** A value of a field in the one form in which values are compared. */
export function comparable(kind: Kind, field: Field, value: Json): Json {
  return canonicalizeField(field.comparison, kind.complete(field.name, value));
}

/** What the PBX has in a field, in that form; null where it has nothing. */
export function readLive(kind: Kind, field: Field, live: LiveResource): Json {
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
