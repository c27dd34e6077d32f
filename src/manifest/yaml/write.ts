import type { Json } from "../../domain/json.ts";
import { isList, isObject } from "../json.ts";

/** How the text before was written, as the parser calls it. */
export type ScalarStyle = "PLAIN" | "QUOTE_SINGLE" | "QUOTE_DOUBLE";

/** A list that makes its line longer than this is written one item to a line. */
const LINE_WIDTH = 100;

// Words and names only: what any YAML reader, of 1.1 too, takes for text and nothing else.
const PLAIN = /^[\p{L}_][\p{L}\p{N}_.-]*(?: [\p{L}\p{N}_.-]+)*$/u;
const WORDS_OF_YAML = /^(?:true|false|null|yes|no|on|off|y|n)$/i;
const UNSHOWABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** A scalar in one line, in the style given where the value can be written in it. */
export function writeScalar(value: Json, style: ScalarStyle = "PLAIN"): string {
  if (typeof value !== "string") return JSON.stringify(value);
  if (style === "PLAIN" && PLAIN.test(value) && !WORDS_OF_YAML.test(value)) return value;
  if (style === "QUOTE_SINGLE" && !UNSHOWABLE.test(value)) {
    return `'${value.replaceAll("'", "''")}'`;
  }
  return quote(value);
}

/** JSON's escapes are YAML's; what nobody could see or a file cannot hold is escaped besides. */
function quote(text: string): string {
  const escape = (mark: string): string =>
    Array.from({ length: mark.length }, (_, index) => {
      const unit = mark.charCodeAt(index).toString(16).padStart(4, "0");
      return String.raw`\u${unit}`;
    }).join("");
  return JSON.stringify(text).replaceAll(new RegExp(UNSHOWABLE, "gu"), escape);
}

/** Any value in one line. */
export function writeFlow(value: Json): string {
  if (value === null || typeof value !== "object") return writeScalar(value);
  if (isList(value)) return `[${value.map(writeFlow).join(", ")}]`;
  const pairs = Object.entries(value).map(
    ([key, item]) => `${writeScalar(key)}: ${writeFlow(item)}`,
  );
  return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
}

/** The value of a key that stands at column `indent` (from 0) of a block, with what separates it from the colon. */
export function writeAfterKey(key: string, value: Json, indent: number, lineEnd: string): string {
  const flow = ` ${writeFlow(value)}`;
  const long = indent + writeScalar(key).length + 1 + flow.length > LINE_WIDTH;
  if (!long || value === null || !isList(value)) return flow;
  const pad = " ".repeat(indent + 2);
  return value.map((item) => `${lineEnd}${pad}- ${writeFlow(item)}`).join("");
}

/** A key with its value, at column `indent` of a block, without a line end. */
export function writeEntry(key: string, value: Json, indent: number): string {
  return `${" ".repeat(indent)}${writeScalar(key)}:${writeAfterKey(key, value, indent, "\n")}`;
}

/** True for a value that is a map or a list with something in it. */
export function isFilled(value: Json): boolean {
  if (value === null || typeof value !== "object") return false;
  return isList(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0;
}
