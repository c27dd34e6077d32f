/** Git begins each of these lines with seven of a kind, in the first column, and in this order. */
const CONFLICT = /^<{7}(?: .*)?\r?$[^]*?^={7}\r?$[^]*?^>{7}(?: .*)?\r?$/m;

/** What is said of a text that Git could not merge and nobody has finished. */
export const CONFLICT_MESSAGE = "a merge left its conflict here: Git's own marks stand in the text";
export const CONFLICT_HINT =
  "choose what is to stay between <<<<<<< and >>>>>>>, remove the marks, and commit";

/** UTF-16 offset of the first `<<<<<<<` of a merge that nobody finished; undefined where there is none. */
export function findConflict(text: string): number | undefined {
  // Without this, a text without any would be searched for all three.
  return text.includes("<<<<<<<") ? CONFLICT.exec(text)?.index : undefined;
}
