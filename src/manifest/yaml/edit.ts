import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type YAMLMap, type YAMLSeq } from "yaml";

import { canonicalizeJson } from "../../domain/plan/canonical.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import { alignLines } from "../../domain/plan/line-diff.ts";
import { addItem, prependItem, removeItem } from "./edit-items.ts";
import { columnOf, type Edit, endOf, type Place, type Walk } from "./edit-places.ts";
import { padBelow, replace } from "./edit-value.ts";
import { isFilled, writeAfterKey, writeFlow, writeScalar } from "./write.ts";
import { isList, isObject } from "../json.ts";

/**
 * The edits that make a document say `after` where it says `before`, both as plain data with references unresolved.
 * Whatever stays the same is not touched: comments, styles, anchors, the order of keys. An alias whose anchor now
 * says something else than it should is written out. Whether the edited text says what it should is for the caller to see.
 */
export function editDocument(text: string, root: ParsedNode, before: Json, after: Json): Edit[] {
  const lineEnd = /\r\n|\n/.exec(text)?.[0] ?? "\n";
  const walk: Walk = { text, lineEnd, edits: [], anchors: new Map() };
  const place = { flow: false, indent: 0, after: root.range[0], key: "" };
  reconcile(walk, root, before, after, place);
  return walk.edits.toSorted((a, b) => a.start - b.start);
}

function reconcile(
  walk: Walk,
  node: ParsedNode | null,
  before: Json,
  after: Json,
  place: Place,
): void {
  const wanted = canonicalizeJson(after);
  if (isAlias(node)) {
    if (walk.anchors.get(node.source) !== wanted) replace(walk, node, after, place);
    return;
  }
  if (isMap(node) && isObject(before) && isObject(after) && keepsSome(before, after)) {
    reconcileMap(walk, node, before, after, place);
  } else if (isSeq(node) && isList(before) && isList(after) && isFilled(before)) {
    reconcileList(walk, node, before, after, place);
  } else if (canonicalizeJson(before) !== wanted) replace(walk, node, after, place);
  if (node?.anchor !== undefined) walk.anchors.set(node.anchor, wanted);
}

function keepsSome(before: JsonObject, after: JsonObject): boolean {
  return Object.keys(before).some((key) => after[key] !== undefined);
}

function reconcileMap(
  walk: Walk,
  map: YAMLMap.Parsed,
  before: JsonObject,
  after: JsonObject,
  place: Place,
): void {
  const flow = place.flow || map.flow === true;
  const items = map.items.map(({ key, value }) => ({
    start: key.range[0],
    end: value === null ? key.range[1] : Math.max(key.range[1] + 1, endOf(walk.text, value)),
  }));
  for (const [index, { key, value }] of map.items.entries()) {
    const name = isScalar(key) ? String(key.value) : "";
    const wanted = after[name];
    if (wanted === undefined) removeItem(walk, items, index, flow);
    else {
      const colon = walk.text.indexOf(":", key.range[1]) + 1;
      const indent = columnOf(walk, key.range[0]);
      const inner = { flow, indent, after: colon, key: name };
      reconcile(walk, value, before[name] ?? null, wanted, inner);
    }
  }
  const added = Object.entries(after).filter(([key]) => before[key] === undefined);
  const column = columnOf(walk, items[0]?.start ?? 0);
  const kept = items.findLast((_, index) => {
    const key = map.items[index]?.key;
    return isScalar(key) && after[String(key.value)] !== undefined;
  });
  for (const [key, value] of added) {
    const entry = flow
      ? `${writeScalar(key)}: ${writeFlow(value)}`
      : `${writeScalar(key)}:${writeAfterKey(key, value, column, walk.lineEnd)}`;
    addItem(walk, kept?.end ?? 0, entry, flow, column);
  }
}

function reconcileList(
  walk: Walk,
  list: YAMLSeq.Parsed,
  before: readonly Json[],
  after: readonly Json[],
  place: Place,
): void {
  const flow = place.flow || list.flow === true;
  const indent = columnOf(walk, list.range[0]);
  const items = list.items.map((item, index) => {
    const dash = flow ? item.range[0] : findDash(walk, list, index, indent);
    return { start: dash, end: Math.max(dash + (flow ? 0 : 1), endOf(walk.text, item)) };
  });
  if (!flow && after.length === 0) {
    emptyBlock(walk, items, place);
    return;
  }
  for (const run of alignLines(before.map(canonicalizeJson), after.map(canonicalizeJson))) {
    const [[from, to], [start, end]] = [run.before, run.after];
    for (let index = from; index < to; index += 1) {
      const wanted = after[start + index - from];
      if (start + index - from >= end || wanted === undefined) {
        removeItem(walk, items, index, flow);
        continue;
      }
      const dash = items[index]?.start ?? 0;
      const inner = { flow, indent, after: flow ? dash : dash + 1, key: "" };
      reconcile(walk, list.items[index] ?? null, before[index] ?? null, wanted, inner);
    }
    const last = items[to - 1] ?? { start: items[0]?.start ?? 0, end: -1 };
    for (const item of after.slice(start + to - from, end)) {
      const entry = flow ? writeFlow(item) : `- ${writeItem(walk, list, item, indent)}`;
      if (last.end < 0) prependItem(walk, last.start, entry, flow, indent);
      else addItem(walk, last.end, entry, flow, indent);
    }
  }
}

/** Takes out every item of a list over several lines; comments on lines of their own stay. */
function emptyBlock(
  walk: Walk,
  items: readonly { readonly start: number; readonly end: number }[],
  place: Place,
): void {
  for (const [index, { start, end }] of items.entries()) {
    if (index > 0) removeItem(walk, items, index, false);
    else if (/^\s*$/.test(walk.text.slice(place.after, start)))
      walk.edits.push({ start: place.after, end, text: " []" });
    else {
      walk.edits.push({ start, end, text: `${padBelow(walk, start, place)}[]` });
    }
  }
}

/** A new item as its neighbours are written: a map over several lines, or anything in one. */
function writeItem(walk: Walk, list: YAMLSeq.Parsed, item: Json, indent: number): string {
  const model = list.items.at(-1);
  if (!isMap(model) || model.flow === true || !isObject(item) || !isFilled(item)) {
    return writeFlow(item);
  }
  const pad = walk.lineEnd + " ".repeat(columnOf(walk, model.range[0]));
  const column = Math.max(indent + 2, columnOf(walk, model.range[0]));
  const lead = " ".repeat(column - indent - 2);
  return (
    lead +
    Object.entries(item)
      .map(([key, value]) => `${writeScalar(key)}: ${writeFlow(value)}`)
      .join(pad)
  );
}

/** The dash of an item: the last one before it in the column of the list. */
function findDash({ text }: Walk, list: YAMLSeq.Parsed, index: number, indent: number): number {
  const [first] = list.range;
  let at = index === 0 ? first : (list.items[index]?.range[0] ?? first);
  while (at > first) {
    const lineStart = text.lastIndexOf("\n", at - 1) + 1;
    const lead = text.slice(lineStart, lineStart + indent + 1);
    if (lead.trim() === "-") return lineStart + indent;
    at = lineStart - 1;
  }
  return first;
}
