/** More than any project has needed, in characters. */
const MAX_LENGTH = 500;
/**
 * How many wildcards of a pattern may be in doubt about what they take: each multiplies the time that a name of many
 * characters can take by its length.
 */
const MAX_DOUBTS = 3;

/** Why a pattern could take longer to match than anybody waits, as a clause; undefined for any that cannot. */
export function findCost(pattern: string): string | undefined {
  if (pattern.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`;
  const plain = pattern.replaceAll(/\\./gs, "x");
  if (/[*+!]\(/.test(plain.replace(/^!(?!\()/, ""))) return "it repeats or excludes a group";
  const steps = plain.split("/");
  // Each group of choices may be tried with every choice of the others.
  const groups = plain.match(/[{(]/g)?.length ?? 0;
  const doubts = steps.reduce((sum, step) => sum + countDoubts(step), Math.max(0, groups - 1));
  return doubts > MAX_DOUBTS ? "it has too many wildcards" : undefined;
}

/** One wildcard in a name is found at once; of more, all but one have to be tried; `**` has every depth to try. */
function countDoubts(step: string): number {
  if (step === "**") return 1;
  const stars = step.match(/\*+/g)?.length ?? 0;
  return Math.max(0, stars - 1);
}
