import type { Kind } from "../domain/ports.ts";
import type { Problem, SourceSpan } from "../domain/problem.ts";
import type { JsonObject } from "../domain/json.ts";
import type { TextSource } from "../domain/resource.ts";
import { type FieldValue, Secret } from "../domain/secret.ts";
import { report } from "./codes.ts";
import { type DocumentTree, findScalar, spanKey, spanValue } from "./find-node.ts";
import type { Folders } from "./folders.ts";
import { resolveText, type Scope } from "./references.ts";
import { completeSource, placeInScalar, type ScalarSource, traceScalar } from "./scalar-source.ts";
import { readScript } from "./script-file.ts";

/** A text field of a manifest, with its references resolved. */
export interface TextReading {
  readonly field: string;
  readonly value: FieldValue;
  /** What names it: the text itself or the name of its file. */
  readonly at: SourceSpan;
  readonly source: TextSource;
}

export interface TextReadings {
  readonly texts: readonly TextReading[];
  readonly problems: readonly Problem[];
}

/** Where a document stands and what its texts may refer to. */
export interface TextContext {
  readonly tree: DocumentTree;
  /** The folder of the manifest, absolute. */
  readonly folder: string;
  readonly folders: Folders;
  readonly scope: Scope;
  /** Pointers of texts with a reference left in them: no names of files yet. */
  readonly open: ReadonlySet<string>;
  readonly subject: string | undefined;
}

/** Reads every text field of `spec`, which may hold anything, from its file or from the manifest itself. */
export function readTexts(spec: JsonObject, kind: Kind, context: TextContext): TextReadings {
  const readings = Object.entries(kind.fileFields).map(([fileKey, field]) =>
    readField(spec, fileKey, field, context),
  );
  return {
    texts: readings.flatMap(({ texts }) => texts),
    problems: readings.flatMap(({ problems }) => problems),
  };
}

function readField(
  spec: JsonObject,
  fileKey: string,
  field: string,
  context: TextContext,
): TextReadings {
  if (spec[fileKey] !== undefined && spec[field] !== undefined) {
    return { texts: [], problems: [refuseBoth(context, fileKey, field)] };
  }
  const name = spec[fileKey];
  if (context.open.has(`/spec/${fileKey}`)) return { texts: [], problems: [] };
  if (typeof name === "string" && name !== "") return readFileField(name, fileKey, field, context);
  const scalar = findScalar(context.tree, ["spec", field]);
  if (scalar === undefined || typeof scalar.value !== "string") return { texts: [], problems: [] };
  const at = spanValue(context.tree, ["spec", field]);
  return resolveField(field, traceScalar(scalar, context.tree.source), at, context);
}

function readFileField(
  name: string,
  fileKey: string,
  field: string,
  context: TextContext,
): TextReadings {
  const at = spanValue(context.tree, ["spec", fileKey]);
  const script = readScript(name, context.folder, context.folders, at);
  if (script.problem !== undefined) {
    return { texts: [], problems: [nameSubject(script.problem, context.subject)] };
  }
  const { file, text } = script;
  const source = { file, line: 1, column: 1, indent: 0, text, substitutions: [] };
  return resolveField(field, { source, exact: true }, at, context);
}

function resolveField(
  field: string,
  origin: ScalarSource,
  at: SourceSpan,
  { scope }: TextContext,
): TextReadings {
  const { text, substitutions, findings, tainted } = resolveText(origin.source.text, scope);
  const value = tainted ? new Secret(text) : text;
  const source = completeSource(origin, substitutions, text.length);
  return {
    texts: [{ field, value, at, source }],
    problems: findings.map(({ code, message, hint, severity, offset }) =>
      report(code, message, { at: placeInScalar(origin, offset), hint, severity }),
    ),
  };
}

function nameSubject(problem: Problem, subject: string | undefined): Problem {
  return subject === undefined ? problem : { ...problem, subject };
}

/** Told at the one that stands second. */
function refuseBoth({ tree, subject }: TextContext, fileKey: string, field: string): Problem {
  const file = { key: fileKey, at: spanKey(tree, ["spec", fileKey]) };
  const text = { key: field, at: spanKey(tree, ["spec", field]) };
  const inOrder = file.at.line - text.at.line || file.at.column - text.at.column;
  const [first, second] = inOrder < 0 ? [file, text] : [text, file];
  return report("script-both", `${second.key} and ${first.key} exclude each other`, {
    at: second.at,
    hint: `keep one of the two; ${first.key} is on line ${first.at.line}`,
    subject,
  });
}
