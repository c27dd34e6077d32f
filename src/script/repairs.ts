import { findMisplacedBrace } from "./braces.ts";
import { endOfLine, insertAt, startOfLine } from "./repair.ts";
import type { Repair } from "./repair.ts";
import { closeRunaways, straighten } from "./text-repairs.ts";
import type { Faults, Token } from "./tokens.ts";

/** Tokens around a fault at which a repair is tried. */
const MAX_ANCHORS = 8;

/** Ends of statements that are tried in a text the parser gave up. */
const MAX_STATEMENTS = 24;

/** How many blanks the line that an offset is on begins with. */
function measureIndent(text: string, offset: number): number {
  return text.slice(startOfLine(text, offset), offset).search(/[^ \t\uFEFF]|$/);
}

/** The token the parser made up, where it is one an author may have forgotten; its other guesses are odd. */
function fillMissing(type: string, offset: number): Repair[] {
  const named = type === "identifier";
  if (!named && !/^[;:,(){}[\]>]$/.test(type)) return [];
  const insert = named ? " missing " : type;
  const message = named ? "expected a name" : `expected '${type}'`;
  return [{ ...insertAt(offset, insert, message), guessed: true }];
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
function dropOrOpen({ start, end }: Pick<Token, "start" | "end">): Repair[] {
  return [
    { start, end, from: start, to: end, insert: " ".repeat(end - start) },
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

/**
 * Semicolons where a line ends like a statement, has none and is not continued by a deeper one. Some mistakes
 * make the parser give up the whole text without a hint at the place; the end of a block is tried first.
 */
function endStatements(text: string, tokens: readonly Token[]): Repair[] {
  const blockEnds: Repair[] = [];
  const others: Repair[] = [];
  for (const [index, { type, start }] of tokens.entries()) {
    const end = tokens[index - 1]?.end ?? 0;
    if (!/[\w)\]"']/.test(text.charAt(end - 1)) || !/[\r\n]/.test(text.slice(end, start))) continue;
    const isDeeper = measureIndent(text, start) > measureIndent(text, end);
    const ends = type === "}" ? blockEnds : others;
    if (!isDeeper && type !== "{") ends.push(insertAt(end, ";", "expected ';'"));
  }
  return [...blockEnds, ...others].slice(0, MAX_STATEMENTS);
}

function mendBraces(text: string, tokens: readonly Token[]): Repair[] {
  const mistake = findMisplacedBrace(text, tokens);
  if (mistake === undefined) return [];
  const { start, end } = mistake.brace;
  const certain = mistake.excess > 1;
  if (mistake.kind === "surplus")
    return [{ start, end, from: start, to: end, insert: " ", certain }];
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
  repairs.push(...closeRunaways(text, fault, tokens));
  repairs.push(...mendBraces(text, tokens));
  if (text.slice(fault.start, fault.end).includes("\n"))
    repairs.push(...endStatements(text, tokens));
  const anchors = chooseAnchors(faults, tokens);
  for (const index of anchors) {
    const token = tokens[index];
    if (token !== undefined) repairs.push(...fillBefore(token, tokens[index - 1]));
  }
  for (const index of anchors) repairs.push(...dropOrOpen(tokens[index] ?? fault));
  if (fault.end > fault.start && fault.end <= endOfLine(text, fault.start))
    repairs.push(...dropOrOpen(fault));
  return repairs;
}
