import { type Alias, isAlias, isMap, isScalar, isSeq, type ParsedNode, type YAMLMap } from "yaml";

import type { SourceSpan } from "../domain/problem.ts";
import { spanOffsets, type YamlText } from "./parse-yaml.ts";

/** One document as it stands in its file, for finding the place of a value. */
export interface DocumentTree {
  readonly source: YamlText;
  readonly root: ParsedNode;
  readonly aliases: ReadonlyMap<Alias, ParsedNode>;
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

/** The scalar at a path, through an alias if need be; undefined when there is none. */
export function findScalar(tree: DocumentTree, path: readonly string[]) {
  const node = resolveAlias(tree, findNode(tree, path)?.value ?? null);
  return isScalar(node) ? node : undefined;
}

/** Where the value at a path stands; for an absent or empty one, its key; else whatever is nearest around it. */
export function spanValue(tree: DocumentTree, path: readonly string[]): SourceSpan {
  const found = findNode(tree, path);
  const node = found === undefined ? undefined : chooseNode(found);
  return node === undefined ? spanValue(tree, path.slice(0, -1)) : spanNode(tree.source, node);
}

function chooseNode({ key, value }: Found): ParsedNode | undefined {
  if (value !== null && value.range[1] > value.range[0]) return value;
  return key ?? value ?? undefined;
}

/** Where the key at a path stands; for a list item or the root, the value. */
export function spanKey(tree: DocumentTree, path: readonly string[]): SourceSpan {
  const key = findNode(tree, path)?.key;
  return key === undefined ? spanValue(tree, path) : spanNode(tree.source, key);
}

/** Of a list or map only the start: nobody wants half a file marked. */
function spanNode(source: YamlText, node: ParsedNode): SourceSpan {
  const [start, end] = node.range;
  const span = spanOffsets(source, start, end);
  return isScalar(node) ? span : { file: span.file, line: span.line, column: span.column };
}
