import { closest, distance } from "fastest-levenshtein";

/**
 * A name without what people get wrong about it: case, `_`, `-`, blanks, and whether an `é` is one character or two.
 * `Transcription_Mode` is `transcriptionmode`.
 */
export function foldName(name: string): string {
  return name
    .replaceAll(/[_\-\s]/g, "")
    .toLowerCase()
    .normalize("NFC");
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

type Fold = (name: string) => string;

/** What nobody sees, or hardly, and what to call it. */
const HARD_TO_SEE: readonly (readonly [string, Fold])[] = [
  ["case", (name) => name.toLowerCase()],
  ["blanks", (name) => name.replaceAll(/\s/g, "")],
  ["how letters with accents are composed", (name) => name.normalize("NFC")],
];

/** What keeps two names apart that look alike: "case", "blanks"; nothing when their letters differ, which anybody sees. */
export function nameDifferences(a: string, b: string): readonly string[] {
  const equalBy = (folds: readonly (readonly [string, Fold])[]): boolean => {
    const fold: Fold = (name) => folds.reduce((text, [, step]) => step(text), name);
    return fold(a) === fold(b);
  };
  if (!equalBy(HARD_TO_SEE)) return [];
  return HARD_TO_SEE.filter((fold) => !equalBy(HARD_TO_SEE.filter((other) => other !== fold))).map(
    ([difference]) => difference,
  );
}
