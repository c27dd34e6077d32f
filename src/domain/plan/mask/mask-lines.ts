import type { Json } from "../../json.ts";
import { maskSpans, type Span } from "../../spans.ts";

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/** The lines of a text with what the spans cover masked, in as many lines as before. */
export function maskLines(text: string, spans: readonly Span[]): string[] {
  let offset = 0;
  return text.split("\n").map((line) => {
    const [start, end] = [offset, offset + line.length];
    offset = end + 1;
    const inside = spans
      .filter((span) => span.start < end && span.end > start)
      .map((span) => ({
        start: Math.max(span.start, start) - start,
        end: Math.min(span.end, end) - start,
      }));
    return maskSpans(line, inside);
  });
}

/** A diff with the lines of the texts it is about in their masked form. */
export function maskDiff(
  diff: string,
  before: readonly string[],
  after: readonly string[],
): string {
  // Before the first hunk are the names of the files, as a diff of files has them.
  let [old, now] = [-1, -1];
  let inside = false;
  const lines = diff.split("\n").map((line) => {
    const head = HUNK.exec(line);
    if (head !== null) {
      [old, now] = [Number(head[1]) - 1, Number(head[2]) - 1];
      inside = true;
      return line;
    }
    const sign = line.charAt(0);
    if (!inside || !/[-+ ]/.test(sign)) return line;
    const text = sign === "+" ? after[now] : before[old];
    if (sign !== "+") old += 1;
    if (sign !== "-") now += 1;
    return text === undefined ? line : sign + text;
  });
  return lines.join("\n");
}

/** The lines of a text; none of anything else. */
export function splitLines(value: Json | undefined): string[] {
  return typeof value === "string" ? value.split("\n") : [];
}
