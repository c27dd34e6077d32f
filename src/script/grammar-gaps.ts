import { blankDirectives } from "./directives.ts";

/** `.. var rest` at the end of a list pattern or before a comma in it. */
const SLICE_VARIABLE = /(?<=\.\.)\s*var\s+\w+(?=\s*[\],])/g;

/**
 * The text without what compilers know and the grammar (tree-sitter-c-sharp 0.23) does not: directives amid a statement
 * and variables in slice patterns. Same length, so offsets stay true.
 */
export function bridgeGaps(text: string): string {
  return blankDirectives(text).replace(SLICE_VARIABLE, (variable) => " ".repeat(variable.length));
}
