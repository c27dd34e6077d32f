import type { Token } from "./tokens.ts";

/** Where the braces of a text stop fitting its indentation. */
export interface BraceMistake {
  /** More `{` than `}`, or the other way round. */
  readonly kind: "unclosed" | "surplus";
  /** Unclosed: the `{`. Surplus: the `}`. */
  readonly brace: Token;
  /** How many braces there are too many of. */
  readonly excess: number;
  /** Unclosed: the tokens, by index, in front of which the `}` may belong; past the last for the end of the text. */
  readonly before: readonly number[];
}

interface Open {
  readonly brace: Token;
  readonly indent: number;
}

/** Per offset asked for, in rising order: the start of its line and how many blanks that line begins with. */
function readLines(
  text: string,
): (offset: number) => { readonly start: number; readonly indent: number } {
  let start = 0;
  return (offset) => {
    for (
      let next = text.indexOf("\n", start);
      next >= 0 && next < offset;
      next = text.indexOf("\n", start)
    )
      start = next + 1;
    return { start, indent: text.slice(start).search(/[^ \t\uFEFF]|$/) };
  };
}

/** The first token after a brace that begins a line no deeper than the brace's own. */
function findOutdent(text: string, tokens: readonly Token[], { brace, indent }: Open): number {
  const lineOf = readLines(text);
  const index = tokens.findIndex(({ start }) => {
    if (start <= brace.start) return false;
    const line = lineOf(start);
    return line.start > brace.start && line.indent <= indent && line.start + line.indent === start;
  });
  return index < 0 ? tokens.length : index;
}

/**
 * The first brace that cannot be right, or undefined when braces pair up. Indentation tells which one it
 * is, since a parser learns of a lost brace only at the end of the text.
 */
export function findMisplacedBrace(
  text: string,
  tokens: readonly Token[],
): BraceMistake | undefined {
  const lineOf = readLines(text);
  const open: Open[] = [];
  let suspect:
    | { readonly opener: Open; readonly closer: Token; readonly index: number }
    | undefined;
  const surplus: Token[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.type !== "{" && token.type !== "}") continue;
    const line = lineOf(token.start);
    if (token.type === "{") {
      open.push({ brace: token, indent: line.indent });
      continue;
    }
    const opener = open.pop();
    if (opener === undefined) surplus.push(token);
    else if (opener.brace.start < line.start && opener.indent !== line.indent)
      suspect ??= { opener, closer: token, index };
  }
  // A surplus brace in one place and a missing one in another are two mistakes; the missing one is told first.
  const unclosed = suspect?.opener ?? open[0];
  if (open.length > 0 && unclosed !== undefined) {
    const before = [findOutdent(text, tokens, unclosed), suspect?.index ?? tokens.length];
    return { kind: "unclosed", brace: unclosed.brace, excess: open.length, before };
  }
  const [first] = surplus;
  if (first === undefined) return undefined;
  return { kind: "surplus", brace: suspect?.closer ?? first, excess: surplus.length, before: [] };
}
