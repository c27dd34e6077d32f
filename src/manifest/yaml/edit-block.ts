import type { Scalar } from "yaml";

import { writeScalar } from "./write.ts";

/** Where a block of text stands. */
export interface BlockPlace {
  readonly text: string;
  readonly lineEnd: string;
  /** Column of the key or dash it belongs to, from 0. */
  readonly indent: number;
}

const HEADER = /^[|>]([1-9]?)([+-]?)([1-9]?)([^\r\n]*)/;
const BLANK = /^[ \t]*$/;
/** The largest indent that a header can say. */
const MAX_INDICATOR = 9;
// What a block cannot hold or an editor would not keep: controls but the tab, byte order marks, half characters.
const UNFIT = /(?![\t\n])[\p{Cc}\p{Cs}\u2028\u2029\uFEFF]/u;

/**
 * Without its last line end, the text of a `|` or `>` block with another value, with its indent, its comment and its way with line ends at the end;
 * in quotes where no block can hold the value. Lines of nothing but blanks become empty: only for text whose blanks
 * at line ends mean nothing.
 */
export function rewriteBlock(node: Scalar.Parsed, value: string, place: BlockPlace): string {
  const source = place.text.slice(node.range[0], node.range[1]);
  const [, first = "", chomp = "", second = "", rest = ""] = HEADER.exec(source) ?? [];
  const lines = value.replace(/\n$/, "").split("\n");
  const indent = measureIndent(source, first || second, place.indent);
  const opening = lines.find((line) => !BLANK.test(line)) ?? "";
  const explicit = first !== "" || second !== "" || /^[ \t]/.test(opening);
  if (UNFIT.test(value) || (explicit && indent - place.indent > MAX_INDICATOR)) {
    return writeScalar(value, "QUOTE_DOUBLE");
  }
  const header = `|${explicit ? indent - place.indent : ""}${chomp}${rest}`;
  const pad = " ".repeat(indent);
  const body = lines.map((line) => (BLANK.test(line) ? "" : pad + line));
  return [header, ...body].join(place.lineEnd);
}

/** Column of the block's text, from 0. */
function measureIndent(source: string, indicator: string, parent: number): number {
  if (indicator !== "") return parent + Number(indicator);
  const [, ...lines] = source.split(/\r\n|\n/);
  const first = lines.find((line) => /[^ ]/.test(line));
  return first === undefined ? parent + 2 : (/^ */.exec(first)?.[0].length ?? parent + 2);
}
