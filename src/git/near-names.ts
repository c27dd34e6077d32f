const MOST = 5;

/**
 * The names most like `name`, best first, at most five. Likeness is letters in common, wherever they stand: slips
 * and swapped letters cost little. A name counts with and without the remote or folder in front of it, and one that
 * goes on after `name` is always near.
 */
export function findNearNames(name: string, names: Iterable<string>): readonly string[] {
  const limit = Math.max(1, Math.floor(name.length / 3));
  return [...new Set(names)]
    .map((candidate) => ({ candidate, cost: measure(name, candidate) }))
    .filter(({ cost }) => cost <= limit)
    .toSorted((a, b) => a.cost - b.cost)
    .slice(0, MOST)
    .map(({ candidate }) => candidate);
}

function measure(name: string, candidate: string): number {
  const afterFolder = candidate.slice(candidate.indexOf("/") + 1);
  if (name !== "" && afterFolder.startsWith(name)) return afterFolder === name ? 0 : 1;
  return Math.min(countUnshared(name, candidate), countUnshared(name, afterFolder));
}

/** The letters left over in the one or the other word, whichever has more, once those in common are struck out. */
function countUnshared(a: string, b: string): number {
  let left = a.toLowerCase();
  let missing = 0;
  for (const letter of b.toLowerCase()) {
    if (left.includes(letter)) left = left.replace(letter, "");
    else missing += 1;
  }
  return Math.max(left.length, missing);
}
