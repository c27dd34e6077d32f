import { dirname, resolve } from "node:path";

import type { ArchiveRule, Kind } from "../../domain/ports.ts";
import type { Problem, SourceSpan } from "../../domain/problem.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { TextSource } from "../../domain/resource.ts";
import { type FieldValue, Secret } from "../../domain/secret.ts";
import { report } from "../problems/codes.ts";
import { type DocumentTree, spanKey, spanValue } from "../yaml/find-node.ts";
import type { Folders } from "../files/folders.ts";
import { resolveText, type Scope } from "../references/resolve.ts";
import {
  completeSource,
  placeInScalar,
  type ScalarSource,
  traceText,
} from "../yaml/scalar-source.ts";
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
  /** Fields of which nothing is known. */
  readonly unknown?: readonly string[];
  readonly problems: readonly Problem[];
}

/** Where a document stands and what its texts may refer to. */
export interface TextContext {
  readonly tree: DocumentTree;
  readonly folders: Folders;
  /** Of a field's file, or of its text at a path of the manifest. */
  readonly scopeOf: (field: string, path?: readonly string[]) => Scope;
  /** Pointers of texts with a reference left in them: no names of files yet. */
  readonly open: ReadonlySet<string>;
  /** Of the resource, when it is known. */
  readonly key: string | undefined;
  readonly subject: string | undefined;
}

/** Reads every text field of `spec`, which may hold anything, from its file or from the manifest itself. */
export function readTexts(spec: JsonObject, kind: Kind, context: TextContext): TextReadings {
  const texts: TextReading[] = [];
  const unknown: string[] = [];
  const problems: Problem[] = [];
  for (const [fileKey, field] of Object.entries(kind.fileFields)) {
    const reading = readField(spec, kind, fileKey, field, context);
    texts.push(...reading.texts);
    unknown.push(...(reading.unknown ?? []));
    problems.push(...reading.problems);
  }
  return { texts, unknown, problems };
}

function readField(
  spec: JsonObject,
  kind: Kind,
  fileKey: string,
  field: string,
  context: TextContext,
): TextReadings {
  if (spec[fileKey] !== undefined && spec[field] !== undefined) {
    return { texts: [], problems: [refuseBoth(context, fileKey, field)] };
  }
  const name = spec[fileKey];
  if (context.open.has(`/spec/${fileKey}`)) return { texts: [], problems: [] };
  if (typeof name === "string" && name !== "") {
    return readFileField(name, fileKey, field, kind.archives?.[fileKey], context);
  }
  const path = ["spec", field];
  const origin = traceText(context.tree, path);
  if (origin === undefined) return { texts: [], problems: [] };
  return resolveField(field, origin, spanValue(context.tree, path), context.scopeOf(field, path));
}

function readFileField(
  name: string,
  fileKey: string,
  field: string,
  rule: ArchiveRule | undefined,
  context: TextContext,
): TextReadings {
  const at = spanValue(context.tree, ["spec", fileKey]);
  // Of an overlay's own name of a file, the overlay is the place to start from.
  const folder = findFolder(context.folders, at.file);
  const script = readScript(name, folder, context.folders, at, rule);
  if (script.problem !== undefined) {
    return { texts: [], problems: [nameSubject(script.problem, context.subject)] };
  }
  const { file, text, archive, builtFor } = script;
  const place = { file, line: 1, column: 1, indent: 0, ...(archive !== undefined && { archive }) };
  const origin = { source: { ...place, text, substitutions: [] }, exact: true };
  const reading = resolveField(field, origin, at, context.scopeOf(field));
  const { key, subject } = context;
  if (builtFor === undefined || key === undefined || builtFor === key) return reading;
  const message = `${archive} was built for ${builtFor}, and the manifest says ${key}`;
  const hint = `it will run under ${key}; if that is not meant, build it again for ${key} or name another file`;
  // Nothing in a package depends on its number, and one flow may serve several.
  const other = report("archive-key", message, { at, hint, subject, severity: "warning" });
  return { ...reading, problems: [...reading.problems, other] };
}

/** The folder of a file as problems show it, absolute. */
function findFolder({ cwd, shown }: Folders, file: string): string {
  const start = file.slice(0, file.lastIndexOf("/") + 1);
  const folder = shown.get(start) ?? dirname(resolve(cwd, file));
  shown.set(start, folder);
  return folder;
}

function resolveField(
  field: string,
  origin: ScalarSource,
  at: SourceSpan,
  scope: Scope,
): TextReadings {
  const resolved = resolveText(origin.source.text, scope);
  if (resolved.unknown) return { texts: [], unknown: [field], problems: [] };
  const { text, substitutions, findings, tainted } = resolved;
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
