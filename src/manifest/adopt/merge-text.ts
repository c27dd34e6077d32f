import { canonicalizeText, normalizeLineEnds } from "../../domain/plan/canonical.ts";
import { alignLines } from "../../domain/plan/line-diff.ts";
import {
  escapeReferences,
  mayReference,
  type ResolvedText,
  resolveText,
  type Scope,
} from "../references/resolve.ts";
import { restoreReferences, type RestoredText, type UsedReference } from "../references/restore.ts";

interface SourceLine {
  /** Unresolved, without its line end. */
  readonly source: string;
  readonly lineEnd: string;
  /** What it stands for, as it is compared; several lines where a reference stands for several. */
  readonly lines: readonly string[];
  readonly references: readonly UsedReference[];
}

/**
 * A text with references, changed so that it stands for `wanted`: what has not changed keeps every byte, its references
 * and its line ends; what has is written literally, except that the value of a reference that stood there is that reference.
 * `lost` are references whose value is gone from where they stood: the text holds something else there, literally.
 */
export function mergeText(
  source: string,
  wanted: string,
  scope: Scope,
  secrets: readonly UsedReference[],
): RestoredText {
  // Line by line it may not look so: a reference to nothing can join the two halves of a line end.
  const stands = canonicalizeText(resolveText(source, scope).text) === canonicalizeText(wanted);
  if (stands) return { text: source, lost: [] };
  const marks = /^\uFEFF*/.exec(source)?.[0] ?? "";
  const all = splitLines(source.slice(marks.length), scope);
  const tail = all.findLastIndex(({ lines }) => lines.some((line) => line !== "")) + 1;
  const before = all.slice(0, tail);
  const count = canonicalizeText(wanted).split("\n").length;
  const after = normalizeLineEnds(wanted).split("\n").slice(0, count);
  const kept = findKept(before, after);
  const lost: string[] = [];
  const lineEnd = all[0]?.lineEnd || "\n";
  const written: { text: string; lineEnd: string }[] = [];
  let [b, a] = [0, 0];
  const replace = (toB: number, toA: number): void => {
    if (toA > a || toB > b) {
      const stood = before.slice(b, toB).flatMap(({ references }) => references);
      const restored = restoreReferences(after.slice(a, toA).join("\n"), stood, secrets);
      lost.push(...restored.lost);
      if (toA > a) for (const text of restored.text.split("\n")) written.push({ text, lineEnd });
    }
    [b, a] = [toB, toA];
  };
  for (const { index, at } of kept) {
    replace(index, at);
    const line = before[index];
    if (line === undefined) continue;
    written.push({ text: line.source, lineEnd: line.lineEnd });
    [b, a] = [index + 1, at + line.lines.length];
  }
  replace(before.length, after.length);
  const last = all[tail - 1]?.lineEnd ?? lineEnd;
  const body = written.map((line, index) =>
    index === written.length - 1 ? line.text + last : line.text + (line.lineEnd || lineEnd),
  );
  const rest = all.slice(tail).map((line) => line.source + line.lineEnd);
  const text = marks + body.join("") + rest.join("");
  return verify({ text, lost }, source, wanted, scope, secrets);
}

/** Where the pieces make a reference by coming together, or a reference swallows its neighbours, all is written literally. */
function verify(
  merged: RestoredText,
  source: string,
  wanted: string,
  scope: Scope,
  secrets: readonly UsedReference[],
): RestoredText {
  const isRight = ({ text }: RestoredText): boolean =>
    canonicalizeText(resolveText(text, scope).text) === canonicalizeText(wanted);
  if (isRight(merged)) return merged;
  const plain = normalizeLineEnds(wanted);
  const stood = splitLines(source, scope).flatMap(({ references }) => references);
  const whole = restoreReferences(plain, stood, secrets);
  if (isRight(whole)) return whole;
  const lost = [...stood, ...secrets.filter(({ value }) => plain.includes(value))];
  return { text: escapeReferences(plain), lost: lost.map((reference) => reference.source) };
}

function splitLines(text: string, scope: Scope): SourceLine[] {
  // As a whole, because where a reference stands in a literal is not seen from its line.
  const whole = resolveText(text, scope);
  const lines = [...text.matchAll(/([^\r\n]*)(\r\n|\r|\n|$)/g)].map(
    ({ index, 1: source = "", 2: lineEnd = "" }) => readLine(source, lineEnd, index, whole),
  );
  // The pattern matches once more at the very end.
  return lines.filter(({ source, lineEnd }) => source !== "" || lineEnd !== "");
}

function readLine(
  source: string,
  lineEnd: string,
  offset: number,
  whole: ResolvedText,
): SourceLine {
  if (!mayReference(source)) {
    return { source, lineEnd, lines: [dropBlanks(source)], references: [] };
  }
  const inside = whole.substitutions.filter(
    ({ sourceStart }) => sourceStart >= offset && sourceStart < offset + source.length,
  );
  let text = "";
  let read = 0;
  const references: UsedReference[] = [];
  for (const place of inside) {
    const [start, end] = [place.sourceStart - offset, place.sourceEnd - offset];
    const reference = source.slice(start, end);
    const put = whole.text.slice(place.start, place.end);
    text += source.slice(read, start) + put;
    read = end;
    if (reference.startsWith("$$")) continue;
    const secret = reference.startsWith("${secret:");
    references.push({ source: reference, value: normalizeLineEnds(put), secret });
  }
  text += source.slice(read);
  const lines = text.split(/\r\n|\r|\n/).map(dropBlanks);
  return { source, lineEnd, lines, references };
}

/** The lines that stay as they are, and which lines of the other text they stand for. */
function findKept(before: readonly SourceLine[], after: readonly string[]) {
  const flat = before.flatMap(({ lines }) => lines);
  // Empty lines at the end count for nothing, also those that a reference brings.
  const end = flat.findLastIndex((line) => line !== "") + 1;
  const at: (number | undefined)[] = flat.map(() => undefined);
  for (const { same, before: from, after: to } of alignLines(
    flat.slice(0, end),
    after.map(dropBlanks),
  )) {
    if (!same) continue;
    for (let index = from[0]; index < from[1]; index += 1) at[index] = to[0] + index - from[0];
  }
  const kept: { readonly index: number; readonly at: number }[] = [];
  let first = 0;
  for (const [index, { lines }] of before.entries()) {
    const start = at[first];
    const matches = (offset: number): boolean =>
      first + offset >= end || (start !== undefined && at[first + offset] === start + offset);
    const whole = start !== undefined && lines.every((_, offset) => matches(offset));
    if (whole) kept.push({ index, at: start });
    first += lines.length;
  }
  return kept;
}

/** A line of a script as it is compared. */
function dropBlanks(line: string): string {
  return canonicalizeText(`x${line}`).slice(1);
}
