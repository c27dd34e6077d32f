import { type Alias, isAlias, isMap, isScalar, isSeq, type ParsedNode, type YAMLMap } from "yaml";

import type { SourceSpan } from "../../domain/problem.ts";
import { spanOffsets, type YamlText } from "./parse.ts";

/** One document as it stands in its file, for finding the place of a value. */
export interface DocumentTree {
  readonly source: YamlText;
  readonly root: ParsedNode;
  readonly aliases: ReadonlyMap<Alias, ParsedNode>;
  /** It is an overlay, in which `${env:}` has a meaning. */
  readonly overlay?: boolean;
  /** What overlays made of the document: then its places are those of its parts. */
  readonly graft?: Part;
}

/** Where a value is written: a document that is in one file alone, and the way to the value in it. */
export interface Origin {
  readonly tree: DocumentTree;
  readonly path: readonly string[];
}

/** A value put together from several files. */
export interface Part {
  readonly content: null | boolean | number | string | readonly Part[] | ReadonlyMap<string, Part>;
  readonly origin: Origin;
  /** What gives it its key, where that is not the key beside the value. */
  readonly named?: Origin;
  /** What last changed something inside it. */
  readonly changed?: Origin;
  /** The keys that were taken out of a map, and what did it. */
  readonly removed?: ReadonlyMap<string, Origin>;
}

interface Found {
  readonly key?: ParsedNode;
  readonly value: ParsedNode | null;
}

/** The nodes of the value that `path` leads to from the root, or undefined when there is none. */
export function findNode(tree: DocumentTree, path: readonly string[]): Found | undefined {
  let found: Found = { value: tree.root };
  for (const step of path) {
    const next = findChild(resolveAlias(tree, found.value), step);
    if (next === undefined) return undefined;
    found = next;
  }
  return found;
}

function findChild(node: ParsedNode | null, step: string): Found | undefined {
  if (isMap(node)) {
    return node.items.length > LARGE ? indexMap(node).get(step) : findPair(node, step);
  }
  const item = isSeq(node) ? node.items[Number(step)] : undefined;
  return item === undefined ? undefined : { value: item };
}

function findPair(map: YAMLMap.Parsed, step: string): Found | undefined {
  return map.items.find(({ key }) => isScalar(key) && key.value === step);
}

/** From this size on a map is indexed, or as many problems as it has keys would take the square of the time. */
const LARGE = 32;
const INDEXES = new WeakMap<YAMLMap.Parsed, ReadonlyMap<unknown, Found>>();

function indexMap(map: YAMLMap.Parsed): ReadonlyMap<unknown, Found> {
  const known = INDEXES.get(map);
  if (known !== undefined) return known;
  const index = new Map<unknown, Found>();
  for (const pair of map.items) {
    if (isScalar(pair.key) && !index.has(pair.key.value)) index.set(pair.key.value, pair);
  }
  INDEXES.set(map, index);
  return index;
}

function resolveAlias(tree: DocumentTree, node: ParsedNode | null): ParsedNode | null {
  return isAlias(node) ? (tree.aliases.get(node) ?? null) : node;
}

/** True when an overlay gave the value at a path. */
export function isOverlaid(tree: DocumentTree, path: readonly string[]): boolean {
  return findOrigin(tree, path)?.tree.overlay === true;
}

/** Where the value at a path is written; undefined when overlays left none there. */
export function findOrigin(tree: DocumentTree, path: readonly string[]): Origin | undefined {
  if (tree.graft === undefined) return { tree, path };
  return findPart(tree.graft, path)?.origin;
}

function findPart(graft: Part, path: readonly string[]): Part | undefined {
  let part: Part | undefined = graft;
  for (const step of path) {
    if (part === undefined) return undefined;
    part = findChildPart(part, step);
  }
  return part;
}

/** The part under a key or at a position. */
export function findChildPart({ content }: Part, step: string): Part | undefined {
  if (isPartMap(content)) return content.get(step);
  return isPartList(content) ? content[Number(step)] : undefined;
}

export function isPartMap(content: Part["content"]): content is ReadonlyMap<string, Part> {
  return content instanceof Map;
}

