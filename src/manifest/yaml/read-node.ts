import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
} from "yaml";

import type { Problem } from "../../domain/problem.ts";
import type { Json } from "../../domain/json.ts";
import { type ManifestCode, report } from "../problems/codes.ts";
import { quoteText } from "../problems/names.ts";
import { MAX_DEPTH, spanOffsets, type YamlText } from "./parse.ts";

/** How many values all aliases of one document may stand for. */
export const MAX_ALIASED_VALUES = 10_000;

/** Keys that JavaScript programs trip over. */
export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set([
  "__proto__",
  "constructor",
  "prototype",
]);

export interface NodeReading {
  /** The document as plain data. What a problem was found in is left out or null. */
  readonly value: Json;
  readonly problems: readonly Problem[];
  /** What each alias stands for; those that a problem was found in are not among them. */
  readonly aliases: ReadonlyMap<Alias, ParsedNode>;
}

interface Walk {
  readonly source: YamlText;
  readonly problems: Problem[];
  readonly aliases: Map<Alias, ParsedNode>;
  /** The node of each anchor so far, and whether all of it has been read. */
  readonly anchors: Map<string, { readonly node: ParsedNode; complete: boolean }>;
  depth: number;
  aliasDepth: number;
  aliasedValues: number;
  aliasesRefused: boolean;
}

/** Turns a document's syntax tree into plain data, with every key that is double, dangerous or not text as a problem. */
export function readNode(node: ParsedNode, source: YamlText): NodeReading {
  const walk: Walk = {
    source,
    problems: [],
    aliases: new Map(),
    anchors: new Map(),
    depth: 0,
    aliasDepth: 0,
    aliasedValues: 0,
    aliasesRefused: false,
  };
  const value = readValue(walk, node);
  return { value, problems: walk.problems, aliases: walk.aliases };
}

function readValue(walk: Walk, node: ParsedNode | null): Json {
  if (node === null) return null;
  if (isAlias(node)) return readAlias(walk, node);
  if (walk.aliasDepth > 0) walk.aliasedValues += 1;
  const anchor = node.anchor === undefined ? undefined : { node, complete: false };
  if (node.anchor !== undefined && anchor !== undefined) walk.anchors.set(node.anchor, anchor);
  walk.depth += 1;
  const value = readContent(walk, node);
  walk.depth -= 1;
  if (anchor !== undefined) anchor.complete = true;
  return value;
}

function readContent(walk: Walk, node: Exclude<ParsedNode, Alias.Parsed>): Json {
  if (isScalar(node)) return readScalar(walk, node);
  if (isMap(node)) return readMap(walk, node);
  return isSeq(node) ? node.items.map((item) => readValue(walk, item)) : null;
}

function readScalar(walk: Walk, node: Scalar.Parsed): Json {
  const { value, source } = node;
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  add(walk, "invalid-value", `${source} is not a number that can be used here`, node);
  return null;
}

function readMap(walk: Walk, map: YAMLMap.Parsed): Json {
  const seen = new Map<string, ParsedNode>();
  const object: Record<string, Json> = {};
  for (const { key, value } of map.items) {
    const name = readKey(walk, key, seen);
    // The value is read all the same: it may have problems, or an anchor that is used later.
    const read = readValue(walk, value);
    if (name !== undefined) object[name] = read;
  }
  return object;
}

/** The name of a key, or undefined when it is a problem. */
function readKey(walk: Walk, key: ParsedNode, seen: Map<string, ParsedNode>): string | undefined {
  if (!isScalar(key) || typeof key.value !== "string") {
    const hint = isScalar(key) ? `write it in quotes: "${key.source}"` : undefined;
    add(walk, "invalid-key", "a key must be text", key, hint);
    return undefined;
  }
  const name = key.value;
  if (FORBIDDEN_KEYS.has(name)) {
    add(walk, "forbidden-key", `the key ${name} is not allowed anywhere`, key);
    return undefined;
  }
  if (name === "<<" && key.type === "PLAIN") {
    const hint = "write the keys out, or use an alias for a whole value";
    add(walk, "merge-key", "the merge key << is not part of YAML 1.2", key, hint);
    return undefined;
  }
  const first = seen.get(name);
  if (first !== undefined) {
    const { line } = spanOffsets(walk.source, first.range[0], first.range[1]);
    const message = `the key ${quoteText(name)} stands here for the second time; the first is on line ${line}`;
    add(walk, "duplicate-key", message, key);
    return undefined;
  }
  seen.set(name, key);
  return name;
}

function readAlias(walk: Walk, alias: Alias.Parsed): Json {
  const anchor = walk.anchors.get(alias.source);
  if (anchor === undefined) {
    const hint = `put text that starts with * in quotes: "*${alias.source}"`;
    add(
      walk,
      "yaml-syntax",
      `*${alias.source} has no anchor &${alias.source} before it`,
      alias,
      hint,
    );
    return null;
  }
  if (!anchor.complete) {
    add(walk, "alias-limit", `*${alias.source} stands for a value that contains itself`, alias);
    return null;
  }
  if (walk.aliasedValues >= MAX_ALIASED_VALUES || walk.depth > MAX_DEPTH) {
    refuseAliases(walk, alias);
    return null;
  }
  walk.aliases.set(alias, anchor.node);
  walk.aliasDepth += 1;
  const value = readValue(walk, anchor.node);
  walk.aliasDepth -= 1;
  return value;
}

/** Once for the document: every further alias would say the same. */
function refuseAliases(walk: Walk, alias: Alias.Parsed): void {
  if (walk.aliasesRefused) return;
  walk.aliasesRefused = true;
  const [start, end] = alias.range;
  const message = `the aliases up to here stand for too much: at most ${MAX_ALIASED_VALUES.toLocaleString("en")} values, ${MAX_DEPTH} levels deep`;
  const at = spanOffsets(walk.source, start, end);
  walk.problems.push(report("alias-limit", message, { at, hint: "write the values out" }));
}

function add(
  walk: Walk,
  code: ManifestCode,
  message: string,
  { range: [start, end] }: ParsedNode,
  hint?: string,
): void {
  // A place that an alias leads to a second time has been reported the first time.
  if (walk.aliasDepth > 0) return;
  walk.problems.push(report(code, message, { at: spanOffsets(walk.source, start, end), hint }));
}
