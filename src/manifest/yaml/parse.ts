import { Composer, Lexer, type ParsedNode, Parser, Schema } from "yaml";

import {
  CONFLICT_HINT,
  CONFLICT_MESSAGE,
  findConflict,
} from "../../domain/text/conflict-markers.ts";
import type { Problem, SourceSpan } from "../../domain/problem.ts";
import { findLineStarts, placeOffset } from "../../domain/text-place.ts";
import { type ManifestCode, report } from "../problems/codes.ts";

/** Deeper than anything a person writes, and far from where the parser's recursion would end the program. */
export const MAX_DEPTH = 100;
/** About 3,500 manifests in one file. Memory and time grow with tokens: 5 MiB of commas would take gigabytes. */
export const MAX_TOKENS = 500_000;
/** One slip can upset the whole rest of a file; more errors than this say nothing more. */
const MAX_SYNTAX_PROBLEMS = 20;

/** A YAML file in memory: its text, and what is needed to name a place in it. */
export interface YamlText {
  readonly file: string;
  readonly text: string;
  readonly lineStarts: readonly number[];
  /** False when no value in it can hold a `${`, neither as it stands nor through an escape. */
  readonly mayReference: boolean;
}

export interface YamlDocument {
  readonly node: ParsedNode | null;
  /** Where it begins, for problems with the document as a whole. */
  readonly offset: number;
  /** It has syntax errors, so its values mean nothing. */
  readonly broken: boolean;
}

export interface YamlFile extends YamlText {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly Problem[];
}

// Made once: to build a schema for every document takes longer than to parse a small one. Known tags are not
// resolved, because that would add them to this shared schema.
const SCHEMA = new Schema({ schema: "core", merge: false, resolveKnownTags: false });

/** The span of two offsets (UTF-16 units) of a file. */
export function spanOffsets(source: YamlText, start: number, end: number): SourceSpan {
  const from = placeOffset(source.lineStarts, start);
  // The parser counts one for a line end, and so ends some faults in the middle of a CRLF.
  const amid = end > 0 && source.text.startsWith("\r\n", end - 1);
  const to = placeOffset(source.lineStarts, amid ? end + 1 : end);
  return { file: source.file, ...from, endLine: to.line, endColumn: to.column };
}

/** Every document of a YAML 1.2 text and every syntax problem; `file` is its path as problems show it. */
export function parseYaml(content: string, file: string): YamlFile {
  // A lone CR ends a line in YAML, but not for the parser. Replaced one for one, so offsets stay.
  const text = content.includes("\r") ? content.replaceAll(/\r(?!\n)/g, "\n") : content;
  const mayReference = text.includes("${") || text.includes("\\");
  const source: YamlText = { file, text, lineStarts: findLineStarts(text), mayReference };
  const conflict = findConflict(text);
  if (conflict !== undefined) return { ...source, ...refuseConflict(source, conflict) };
  const composer = new Composer({ schema: SCHEMA, uniqueKeys: false, prettyErrors: false });
  const documents: YamlDocument[] = [];
  const problems: Problem[] = [];
  let refused = 0;
  for (const document of composer.compose(readTokens(source, problems), true, text.length)) {
    const faults = dropEchoes([...document.errors, ...document.warnings]);
    for (const fault of faults.slice(0, MAX_SYNTAX_PROBLEMS)) {
      problems.push(explainSyntax(source, fault));
    }
    refused += Math.max(0, faults.length - MAX_SYNTAX_PROBLEMS);
    const [offset] = document.contents?.range ?? document.range;
    documents.push({ node: document.contents, offset, broken: faults.length > 0 });
  }
  if (refused > 0) problems.push(report("yaml-syntax", `${refused} more syntax errors in ${file}`));
  return { ...source, documents, problems };
}

/** Everything else that could be said of such a text is about Git's marks, or about half a value. */
function refuseConflict(
  source: YamlText,
  offset: number,
): Pick<YamlFile, "documents" | "problems"> {
  const at = spanOffsets(source, offset, source.text.indexOf("\n", offset));
  const problem = report("merge-conflict", CONFLICT_MESSAGE, { at, hint: CONFLICT_HINT });
  return { documents: [{ node: null, offset, broken: true }], problems: [problem] };
}

/** The top level of the syntax tree, as far as the limits allow. */
function* readTokens(source: YamlText, problems: Problem[]) {
  const parser = new Parser();
  let tokens = 0;
  let errors = 0;
  for (const lexeme of new Lexer().lex(source.text)) {
    tokens += 1;
    for (const token of parser.next(lexeme)) {
      if (token.type === "error") errors += 1;
      yield token;
    }
    if (errors > MAX_SYNTAX_PROBLEMS) return;
    if (parser.stack.length > MAX_DEPTH || tokens > MAX_TOKENS) {
      problems.push(refuseExcess(source, parser));
      return;
    }
  }
  yield* parser.end();
}

function refuseExcess(source: YamlText, { stack, offset }: Parser): Problem {
  const excess =
    stack.length > MAX_DEPTH
      ? `values are nested deeper than ${MAX_DEPTH} levels`
      : `the file has more than ${MAX_TOKENS.toLocaleString("en")} tokens`;
  const at = spanOffsets(source, offset, offset);
  return report("too-complex", `${excess}; nothing after this was read`, { at });
}

interface Fault {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** After one token that fits nowhere the parser is lost, and tells every further one too. */
function dropEchoes(faults: readonly Fault[]): readonly Fault[] {
  const first = faults.findIndex(({ code }) => code === "UNEXPECTED_TOKEN");
  return faults.filter(({ code }, index) => code !== "UNEXPECTED_TOKEN" || index === first);
}

function explainSyntax(source: YamlText, { code, message, pos: [start, end] }: Fault): Problem {
  const at = spanOffsets(source, start, Math.max(start, end));
  const [ours, usual] = SYNTAX_HINTS[code] ?? ["yaml-syntax", undefined];
  const text = message.charAt(0).toLowerCase() + message.slice(1);
  const hint = suspectReference(source, start) ?? usual;
  return report(ours, ours === "yaml-tag" ? `${text}; manifests use no tags` : text, { at, hint });
}

/** `{ pin: ${secret:PIN} }` is a slip that YAML's own message never leads to. */
function suspectReference({ text, lineStarts }: YamlText, offset: number): string | undefined {
  const start = lineStarts[placeOffset(lineStarts, offset).line - 1] ?? 0;
  return /[{[,]\s*(?:[\w-]+:\s*)?\$\{/.test(text.slice(start, offset + 1))
    ? "inside { } and [ ], put a value with a reference in quotes"
    : undefined;
}

const SYNTAX_HINTS: Readonly<Record<string, readonly [ManifestCode, string]>> = {
  TAB_AS_INDENT: ["yaml-syntax", "YAML is indented with spaces, never with tabs"],
  TAG_RESOLVE_FAILED: ["yaml-tag", "remove the tag; put the value in quotes if it is text"],
  BAD_INDENT: ["yaml-syntax", "keys of one map start in the same column"],
  BLOCK_AS_IMPLICIT_KEY: [
    "yaml-syntax",
    "put the text in quotes if it has a colon followed by a blank",
  ],
  MISSING_CHAR: ["yaml-syntax", "look upwards for a quote or bracket that is never closed"],
  BAD_SCALAR_START: ["yaml-syntax", "put text that starts with a special character in quotes"],
  UNEXPECTED_TOKEN: ["yaml-syntax", "look for a missing quote, bracket or line end before this"],
};
