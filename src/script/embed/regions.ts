import { LINE_END } from "./line-end.ts";

/** A string literal as it begins. */
export interface Literal {
  readonly verbatim: boolean;
  /** How many `$` stand in front. */
  readonly dollars: number;
  /** How many quotes begin and end a raw literal; 0 for any other. */
  readonly quotes: number;
  /** Of a raw literal of several lines: the blanks that its last line begins with. Undefined for one line. */
  indent?: string;
  /** Where its text begins and ends, offsets into the script. */
  readonly start: number;
  end: number;
}

/** A stretch of a script that is no code. Offsets are UTF-16 units, `end` exclusive. */
export interface Region {
  readonly start: number;
  readonly end: number;
  readonly is: "string" | "char" | "line-comment" | "block-comment" | "directive";
  /** Of a string: all its stretches share one, the holes of an interpolated one between them. */
  readonly literal?: Literal;
}

/** Holes in literals in holes: nobody nests more, and a text that does must not end the program. */
const MAX_NESTING = 100;

/** Begins with `$`, `@` or `"`; `$` and `@` come in either order. */
const OPENING = /(\$*@?\$*)("+)/y;
const NEXT_LINE_END = new RegExp(LINE_END, "g");

/**
 * The stretches of a C# script that are no code, in the order of the text. Only what C# calls its lexical grammar is read, so that a
 * script with mistakes in it is read as well: a literal that is not ended ends with its line, or with the text.
 */
export function findRegions(text: string): readonly Region[] {
  const regions: Region[] = [];
  readCode(text, 0, 0, 0, regions);
  return regions.toSorted((a, b) => a.start - b.start);
}

/** Reads code from `at`; a hole of an interpolated string up to its `braces` closing ones, else to the end. Gives where that is. */
function readCode(
  text: string,
  at: number,
  braces: number,
  nesting: number,
  regions: Region[],
): number {
  let depth = 0;
  let lineStart = braces === 0;
  while (at < text.length) {
    const char = text[at] ?? "";
    const next = text[at + 1];
    if (isLineEnd(char)) lineStart = braces === 0;
    else if (char === "#" && lineStart) at = pushLine(text, at, "directive", regions);
    else if (char === "/" && next === "/") at = pushLine(text, at, "line-comment", regions);
    else if (char === "/" && next === "*") at = pushComment(text, at, regions);
    else if (char === "'") at = readChar(text, at, regions);
    else if (isOpening(text, at)) at = readString(text, at, nesting, regions);
    else if (braces > 0) {
      if ("([{".includes(char)) depth += 1;
      else if (")]".includes(char)) depth -= 1;
      else if (char === "}" && depth > 0) depth -= 1;
      else if (char === "}") return at + braces;
      else if (char === ":" && depth <= 0 && next !== ":" && text[at - 1] !== ":")
        return skipFormat(text, at) + braces;
    }
    if (!/\s/.test(text[at] ?? "") && !isLineEnd(char)) lineStart = false;
    at += 1;
  }
  return at;
}

function isLineEnd(char: string): boolean {
  return LINE_END.test(char);
}

function isOpening(text: string, at: number): boolean {
  if (!'"$@'.includes(text[at] ?? "")) return false;
  OPENING.lastIndex = at;
  return OPENING.test(text);
}

function findLineEnd(text: string, from: number): number {
  NEXT_LINE_END.lastIndex = from;
  return NEXT_LINE_END.exec(text)?.index ?? text.length;
}

/** Gives the last character of the stretch. */
function pushLine(text: string, at: number, is: Region["is"], regions: Region[]): number {
  const end = findLineEnd(text, at);
  regions.push({ start: at, end, is });
  return end - 1;
}

function pushComment(text: string, at: number, regions: Region[]): number {
  const close = text.indexOf("*/", at + 2);
  const end = close < 0 ? text.length : close + 2;
  regions.push({ start: at, end, is: "block-comment" });
  return end - 1;
}

function readChar(text: string, at: number, regions: Region[]): number {
  let end = at + 1;
  while (end < text.length && text[end] !== "'" && !isLineEnd(text[end] ?? ""))
    end += text[end] === "\\" ? 2 : 1;
  regions.push({ start: at, end: Math.min(end + 1, text.length), is: "char" });
  return end;
}

/** The format of a hole, `{x:0.00}`, up to its closing brace. */
function skipFormat(text: string, at: number): number {
  const end = text.indexOf("}", at);
  return end < 0 ? text.length : end;
}

/** Gives the last character of the literal. */
function readString(text: string, at: number, nesting: number, regions: Region[]): number {
  OPENING.lastIndex = at;
  const [whole = "", signs = "", marks = ""] = OPENING.exec(text) ?? [];
  const verbatim = signs.includes("@");
  const dollars = signs.length - (verbatim ? 1 : 0);
  if (!verbatim && marks.length >= 3)
    return readRaw(text, at + whole.length, dollars, marks.length, nesting, regions);
  // Of two quotes without an @ the second ends what the first began.
  const start = at + signs.length + 1;
  const literal: Literal = { verbatim, dollars, quotes: 0, start, end: start };
  let from = start;
  let end = start;
  while (end < text.length) {
    const char = text[end] ?? "";
    const doubled = text[end + 1] === char;
    if (char === "\\" && !verbatim) end += 2;
    else if (char === '"' && verbatim && doubled) end += 2;
    else if (char === '"') break;
    else if (isLineEnd(char) && !verbatim) break;
    else if (dollars > 0 && (char === "{" || char === "}") && doubled) end += 2;
    else if (dollars > 0 && char === "{" && nesting < MAX_NESTING) {
      regions.push({ start: from, end, is: "string", literal });
      end = readCode(text, end + 1, 1, nesting + 1, regions);
      from = end;
    } else end += 1;
  }
  literal.end = Math.min(end, text.length);
  regions.push({ start: from, end: literal.end, is: "string", literal });
  return end;
}

function readRaw(
  text: string,
  start: number,
  dollars: number,
  quotes: number,
  nesting: number,
  regions: Region[],
): number {
  const literal: Literal = { verbatim: false, dollars, quotes, start, end: start };
  let from = start;
  let end = start;
  while (end < text.length) {
    const char = text[end] ?? "";
    if (char === '"') {
      const run = countRun(text, end, '"');
      // One that is longer ends with as many as it takes.
      if (run >= quotes) {
        end += run - quotes;
        break;
      }
      end += run;
    } else if (char === "{" && dollars > 0 && nesting < MAX_NESTING) {
      const run = countRun(text, end, "{");
      end += run;
      if (run < dollars) continue;
      regions.push({ start: from, end: end - dollars, is: "string", literal });
      end = readCode(text, end, dollars, nesting + 1, regions);
      from = end;
    } else end += 1;
  }
  literal.end = Math.min(end, text.length);
  const content = text.slice(start, literal.end);
  if (/^[ \t]*[\n\r\u0085\u2028\u2029]/.test(content))
    literal.indent = /[ \t]*$/.exec(content)?.[0] ?? "";
  regions.push({ start: from, end: literal.end, is: "string", literal });
  return end + quotes - 1;
}

function countRun(text: string, at: number, char: string): number {
  let end = at;
  while (text[end] === char) end += 1;
  return end - at;
}
