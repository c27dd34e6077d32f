import { diffArrays, FILE_HEADERS_ONLY, formatPatch, structuredPatch } from "diff";

/** A stretch of two lists of lines: the same in both, or one in the place of the other. Ends are exclusive. */
export interface LineRun {
  readonly same: boolean;
  readonly before: readonly [start: number, end: number];
  readonly after: readonly [start: number, end: number];
}

// Past this many differing lines two texts have little in common, and finding it takes the square of the time.
const MAX_EDITS = 4000;

/** How `after` came from `before`, in order and without gaps; two runs next to each other are never of the same sort. */
export function alignLines(before: readonly string[], after: readonly string[]): LineRun[] {
  const changes = diffArrays([...before], [...after], { maxEditLength: MAX_EDITS });
  if (changes === undefined) {
    return [{ same: false, before: [0, before.length], after: [0, after.length] }];
  }
  const runs: LineRun[] = [];
  let [b, a] = [0, 0];
  for (const { added, removed, count } of changes) {
    const [nextB, nextA] = [b + (added ? 0 : count), a + (removed ? 0 : count)];
    const last = runs.at(-1);
    const same = !added && !removed;
    if (last !== undefined && !last.same && !same) {
      runs[runs.length - 1] = {
        same,
        before: [last.before[0], nextB],
        after: [last.after[0], nextA],
      };
    } else runs.push({ same, before: [b, nextB], after: [a, nextA] });
    [b, a] = [nextB, nextA];
  }
  return runs;
}

/**
 * What becomes of a file, as `git diff` writes it and patch programs read it; empty when nothing does. `before` is
 * undefined for a new file.
 */
export function writeUnifiedDiff(file: string, before: string | undefined, after: string): string {
  if (before === after) return "";
  const [from, to] = [before === undefined ? "/dev/null" : `a/${file}`, `b/${file}`];
  const compare = (one: string, other: string, options = {}) =>
    structuredPatch(from, to, one, other, undefined, undefined, { context: 3, ...options });
  const patch = compare(before ?? "", after, { maxEditLength: MAX_EDITS });
  if (patch !== undefined) return formatPatch(patch, FILE_HEADERS_ONLY);
  const [removed, added] = [compare(before ?? "", ""), compare("", after)];
  const lines = [...removed.hunks, ...added.hunks].flatMap((hunk) => hunk.lines);
  const [oldLines, newLines] = [removed.hunks[0]?.oldLines ?? 0, added.hunks[0]?.newLines ?? 0];
  const hunk = { oldStart: 1, oldLines, newStart: 1, newLines, lines };
  return formatPatch({ ...removed, hunks: [hunk] }, FILE_HEADERS_ONLY);
}