export function isPartList(content: Part["content"]): content is readonly Part[] {
  return Array.isArray(content);
}

/** The scalar at a path, through an alias if need be, and its file; undefined when there is none. */
export function findScalar(tree: DocumentTree, path: readonly string[]) {
  const origin = findOrigin(tree, path);
  if (origin === undefined) return undefined;
  const node = resolveAlias(origin.tree, findNode(origin.tree, origin.path)?.value ?? null);
  return isScalar(node) ? { scalar: node, source: origin.tree.source } : undefined;
}

/** True when the value at a path could not be read, and stands as null only because a problem already says so. */
export function isUnread(tree: DocumentTree, path: readonly string[]): boolean {
  const origin = findOrigin(tree, path);
  if (origin === undefined) return false;
  const node = findNode(origin.tree, origin.path)?.value ?? null;
  if (isAlias(node) && !origin.tree.aliases.has(node)) return true;
  const value = resolveAlias(origin.tree, node);
  return isScalar(value) && typeof value.value === "number" && !Number.isFinite(value.value);
}

/** What stands as a comment right where a value is missing, as the `#99` of `number: #99`; undefined when none does. */
export function findSwallowed(tree: DocumentTree, path: readonly string[]): string | undefined {
  const origin = findOrigin(tree, path);
  const found = origin === undefined ? undefined : findNode(origin.tree, origin.path);
  if (origin === undefined || found === undefined) return undefined;
  const { text } = origin.tree.source;
  const start = found.value?.range[0] ?? found.key?.range[1] ?? 0;
  const line = text.slice(start, (text.indexOf("\n", start) + 1 || text.length + 1) - 1);
  return /^:?[ \t]*(#[^\s#"\\][^"\\]*)$/.exec(line)?.[1]?.trimEnd();
}

/** Where the value at a path stands; for an absent or empty one, its key; else whatever is nearest around it. */
export function spanValue(tree: DocumentTree, path: readonly string[]): SourceSpan {
  const origin = findOrigin(tree, path);
  const found = origin === undefined ? undefined : findNode(origin.tree, origin.path);
  const node = found === undefined ? undefined : chooseNode(found);
  if (origin === undefined || node === undefined) return spanValue(tree, path.slice(0, -1));
  return spanNode(origin.tree.source, node);
}

function chooseNode({ key, value }: Found): ParsedNode | undefined {
  if (value !== null && value.range[1] > value.range[0]) return value;
  return key ?? value ?? undefined;
}

/** Where the value at a path got the form that it has: what changed something in it last, or else where it stands. */
export function spanChange(tree: DocumentTree, path: readonly string[]): SourceSpan {
  const part = tree.graft === undefined ? undefined : findPart(tree.graft, path);
  const origin = part?.changed ?? { tree, path };
  return spanValue(origin.tree, origin.path);
}

/** Where the key at a path stands; for a list item or the root, the value. */
export function spanKey(tree: DocumentTree, path: readonly string[]): SourceSpan {
  const part = tree.graft === undefined ? undefined : findPart(tree.graft, path);
  if (part?.named !== undefined) return spanValue(part.named.tree, part.named.path);
  const origin = part?.origin ?? { tree, path };
  const key = findNode(origin.tree, origin.path)?.key;
  return key === undefined ? spanValue(tree, path) : spanNode(origin.tree.source, key);
}

/** Where to say that `key` is missing in the map at a path: what took it out, or else the map. */
export function spanMissing(tree: DocumentTree, path: readonly string[], key: string): SourceSpan {
  const map = tree.graft === undefined ? undefined : findPart(tree.graft, path);
  const remover = map?.removed?.get(key);
  if (remover !== undefined) return spanValue(remover.tree, remover.path);
  return map?.named === undefined ? spanKey(tree, path) : spanValue(tree, path);
}

/** Of a list or map only the start: nobody wants half a file marked. */
function spanNode(source: YamlText, node: ParsedNode): SourceSpan {
  const [start, end] = node.range;
  const span = spanOffsets(source, start, end);
  return isScalar(node) ? span : { file: span.file, line: span.line, column: span.column };
}
