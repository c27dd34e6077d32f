import type { Comparison } from "../ports.ts";
import type { Json } from "../json.ts";

// Several, because every editor or paste that adds a mark of its own adds one in front.
const BOMS = /^\uFEFF+/;

/**
 * A script as it is compared: LF line ends, no BOM, no blanks at line ends, no empty lines at the end.
 * A PBX may give back CRLF and a paste may add or lose a final newline; neither is a change.
 */
export function canonicalizeText(text: string): string {
  const lines = text
    .replace(BOMS, "")
    .split(/\r\n|\r|\n/)
    .map(dropTrailingBlanks);
  let last = lines.length;
  while (last > 0 && lines[last - 1] === "") last -= 1;
  return lines.slice(0, last).join("\n");
}

/** A script as it is sent: LF line ends and no BOM, but every blank that a verbatim string may need. */
export function normalizeLineEnds(text: string): string {
  return text.replace(BOMS, "").replaceAll(/\r\n|\r/g, "\n");
}

// A loop, because a regular expression for this takes quadratic time on hostile runs of blanks.
function dropTrailingBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === " " || line[end - 1] === "\t")) end -= 1;
  return end === line.length ? line : line.slice(0, end);
}

/** JSON with sorted keys and no white space: equal values give equal text. */
export function canonicalizeJson(value: Json): string {
  return JSON.stringify(sortKeys(value));
}

/** The same value with the keys of every object in code unit order. */
export function sortKeys(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map(sortKeys);
  const keys = Object.keys(value).toSorted();
  // Without a prototype, a key such as `__proto__` is a key like any other.
  const sorted: Record<string, Json> = Object.create(null);
  for (const key of keys) sorted[key] = sortKeys(value[key] ?? null);
  return sorted;
}

/** The one comparable form of a field. Two values are the same exactly when their forms are equal as JSON. */
export function canonicalizeField(comparison: Comparison, value: Json): Json {
  if (typeof value === "string") {
    if (comparison === "text") return canonicalizeText(value);
    if (comparison === "line") return value.replaceAll("\r", "").trim();
    return value;
  }
  if (comparison !== "set") return sortKeys(value);
  if (value === null) return [];
  if (!isList(value)) return sortKeys(value);
  const byText = new Map(value.map((item) => [canonicalizeJson(item), sortKeys(item)]));
  return [...byText.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
