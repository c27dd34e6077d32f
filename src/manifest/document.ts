import { isScalar, type ParsedNode } from "yaml";

import type { Kind } from "../domain/ports.ts";
import type { Problem } from "../domain/problem.ts";
import type { JsonObject } from "../domain/json.ts";
import { type DesiredResource, nameResource } from "../domain/resource.ts";
import { addProblems, report } from "./codes.ts";
import { type DocumentTree, spanKey, spanValue } from "./find-node.ts";
import { joinNames, quoteText, suggestName } from "./names.ts";
import type { YamlDocument, YamlText } from "./parse-yaml.ts";
import type { Folders } from "./folders.ts";
import { isObject, readSection } from "./json.ts";
import { readManifest } from "./read-manifest.ts";
import { readNode } from "./read-node.ts";
import { readTexts, type TextReading } from "./read-texts.ts";
import type { Validator } from "./schema.ts";

import { scopeManifest, type Values } from "./scopes.ts";

export const API_VERSION = "callform/v1";
export const PROJECT_KIND = "Project";

/** A document as plain data, with its tree for finding places. */
export interface DocumentReading {
  readonly document: JsonObject;
  readonly tree: DocumentTree;
}

/** All that one load knows of besides the file at hand. */
export interface LoadContext {
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly validators: Readonly<Record<string, Validator>>;
  readonly values: Values;
  readonly folders: Folders;
}

/** True for a document without any content, as between two lines of `---`. */
export function isEmptyDocument({ node }: YamlDocument): boolean {
  return node === null || (isScalar(node) && node.value === null && node.source === "");
}

/** A document as a map, or undefined when it is none. Problems are added to `problems`. */
export function readDocument(
  node: ParsedNode,
  source: YamlText,
  problems: Problem[],
): DocumentReading | undefined {
  const { value, problems: found, aliases } = readNode(node, source);
  addProblems(problems, found);
  const tree = { source, root: node, aliases };
  if (isObject(value)) return { document: value, tree };
  const message = "a document must be a map of keys that starts with apiVersion and kind";
  problems.push(report("invalid-type", message, { at: spanValue(tree, []) }));
  return undefined;
}

/** Judges `apiVersion` and `kind`: the kind when it is one of `known`. Problems are added to `problems`. */
export function readKind(
  { document, tree }: DocumentReading,
  known: readonly string[],
  problems: Problem[],
): string | undefined {
  const { apiVersion, kind } = document;
  if (apiVersion !== undefined && apiVersion !== API_VERSION) {
    const at = spanValue(tree, ["apiVersion"]);
    const hint = `write apiVersion: ${API_VERSION}`;
    const shown = typeof apiVersion === "string" ? quoteText(apiVersion) : "this apiVersion";
    problems.push(report("unknown-api-version", `${shown} is not known`, { at, hint }));
  }
  if (typeof kind === "string" && known.includes(kind)) return kind;
  if (kind === undefined) {
    const at = spanKey(tree, []);
    const hint = `a manifest starts with apiVersion: ${API_VERSION} and kind: ${joinNames(known)}`;
    problems.push(report("missing-key", "kind is missing", { at, hint }));
    if (apiVersion === undefined) {
      problems.push(report("missing-key", "apiVersion is missing", { at, hint }));
    }
    return undefined;
  }
  const at = spanValue(tree, ["kind"]);
  if (kind === PROJECT_KIND) {
    const hint = "it belongs in callform.yaml, at the top of the project";
    const message = "a Project is not a manifest";
    problems.push(report("misplaced-project", message, { at, hint }));
    return undefined;
  }
  const shown = typeof kind === "string" ? quoteText(kind) : "this";
  const hint =
    (typeof kind === "string" ? suggestName(kind, known) : undefined) ??
    `kinds: ${joinNames(known)}`;
  problems.push(report("unknown-kind", `${shown} is not a known kind`, { at, hint }));
  return undefined;
}

export interface ResourceReading {
  readonly resource?: DesiredResource;
  readonly problems: readonly Problem[];
}

/** One document of a manifest file in `folder`, with its scripts. */
export function readResource(
  node: ParsedNode,
  source: YamlText,
  folder: string,
  context: LoadContext,
): ResourceReading {
  const problems: Problem[] = [];
  const reading = readDocument(node, source, problems);
  if (reading === undefined) return { problems };
  const name = readKind(reading, [...context.kinds.keys()], problems);
  const kind = name === undefined ? undefined : context.kinds.get(name);
  if (kind === undefined) return { problems };
  const { document, tree } = reading;
  const validate = requireValidator(context, kind);
  const manifest = readManifest(document, tree, kind, validate, context.values);
  const scope = scopeManifest(context.values, { allowSecrets: true, doubt: "warning" });
  const subject = manifest.resource === undefined ? undefined : nameResource(manifest.resource);
  const spec = readSection(manifest.document, "spec");
  const { folders } = context;
  const { open } = manifest;
  const texts = readTexts(spec, kind, { tree, folder, folders, scope, open, subject });
  addProblems(problems, manifest.problems);
  addProblems(problems, texts.problems);
  if (manifest.resource === undefined) return { problems };
  const resource = addTexts(manifest.resource, texts.texts);
  const sound = problems.every(({ severity }) => severity !== "error");
  if (sound) addProblems(problems, kind.check(resource));
  return { resource, problems };
}

function addTexts(resource: DesiredResource, texts: readonly TextReading[]): DesiredResource {
  const collect = <T>(pick: (text: TextReading) => T): Record<string, T> =>
    Object.fromEntries(texts.map((text) => [text.field, pick(text)]));
  return {
    ...resource,
    fields: { ...resource.fields, ...collect(({ value }) => value) },
    fieldSpans: { ...resource.fieldSpans, ...collect(({ at }) => at) },
    textSources: { ...resource.textSources, ...collect(({ source }) => source) },
  };
}

function requireValidator({ validators }: LoadContext, { name }: Kind): Validator {
  const validator = validators[name];
  if (validator === undefined) throw new Error(`kind ${name} has no schema`);
  return validator;
}
