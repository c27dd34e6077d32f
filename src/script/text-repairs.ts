import { endOfLine, quoteToken, startOfLine } from "./repair.ts";
import type { Repair } from "./repair.ts";
import type { Fault, Token } from "./tokens.ts";

/** How many strings and comments near a fault are looked at. */
const MAX_RUNAWAYS = 8;

/** For a string, character or comment that runs on: the places on its line where it may have been meant to end. */
function closeAt(text: string, from: number): Repair[] {
  const end = endOfLine(text, from);
  const line = text.slice(from, end);
  const tails = [/\s*[)\]};,]*\s*$/, /\s*[;,]?\s*$/, /\s*$/].map(
    (tail) => from + line.search(tail),
  );
  const close = (insert: string, message: string): Repair[] =>
    [...new Set(tails)].map((at) => ({ message, start: from, end, from: at, to: at, insert }));
  if (line.startsWith("/*")) return close("*/", "unclosed comment: expected '*/'");
  if (/^[$@]*"/.test(line)) return close('"', "unclosed string: expected '\"' on this line");
  const wide = /^'([^'\r\n]*)'/.exec(line);
  if (wide === null)
    return line.startsWith("'") ? close("'", 'unclosed character: expected "\'"') : [];
  const [whole, inside = ""] = wide;
  return [
    {
      message: `${quoteToken(inside)} is not one character; text stands in double quotes`,
      start: from,
      end: from + whole.length,
      from,
      to: from + whole.length,
      insert: `"${inside}"`,
    },
  ];
}

/** Quotation marks a word processor or a chat program has made of straight ones. */
export function straighten(text: string, offset: number): Repair[] {
  const from = startOfLine(text, offset);
  const to = endOfLine(text, offset);
  const line = text.slice(from, to);
  const at = line.search(/[“”„‘’]/);
  if (at < 0) return [];
  const start = from + at;
  const message = `'${line.charAt(at)}' is a typographic quotation mark; C# knows only the straight ones`;
  const insert = line.replace(/[“”„]/g, '"').replace(/[‘’]/g, "'");
  return [{ message, start, end: start + 1, from, to, insert }];
}

/** Starts of the strings, characters and comments near a fault that do not end on the line they start on. */
function findRunaways(text: string, fault: Fault, tokens: readonly Token[]): number[] {
  const near = startOfLine(text, fault.start);
  const starts = new Set<number>();
  let open: { readonly start: number; readonly lineEnd: number } | undefined;
  for (const [index, { type, start, end }] of tokens.entries()) {
    if (end <= near) continue;
    if (open !== undefined && open.lineEnd <= start) {
      starts.add(open.start);
      open = undefined;
    }
    if (start > fault.end || starts.size >= MAX_RUNAWAYS) break;
    if (type === "/" && tokens[index + 1]?.type === "*") starts.add(start);
    if (type !== '"' && type !== "'") continue;
    if (type === "'" && open === undefined) starts.add(start);
    open = open === undefined ? { start, lineEnd: endOfLine(text, start) } : undefined;
  }
  if (open !== undefined) starts.add(open.start);
  return [...starts];
}

/** Repairs for text in quotes and comments that runs on past its end. */
export function closeRunaways(text: string, fault: Fault, tokens: readonly Token[]): Repair[] {
  return findRunaways(text, fault, tokens).flatMap((start) => closeAt(text, start));
}
