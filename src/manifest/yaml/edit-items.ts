import { endOfLine, type Walk } from "./edit-places.ts";

/** Puts an entry behind the one that ends at `end`. */
export function addItem(
  walk: Walk,
  end: number,
  entry: string,
  flow: boolean,
  column: number,
): void {
  if (flow) {
    walk.edits.push({ start: end, end, text: `, ${entry}` });
    return;
  }
  // Behind the comment of the line it follows.
  const at = endOfLine(walk.text, end);
  walk.edits.push({ start: at, end: at, text: `${walk.lineEnd}${" ".repeat(column)}${entry}` });
}

/** Puts an entry before the one that starts at `start`. */
export function prependItem(
  walk: Walk,
  start: number,
  entry: string,
  flow: boolean,
  column: number,
): void {
  const text = flow ? `${entry}, ` : `${entry}${walk.lineEnd}${" ".repeat(column)}`;
  walk.edits.push({ start, end: start, text });
}

/** Takes an item out with its comma, or its whole lines; comments on lines of their own stay. */
export function removeItem(
  { text, edits }: Walk,
  items: readonly { readonly start: number; readonly end: number }[],
  index: number,
  flow: boolean,
): void {
  const { start, end } = items[index] ?? { start: 0, end: 0 };
  if (!flow) {
    const lineStart = text.lastIndexOf("\n", start - 1) + 1;
    // The first key of a list item shares its line with the dash: what follows moves up to it.
    if (text.slice(lineStart, start).trim() !== "") {
      edits.push({ start, end: items[index + 1]?.start ?? end, text: "" });
      return;
    }
    // With the line end before it: what is added to the list may stand in front of the one behind it.
    const before = /\r?\n$/.exec(text.slice(0, lineStart))?.[0].length ?? 0;
    edits.push({ start: lineStart - before, end: endOfLine(text, end), text: "" });
    return;
  }
  const comma = /^\s*,[ \t]*/.exec(text.slice(end));
  if (comma !== null) {
    edits.push({ start, end: end + comma[0].length, text: "" });
    return;
  }
  // The last one takes the comma before it along, unless a comment stands between.
  const previous = items[index - 1]?.end ?? start;
  const bare = !text.slice(previous, start).includes("#");
  edits.push({ start: bare ? previous : start, end, text: "" });
}
