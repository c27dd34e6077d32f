/** Shorter ones are guessed faster than typed, and stand in half of all texts by chance. */
const MIN_LENGTH = 4;

/** Words of JSON and of every report: a gap in their place would say what stood there. */
const ORDINARY: ReadonlySet<string> = new Set(
  `true false null none undefined secret name kind field fields number text value error warning info problem message plan
   apply drift status target create update delete changed change changes created updated deleted unchanged missing healthy
   unhealthy applied refused failed skipped interrupted intended conflict script groups trunk default callform
   callflowapp yes no`.split(/\s+/),
);

/**
 * Why a value cannot be kept secret, as a clause, never with any of it; undefined where it can. What it is made of is masked
 * wherever it stands in a text, so that a value of a character or two, or a word of every report, would be told by the gaps.
 */
export function findWeakness(value: string): string | undefined {
  const text = value.trim();
  if (text.length < MIN_LENGTH) return `it has fewer than ${MIN_LENGTH} characters`;
  if (ORDINARY.has(text.toLowerCase())) return "it is a word that every report has in it";
  return undefined;
}
