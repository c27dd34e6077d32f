import * as fc from "fast-check";

const SURROGATES = { first: 0xd800, count: 0x800 };

/**
 * Every Unicode character, as a unit of `fc.string`. Its own `unit: "binary"` gives the same, but draws up a table of
 * a million of them first: more than a second, and a hundred megabytes that every fork has to copy.
 */
export const codePoint = fc.nat({ max: 0x10ffff - SURROGATES.count }).map(toText, toIndex);

function toText(index: number): string {
  return String.fromCodePoint(index < SURROGATES.first ? index : index + SURROGATES.count);
}

/** Throws for what is not one character, which tells fast-check that it is none of these. */
function toIndex(text: unknown): number {
  const code = typeof text === "string" ? (text.codePointAt(0) ?? 0) : 0;
  const index = code < SURROGATES.first ? code : code - SURROGATES.count;
  if (toText(index) !== text) throw new Error(`not one character: ${String(text)}`);
  return index;
}
