import { blankDirectives } from "./directives.ts";

/** `.. var rest` at the end of a list pattern or before a comma in it. */
const SLICE_VARIABLE = /(?<=\.\.)\s*var\s+\w+(?=\s*[\],])/g;

/**
 * A word that is a keyword only in its place, where it stands as a name: what follows can follow a name, and no pattern, no
 * initializer and no declaration.
 */
const NAME =
  /\b(?:and|async|file|nint|not|nuint|or|partial|record|required|with)\b(?=\s*(?:[.,);\]}=!?:&|*/%]|\+[+=]|\+\s*[\w"(]|-[-=]|-\s*[\w"(]|\[|[<>]=?\s*\w|(?:in|is|as)\b))/g;

/** After these a word is the keyword of a pattern: `x is > 1 or < 3`, `is not [1, 2]`, `a or -1`. */
const COMBINES = /^(?:and|or|not|with)$/;
const PATTERN = /^\s*(?:[<>[]|[+-]\s*[\w"(])/;

/**
 * The text without what compilers know and the grammar (tree-sitter-c-sharp 0.23) does not: directives amid a statement,
 * variables in slice patterns, and names that are keywords elsewhere. Same length, so offsets stay true.
 */
export function bridgeGaps(text: string): string {
  return blankDirectives(text)
    .replace(SLICE_VARIABLE, (variable) => " ".repeat(variable.length))
    .replace(NAME, (word, offset: number, whole: string) =>
      COMBINES.test(word) && isPattern(whole, offset, word.length) ? word : capitalize(word),
    );
}

/** Between an operand and what may begin a pattern it combines them; after anything else it is a name. */
function isPattern(text: string, offset: number, length: number): boolean {
  const before = text.slice(Math.max(0, offset - 80), offset).trimEnd();
  return (
    PATTERN.test(text.slice(offset + length)) &&
    /[\w"')\]}]$/.test(before) &&
    !/\breturn$/.test(before)
  );
}

/** The same word as a name that is no keyword anywhere: C# minds the case. */
function capitalize(word: string): string {
  return word.slice(0, -1) + word.slice(-1).toUpperCase();
}
