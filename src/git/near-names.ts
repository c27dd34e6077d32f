const MOST = 5;

/**
 * The names most like `name`, best first, at most five. Likeness is letters in common, wherever they stand: slips
 * and swapped letters cost little. A name counts with and without the remote or folder in front of it.
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
  return Math.min(countUnshared(name, candidate), countUnshared(name, afterFolder));
}

/** How many letters the longer-lasting of two words has left when each letter in common is struck from both. */
function countUnshared(a: string, b: string): number {
  const left = [...a.toLowerCase()];
  let missing = 0;
  for (const letter of b.toLowerCase()) {
    const at = left.indexOf(letter);
    if (at >= 0) left.splice(at, 1);
    else missing += 1;
  }
  return Math.max(left.length, missing);
}
