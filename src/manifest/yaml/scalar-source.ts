import type { Scalar } from "yaml";

import type { SourceSpan } from "../../domain/problem.ts";
import type { Substitution, TextSource } from "../../domain/resource.ts";
import { locateInSource, placeOffset } from "../../domain/text-place.ts";
import { type DocumentTree, findScalar } from "./find-node.ts";
import type { YamlText } from "./parse.ts";

/** Where the text of a YAML scalar stands in its file. */
export interface ScalarSource {
  /** Without substitutions. */
  readonly source: TextSource;
  /** False when YAML folds or escapes the text, so that only its start can be named. */
  readonly exact: boolean;
}

/** The text at a path of a document, in the file that it comes from; undefined where there is no text. */
export function traceText(tree: DocumentTree, path: readonly string[]): ScalarSource | undefined {
  const found = findScalar(tree, path);
  if (found === undefined || typeof found.scalar.value !== "string") return undefined;
  return traceScalar(found.scalar, found.source);
}

/** Finds the characters of a text scalar in the file: `|` blocks, and plain or quoted text of one line, exactly. */
function traceScalar(scalar: Scalar.Parsed, yaml: YamlText): ScalarSource {
  const text = String(scalar.value);
  const [start, end] = scalar.range;
  const base = { file: yaml.file, text, substitutions: [] };
  if (scalar.type === "BLOCK_LITERAL") {
    const line = placeOffset(yaml.lineStarts, start).line + 1;
    const indent = measureIndent(yaml, line, text);
    return { source: { ...base, line, column: indent + 1, indent }, exact: true };
  }
  const quotes = scalar.type === "PLAIN" ? 0 : 1;
  const exact = yaml.text.slice(start + quotes, end - quotes) === text && !text.includes("\n");
  const place = placeOffset(yaml.lineStarts, exact ? start + quotes : start);
  return { source: { ...base, ...place, indent: 0 }, exact };
}

/** Blanks that the block has in the file and not in the text, seen at its first line that is not empty. */
function measureIndent(yaml: YamlText, firstLine: number, text: string): number {
  const lines = text.split("\n");
  const index = lines.findIndex((line) => line.trim() !== "");
  if (index < 0) return 0;
  const start = yaml.lineStarts[firstLine - 1 + index] ?? 0;
  return countBlanks(yaml.text, start) - countBlanks(lines[index] ?? "", 0);
}

function countBlanks(text: string, start: number): number {
  let end = start;
  while (text[end] === " ") end += 1;
  return end - start;
}

/** Where an offset of the unresolved text stands. */
export function placeInScalar({ source, exact }: ScalarSource, offset: number): SourceSpan {
  return locateInSource(source, exact ? offset : 0);
}

/** The source of the final text of `length` characters, once references in it were substituted. */
export function completeSource(
  { source, exact }: ScalarSource,
  substitutions: readonly Substitution[],
  length: number,
): TextSource {
  // Text whose lines are not those of the file counts as one stretch that stands at its start.
  const whole = { start: 0, end: length, sourceStart: 0, sourceEnd: 0 };
  return { ...source, substitutions: exact ? substitutions : [whole] };
}
