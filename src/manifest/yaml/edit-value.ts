import { isScalar, type ParsedNode, type Scalar } from "yaml";

import type { Json } from "../../domain/json.ts";
import { rewriteBlock } from "./edit-block.ts";
import { columnOf, endOf, type Place, type Walk } from "./edit-places.ts";
import { writeAfterKey, writeFlow, writeScalar } from "./write.ts";

/** Puts a value in the place of another, in its style where that can be. */
export function replace(walk: Walk, node: ParsedNode | null, after: Json, place: Place): void {
  if (node === null || node.range[1] === node.range[0]) {
    const at = node?.anchor === undefined ? place.after : node.range[0];
    walk.edits.push({ start: at, end: at, text: writeValue(after, place, walk.lineEnd) });
    return;
  }
  const [start, end] = [node.range[0], endOf(walk.text, node)];
  const text = isScalar(node) ? restyle(walk, node, after, place) : undefined;
  if (text !== undefined) {
    walk.edits.push({ start, end, text });
    return;
  }
  // A block that becomes a word moves up to its key, unless a comment or an anchor stands between.
  const between = walk.text.slice(place.after, start);
  if (!place.flow && between.trim() === "") {
    walk.edits.push({ start: place.after, end, text: writeValue(after, place, walk.lineEnd) });
  } else walk.edits.push({ start, end, text: padBelow(walk, start, place) + writeFlow(after) });
}

/** A scalar in the style of the one before it; undefined for a list or map. */
function restyle(walk: Walk, node: Scalar.Parsed, after: Json, place: Place): string | undefined {
  if (after !== null && typeof after === "object") return undefined;
  const { type } = node;
  if (typeof after !== "string") return writeScalar(after);
  if (type === "BLOCK_LITERAL" || type === "BLOCK_FOLDED")
    return rewriteBlock(node, after, { ...walk, ...place });
  const quoted = type === "QUOTE_SINGLE" || type === "QUOTE_DOUBLE";
  return writeScalar(after, quoted ? type : "PLAIN");
}

/** A list may start in the column of its key, on another line; nothing else may. */
export function padBelow(walk: Walk, start: number, { flow, after, indent }: Place): string {
  const below = !flow && walk.text.slice(after, start).includes("\n");
  return below && columnOf(walk, start) <= indent ? "  " : "";
}

function writeValue(value: Json, place: Place, lineEnd: string): string {
  return place.flow || place.key === ""
    ? ` ${writeFlow(value)}`
    : writeAfterKey(place.key, value, place.indent, lineEnd);
}
