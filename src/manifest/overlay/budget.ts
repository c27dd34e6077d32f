import { isPartList, isPartMap, type Part } from "../yaml/find-node.ts";

/** Operations and patches for one manifest: each may look at every value of it. */
export const MAX_STEPS = 1_000;
/** What overlays may make of one manifest; without a limit, sixty copies of a list into itself fill any memory. */
export const MAX_VALUES = 20_000;
/** A text counts as one value for every so many characters. */
const CHARACTERS = 64;

const known = new WeakMap<Part, number>();

/** How many values there are in a part. Parts never change, so that what was counted once stays counted. */
export function countValues(part: Part): number {
  const counted = known.get(part);
  if (counted !== undefined) return counted;
  const { content } = part;
  let count = typeof content === "string" ? 1 + content.length / CHARACTERS : 1;
  if (isPartList(content)) for (const item of content) count += countValues(item);
  else if (isPartMap(content)) for (const item of content.values()) count += countValues(item);
  known.set(part, count);
  return count;
}
