import { closest, distance } from "fastest-levenshtein";

/** A name without what people get wrong about it: case, `_` and `-`. `Transcription_Mode` is `transcriptionmode`. */
export function foldName(name: string): string {
  return name.replaceAll(/[_\-\s]/g, "").toLowerCase();
}

/**
 * The candidate that was probably meant, or undefined when none is near: at most two slips in five
 * characters, and four in all.
 */
export function findNearest(name: string, candidates: readonly string[]): string | undefined {
  const folded = foldName(name);
  const byFold = new Map(candidates.map((candidate) => [foldName(candidate), candidate]));
  const exact = byFold.get(folded);
  if (exact !== undefined || byFold.size === 0) return exact;
  const near = closest(folded, [...byFold.keys()]);
  const limit = Math.min(4, Math.floor(Math.max(near.length, folded.length) * 0.4));
  return near.length > 1 && distance(folded, near) <= limit ? byFold.get(near) : undefined;
}

/** A hint, or undefined when nothing is near. */
export function suggestName(name: string, candidates: readonly string[]): string | undefined {
  const nearest = findNearest(name, candidates);
  return nearest === undefined ? undefined : `did you mean ${nearest}?`;
}

/** `a, b or c`. */
export function joinNames(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

/** Text of the user's, fit for one line of a message. */
export function quoteText(text: string): string {
  const line = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
  return JSON.stringify(line);
}

const MAX_LENGTH = 80;
