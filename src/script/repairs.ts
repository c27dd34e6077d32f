import { findMisplacedBrace } from "./braces.ts";
import type { Fault, Faults, Token } from "./tokens.ts";

/** A change to the text that might mend a fault, and what to tell the author if it does. */
export interface Repair {
  readonly message: string;
  /** What the finding points at. */
  readonly start: number;
  readonly end: number;
  /** `text.slice(from, to)` becomes `insert`. */
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  /** Needed whatever else is wrong, though it may not show until a further repair is made. */
  readonly certain?: boolean;
  /** The parser's own idea. */
  readonly guessed?: boolean;
}

/** Tokens around a fault at which a repair is tried. */
const MAX_ANCHORS = 8;

function insertAt(offset: number, insert: string, message: string): Repair {
  return { message, start: offset, end: offset, from: offset, to: offset, insert };
}

/** Quotes a token in a message: one line, not too long, control characters spelled out. */
export function quoteToken(text: string): string {
  const [line = ""] = text.split(/[\r\n]/, 1);
  const shown = line.length > 40 ? `${line.slice(0, 40)}…` : line;
  return `'${shown.replace(/\p{C}/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)}'`;
}

function endOfLine(text: string, offset: number): number {
  const rest = text.slice(offset).search(/[\r\n]/);
  return rest < 0 ? text.length : offset + rest;
}

function startOfLine(text: string, offset: number): number {
  return Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
}

/** The token the parser made up, where it is one an author may have forgotten; its other guesses are odd. */
function fillMissing(type: string, offset: number): Repair[] {
  const named = type === "identifier";
  if (!named && !/^[;:,(){}[\]>]$/.test(type)) return [];
  const insert = named ? " missing " : type;
  const message = named ? "expected a name" : `expected '${type}'`;
  return [{ ...insertAt(offset, insert, message), guessed: true }];
}

/** For a string, character or comment that runs on: the places on its line where it may have been meant to end. */
function closeText(text: string, from: number): Repair[] {
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
function straighten(text: string, offset: number): Repair[] {
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

/** What may be missing in front of a token. */
function fillBefore(token: Token, previous: Token | undefined): Repair[] {
  const before = previous?.end ?? 0;
  const filler = previous?.type === "." ? "expected a name after '.'" : "expected an expression";
  const inString = token.type === '"' ? [insertAt(token.start, "}", "expected '}'")] : [];
  return [
    ...[";", ")", "]", "}", ">", ","].map((insert) =>
      insertAt(before, insert, `expected '${insert}'`),
    ),
    ...inString,
    { ...insertAt(before, " missing ", filler), start: token.start, end: token.end },
  ];
}

/** The stretch is one too many, or an opening bracket is missing in front of it. */
function dropOrOpen(text: string, { start, end }: Pick<Token, "start" | "end">): Repair[] {
  const stretch = text.slice(start, end);
  const drop = { message: `unexpected ${quoteToken(stretch)}`, start, end, from: start, to: end };
  return [
    { ...drop, insert: " ".repeat(end - start) },
    ...["{", "("].map((insert) => insertAt(start, insert, `expected '${insert}'`)),
  ];
}

/** Which tokens a mistake that shows as this fault may sit at. */
function chooseAnchors(faults: Faults, tokens: readonly Token[]): number[] {
  const [fault] = faults.outer;
  if (fault === undefined) return [];
  const indexAt = (offset: number): number => tokens.findIndex(({ end }) => end > offset);
  const first = indexAt(fault.start);
  const after = tokens.findIndex(({ start }) => start >= fault.end);
  const inner = faults.inner.slice(0, 2).map(indexAt);
  const last = (after < 0 ? tokens.length : after) - 1;
  const next = inner.map((index) => index + 1);
  const around = [first, ...inner, ...next, after, last, first + 1, first + 2, first - 1];
  return [...new Set(around)]
    .filter((index) => index >= 0 && index < tokens.length)
    .slice(0, MAX_ANCHORS);
}

/** Starts of the strings, characters and comments near a fault that do not end on the line they start on. */
function findRunaways(text: string, fault: Fault, tokens: readonly Token[]): number[] {
  const near = startOfLine(text, fault.start);
  const starts: number[] = [];
  let open: Token | undefined;
  for (const [index, token] of tokens.entries()) {
    if (token.end <= near) continue;
    if (open !== undefined && endOfLine(text, open.start) <= token.start) {
      starts.push(open.start);
      open = undefined;
    }
    if (token.start > fault.end) break;
    if (token.type === "/" && tokens[index + 1]?.type === "*") starts.push(token.start);
    if (token.type !== '"' && token.type !== "'") continue;
    if (token.type === "'" && open === undefined) starts.push(token.start);
    open = open === undefined ? token : undefined;
  }
  if (open !== undefined) starts.push(open.start);
  return [...new Set(starts)].slice(0, MAX_ANCHORS);
}

function mendBraces(text: string, tokens: readonly Token[]): Repair[] {
  const mistake = findMisplacedBrace(text, tokens);
  if (mistake === undefined) return [];
  const { start, end } = mistake.brace;
  const certain = mistake.excess > 1;
  if (mistake.kind === "surplus")
    return [{ message: "unexpected '}'", start, end, from: start, to: end, insert: " ", certain }];
  const message = "this '{' is never closed: expected '}'";
  return mistake.before.map((index) => {
    const at = tokens[index - 1]?.end ?? text.length;
    return { message, start, end, from: at, to: at, insert: "}", certain };
  });
}

/**
 * Everything worth trying for the first fault of a text, the likeliest first. `tokens` are those of the
 * tree the faults came from. The caller parses each changed text and keeps what helps most.
 */
export function listRepairs(text: string, faults: Faults, tokens: readonly Token[]): Repair[] {
  const [fault] = faults.outer;
  if (fault === undefined) return [];
  const repairs: Repair[] = [];
  if (fault.missing !== undefined) {
    const at = tokens.findLast(({ end }) => end <= fault.start)?.end ?? fault.start;
    repairs.push(...fillMissing(fault.missing, at));
  }
  repairs.push(...straighten(text, fault.start));
  for (const start of findRunaways(text, fault, tokens)) repairs.push(...closeText(text, start));
  repairs.push(...mendBraces(text, tokens));
  const anchors = chooseAnchors(faults, tokens);
  for (const index of anchors) {
    const token = tokens[index];
    if (token !== undefined) repairs.push(...fillBefore(token, tokens[index - 1]));
  }
  for (const index of anchors) repairs.push(...dropOrOpen(text, tokens[index] ?? fault));
  if (fault.end <= endOfLine(text, fault.start)) repairs.push(...dropOrOpen(text, fault));
  return repairs;
}
