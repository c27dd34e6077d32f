import { isScalar, type ParsedNode } from "yaml";

import type { Embedding, Embeddings, Kind } from "../../domain/ports.ts";
import type { Problem } from "../../domain/problem.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { RenderedValue } from "../../domain/rendition.ts";
import { type DesiredResource, nameResource } from "../../domain/resource.ts";
import { addProblems, report } from "../problems/codes.ts";
import { type DocumentTree, isOverlaid, isUnread, spanKey, spanValue } from "../yaml/find-node.ts";
import { suggestName } from "../../domain/text/nearest-name.ts";
import { joinNames, quoteText } from "../problems/names.ts";
import type { YamlDocument, YamlText } from "../yaml/parse.ts";
import type { Folders } from "../files/folders.ts";
import { isObject, readSection } from "../json.ts";
import { readManifest, scopePath } from "./read-manifest.ts";
import { readNode } from "../yaml/read-node.ts";
import { renderDocument } from "./rendition.ts";
import { readTexts, type TextReadings } from "./read-texts.ts";
import { mayReference, resolveText, type Scope } from "../references/resolve.ts";
import type { Validator } from "../schema/validators.ts";

import { scopeManifest, scopeText, type Values } from "../references/scopes.ts";

export const API_VERSION = "callform/v1";
export const PROJECT_KIND = "Project";
export const OVERLAY_KIND = "Overlay";

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
  /** Without it texts are taken for plain text. */
  readonly embeddings?: Embeddings | undefined;
  /** Whether manifests are wanted as they are written for the target, too. */
  readonly rendering?: boolean | undefined;
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
  if (apiVersion !== undefined && apiVersion !== API_VERSION && !isUnread(tree, ["apiVersion"])) {
    const at = spanValue(tree, ["apiVersion"]);
    const hint = `write apiVersion: ${API_VERSION}`;
    const shown = typeof apiVersion === "string" ? quoteText(apiVersion) : "this apiVersion";
    problems.push(report("unknown-api-version", `${shown} is not known`, { at, hint }));
  }
  if (typeof kind === "string" && known.includes(kind)) return kind;
  if (isUnread(tree, ["kind"])) return undefined;
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
  if (kind === OVERLAY_KIND) {
    const hint = "name its file under overlay of a target, and take it out of manifests with !path";
    const message = "an Overlay is not a manifest";
    problems.push(report("misplaced-overlay", message, { at, hint }));
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
  /** With `rendering`. */
  readonly rendition?: RenderedValue;
  readonly problems: readonly Problem[];
}

/** A document of a known kind; or why it is none. */
export interface ManifestOpening {
  readonly manifest?: OpenManifest;
  readonly problems: readonly Problem[];
}

export interface OpenManifest {
  readonly reading: DocumentReading;
  readonly kind: Kind;
  /** The key, when it can be told by now. */
  readonly key: string | undefined;
}

/** One document of a manifest file, as far as its kind and key. */
export function openManifest(
  node: ParsedNode,
  source: YamlText,
  context: LoadContext,
): ManifestOpening {
  const problems: Problem[] = [];
  const reading = readDocument(node, source, problems);
  if (reading === undefined) return { problems };
  const name = readKind(reading, [...context.kinds.keys()], problems);
  const kind = name === undefined ? undefined : context.kinds.get(name);
  if (kind === undefined) return { problems };
  return { manifest: { reading, kind, key: findKey(reading, kind, context.values) }, problems };
}

/** The key of a manifest, without judging it; undefined when it is no text, or cannot be resolved. */
export function findKey(
  { document }: DocumentReading,
  { keyField }: Kind,
  values: Values,
): string | undefined {
  const text = readSection(document, "metadata")[keyField];
  if (typeof text !== "string" || text === "") return undefined;
  if (!mayReference(text)) return text;
  const key = resolveText(text, scopeManifest(values, { allowSecrets: false, doubt: "error" }));
  return key.open ? undefined : key.text;
}

/** Everything that a manifest says, with its scripts. */
export function readResource(
  { document, tree }: DocumentReading,
  kind: Kind,
  context: LoadContext,
): ResourceReading {
  const problems: Problem[] = [];
  const { folders, values } = context;
  const validate = requireValidator(context, kind);
  const manifest = readManifest(document, tree, kind, validate, values);
  const scopeOf = (field: string, path?: readonly string[]): Scope => {
    const allowEnv = path !== undefined && isOverlaid(tree, path);
    return scopeText(values, findEmbedding(context, kind, field), allowEnv);
  };
  const key = manifest.resource?.key;
  const subject = manifest.resource === undefined ? undefined : nameResource(manifest.resource);
  const spec = readSection(manifest.document, "spec");
  const { open } = manifest;
  const texts = readTexts(spec, kind, { tree, folders, scopeOf, open, key, subject });
  addProblems(problems, manifest.problems);
  addProblems(problems, texts.problems);
  if (manifest.resource === undefined) return { problems };
  const resource = addTexts(manifest.resource, texts);
  const sound = problems.every(({ severity }) => severity !== "error");
  if (sound) addProblems(problems, kind.check(resource));
  if (context.rendering !== true) return { resource, problems };
  const scopeAt = (path: readonly string[]): Scope | undefined =>
    isText(kind, path) ? scopeOf(path[1] ?? "", path) : scopePath(kind, tree, values, path);
  const rendition = renderDocument(document, { tree, kind, folders, scopeOf: scopeAt });
  return { resource, rendition, problems };
}

/** How secrets get into the text of a field. */
export function findEmbedding(
  { embeddings }: Pick<LoadContext, "embeddings">,
  { languages }: Kind,
  field: string,
): Embedding | undefined {
  const language = languages?.[field];
  return language === undefined ? undefined : embeddings?.[language];
}

function isText(
  { fileFields }: Kind,
  [section, field = "", ...deeper]: readonly string[],
): boolean {
  return section === "spec" && deeper.length === 0 && Object.values(fileFields).includes(field);
}

function addTexts(
  resource: DesiredResource,
  { texts, unknown = [] }: TextReadings,
): DesiredResource {
  const fields = { ...resource.fields };
  const fieldSpans = { ...resource.fieldSpans };
  const textSources = { ...resource.textSources };
  for (const { field, value, at, source } of texts) {
    fields[field] = value;
    fieldSpans[field] = at;
    textSources[field] = source;
  }
  const read = { ...resource, fields, fieldSpans, textSources };
  const lost = [...(resource.unknown ?? []), ...unknown];
  return lost.length === 0 ? read : { ...read, unknown: lost };
}

function requireValidator({ validators }: LoadContext, { name }: Kind): Validator {
  const validator = validators[name];
  if (validator === undefined) throw new Error(`kind ${name} has no schema`);
  return validator;
}
