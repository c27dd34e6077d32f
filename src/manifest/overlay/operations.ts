import { canonicalizeJson } from "../../domain/plan/canonical.ts";
import type { Json } from "../../domain/json.ts";
import { namePath } from "../schema/explain.ts";
import { findChildPart, isPartList, isPartMap, type Origin, type Part } from "../yaml/find-node.ts";
import { suggestName } from "../../domain/text/nearest-name.ts";
import { countValues, MAX_VALUES } from "./budget.ts";
import { readPart } from "./parts.ts";

/** One operation of a JSON patch (RFC 6902), its pointers as the keys that they lead through. */
export type PatchOperation = {
  readonly path: readonly string[];
  /** Where the path is written. */
  readonly named: Origin;
} & (
  | { readonly op: "add" | "replace" | "test"; readonly value: Part }
  | { readonly op: "remove" }
  | { readonly op: "move" | "copy"; readonly from: readonly string[] }
);

/** Why an operation cannot be carried out, and which of its members says so. */
export interface Refusal {
  readonly fault: string;
  readonly hint?: string | undefined;
  readonly about: "path" | "from" | "value";
}

type Outcome =
  | { readonly part: Part; readonly refusal?: undefined }
  | { readonly part?: undefined; readonly refusal: Refusal };

/** What becomes of the map or list that holds a value. */
type Edit = (holder: Part, key: string, path: readonly string[]) => Outcome;

/** {@link carryOut}, unless what comes of it is too large. */
export function applyOperation(document: Part, operation: PatchOperation): Outcome {
  const outcome = carryOut(document, operation);
  const grows = "from" in operation && outcome.part !== undefined;
  return grows && countValues(outcome.part) > MAX_VALUES
    ? refuse("path", `the manifest would hold more than ${MAX_VALUES} values`)
    : outcome;
}

/** `document` after one operation. Written here because a JSON patch library clones values, and so loses their places. */
function carryOut(document: Part, operation: PatchOperation): Outcome {
  const { path, named } = operation;
  if ("from" in operation) return transferPart(document, operation.op, operation.from, operation);
  if (operation.op === "remove") return editPart(document, path, named, removePart(named));
  if (operation.op === "test") return testPart(document, path, operation.value);
  const value = { ...operation.value, named };
  const edit = operation.op === "add" ? setPart(value) : replacePart(value);
  return editPart(document, path, named, edit);
}

function transferPart(
  document: Part,
  op: "copy" | "move",
  from: readonly string[],
  { path, named }: PatchOperation,
): Outcome {
  const inside = from.length < path.length && from.every((step, index) => step === path[index]);
  if (op === "move" && inside) {
    return refuse("path", `${namePath(from)} cannot be moved into itself`);
  }
  const found = findPart(document, from);
  if (found.refusal !== undefined) return { refusal: { ...found.refusal, about: "from" } };
  const rest =
    op === "copy" ? { part: document } : editPart(document, from, named, removePart(named));
  if (rest.refusal !== undefined) return rest;
  return editPart(rest.part, path, named, setPart({ ...found.part, named }));
}

function testPart(document: Part, path: readonly string[], expected: Part): Outcome {
  const found = findPart(document, path);
  if (found.refusal !== undefined) return found;
  const [is, wanted] = [readPart(found.part), readPart(expected)];
  if (canonicalizeJson(is) === canonicalizeJson(wanted)) return { part: document };
  return refuse("value", `${namePath(path)} is ${showValue(is)}, not ${showValue(wanted)}`);
}

function showValue(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

const MAX_SHOWN = 80;

function findPart(document: Part, path: readonly string[]): Outcome {
  let part = document;
  for (const [index, step] of path.entries()) {
    const child = findItem(part, step);
    if (child === undefined) return refuseAbsent(part, path.slice(0, index + 1));
    part = child;
  }
  return { part };
}

/** The document with the holder of the value at a path edited by `editor`, and everything around it as it was. */
function editPart(
  document: Part,
  path: readonly string[],
  editor: Origin,
  edit: Edit,
  depth = 0,
): Outcome {
  const key = path[depth];
  if (key === undefined) return refuse("path", "the whole document cannot be replaced");
  const child = findItem(document, key);
  const last = depth === path.length - 1;
  if (!last && child === undefined) return refuseAbsent(document, path.slice(0, depth + 1));
  const edited =
    last || child === undefined
      ? edit(document, key, path)
      : editPart(child, path, editor, edit, depth + 1);
  if (edited.refusal !== undefined) return edited;
  const part = last ? edited.part : setItem(document, key, edited.part);
  return { part: { ...part, changed: editor } };
}

function setPart(value: Part): Edit {
  return (holder, key, path) => {
    if (isPartMap(holder.content)) return { part: setItem(holder, key, value) };
    if (!isPartList(holder.content)) return refuseHolder(path);
    const index = key === "-" ? holder.content.length : readIndex(key);
    if (index === undefined || index > holder.content.length) return refuseAbsent(holder, path);
    return { part: { ...holder, content: holder.content.toSpliced(index, 0, value) } };
  };
}

function replacePart(value: Part): Edit {
  return (holder, key, path) =>
    findItem(holder, key) === undefined
      ? refuseAbsent(holder, path)
      : { part: setItem(holder, key, value) };
}

function removePart(remover: Origin): Edit {
  return (holder, key, path) => {
    const { content, removed } = holder;
    if (findItem(holder, key) === undefined) return refuseAbsent(holder, path);
    if (isPartList(content)) {
      return { part: { ...holder, content: content.toSpliced(Number(key), 1) } };
    }
    if (!isPartMap(content)) return refuseHolder(path);
    const kept = new Map(content);
    kept.delete(key);
    return {
      part: { ...holder, content: kept, removed: new Map(removed).set(key, remover) },
    };
  };
}

/** The holder with the item at a key that is there, or may be added. */
function setItem(holder: Part, key: string, item: Part): Part {
  const { content } = holder;
  if (isPartMap(content)) return { ...holder, content: new Map(content).set(key, item) };
  return isPartList(content) ? { ...holder, content: content.with(Number(key), item) } : holder;
}

function findItem(holder: Part, step: string): Part | undefined {
  if (isPartList(holder.content) && readIndex(step) === undefined) return undefined;
  return findChildPart(holder, step);
}

/** A position in a list: without a sign and without zeros in front. */
function readIndex(step: string): number | undefined {
  return /^(0|[1-9]\d{0,8})$/.test(step) ? Number(step) : undefined;
}

function refuseAbsent(holder: Part, path: readonly string[]): Outcome {
  return refuse("path", `there is no ${namePath(path)}`, describeItems(holder, path.at(-1) ?? ""));
}

function describeItems({ content }: Part, key: string): string | undefined {
  if (isPartMap(content)) return suggestName(key, [...content.keys()]);
  if (!isPartList(content)) return undefined;
  const count = content.length;
  if (count === 0) return "the list is empty; - adds an item at its end";
  return `the list has the positions 0 to ${count - 1}; - adds an item at its end`;
}

function refuseHolder(path: readonly string[]): Outcome {
  return refuse("path", `${namePath(path.slice(0, -1))} is neither a map nor a list`);
}

function refuse(about: Refusal["about"], fault: string, hint?: string): Outcome {
  return { refusal: { fault, hint, about } };
}
