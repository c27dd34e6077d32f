import { SECRET_MARK } from "./secret.ts";

/** A stretch of a text. Offsets are UTF-16 units, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The text with a mark in the place of each span. */
export function maskSpans(text: string, spans: readonly Span[]): string {
  let masked = "";
  let read = 0;
  for (const { start, end } of spans) {
    masked += text.slice(read, start) + SECRET_MARK;
    read = end;
  }
  return masked + text.slice(read);
}

/** Spans of several sources as one list, in order, those that touch or overlap joined. */
export function joinSpans(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last !== undefined && span.start <= last.end)
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else joined.push(span);
  }
  return joined;
}
