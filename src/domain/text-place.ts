import type { SourceSpan } from "./problem.ts";
import type { Substitution, TextSource } from "./resource.ts";

/** A line and column, both from 1; columns count UTF-16 units, as editors do. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

const LINE_END = /\r\n|\n|\r/g;

/** The offsets at which the lines of a text start: 0, then one after every CRLF, LF or lone CR. */
export function findLineStarts(text: string): readonly number[] {
  const starts = [0];
  // Searching for one character is many times faster than matching, and most texts have no CR.
  if (!text.includes("\r")) {
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1))
      starts.push(end + 1);
    return starts;
  }
  for (const end of text.matchAll(LINE_END)) starts.push(end.index + end[0].length);
  return starts;
}

/** The place of an offset (UTF-16 units), given the line starts of its text. */
export function placeOffset(lineStarts: readonly number[], offset: number): TextPlace {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}

/** Kept for as long as the source is, because a text with many findings is asked about for each of them. */
const LINE_STARTS = new WeakMap<TextSource, readonly number[]>();

function recallLineStarts(source: TextSource): readonly number[] {
  const starts = LINE_STARTS.get(source) ?? findLineStarts(source.text);
  LINE_STARTS.set(source, starts);
  return starts;
}

/** Where an offset of the unresolved text (UTF-16 units, clamped to the text) stands in the user's file. */
export function locateInSource(source: TextSource, offset: number): SourceSpan {
  const within = Math.max(0, Math.min(offset, source.text.length));
  const place = placeOffset(recallLineStarts(source), within);
  const before = place.line === 1 ? source.column - 1 : source.indent;
  return {
    file: source.file,
    line: source.line + place.line - 1,
    column: place.column + before,
    ...(source.archive !== undefined && { archive: source.archive }),
  };
}

/**
 * Where an offset of the final text (UTF-16 units, clamped to the text) stands in the user's file.
 * A place inside a substituted stretch is the start of its reference.
 */
export function locateInText(source: TextSource, offset: number): SourceSpan {
  return locateInSource(source, findSourceOffset(source.substitutions, offset));
}

/** Undoes the substitutions; they are in order and do not overlap. */
function findSourceOffset(substitutions: readonly Substitution[], offset: number): number {
  let shift = 0;
  for (const { start, end, sourceStart, sourceEnd } of substitutions) {
    if (offset < start) break;
    if (offset < end) return sourceStart;
    shift = sourceEnd - end;
  }
  return offset + shift;
}
