import { canonicalizeField, canonicalizeJson } from "../../domain/plan/canonical.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import type { Comparison } from "../../domain/ports.ts";
import { isList, isObject } from "../json.ts";
import { findReferences } from "../references/resolve.ts";
import { restoreReferences, type UsedReference } from "../references/restore.ts";

export interface MergedValue {
  /** With references unresolved. */
  readonly value: Json;
  /** References that stood where something else stands now. */
  readonly lost: readonly string[];
}

interface Losses {
  readonly lost: string[];
  /** Every secret that is known by a name. */
  readonly secrets: readonly UsedReference[];
}

/** A value in the three forms it has while it is merged. */
export interface ValueForms {
  /** As the manifest has it, references unresolved. */
  readonly raw: Json | undefined;
  /** What that stands for, completed as the API would. */
  readonly current: Json | undefined;
  /** What it should stand for, completed the same way. */
  readonly wanted: Json;
}

/** What a manifest has to say so that it stands for `wanted`; the parts that do so already stay as they are. */
export function mergeValue(
  forms: ValueForms,
  comparison: Comparison,
  secrets: readonly UsedReference[] = [],
): MergedValue {
  const lost: string[] = [];
  const value = merge(forms, comparison, { lost, secrets });
  return { value, lost };
}

function merge({ raw, current, wanted }: ValueForms, comparison: Comparison, into: Losses): Json {
  if (raw !== undefined && current !== undefined && same(current, wanted, comparison)) return raw;
  if (raw !== undefined && current !== undefined) {
    if (isObject(raw) && isObject(current) && isObject(wanted)) {
      return mergeObject(raw, current, wanted, into);
    }
    const aligned = isList(raw) && isList(current) && raw.length === current.length;
    if (aligned && isList(wanted)) {
      return comparison === "set"
        ? mergeSet(raw, current, wanted, into)
        : mergeList(raw, current, wanted, into);
    }
  }
  noteLost(raw, into);
  return escapeTexts(wanted, into.secrets);
}

function mergeObject(raw: JsonObject, current: JsonObject, wanted: JsonObject, into: Losses) {
  for (const key of Object.keys(raw)) if (wanted[key] === undefined) noteLost(raw[key], into);
  const pairs = [...new Set([...Object.keys(raw), ...Object.keys(wanted)])].flatMap((key) => {
    const [was, now] = [current[key], wanted[key]];
    if (now === undefined) return [];
    // What the API fills in need not be said.
    if (raw[key] === undefined && was !== undefined && same(was, now, "exact")) return [];
    const value = merge({ raw: raw[key], current: was, wanted: now }, "exact", into);
    return [[key, value] as const];
  });
  return Object.fromEntries(pairs);
}

function mergeList(
  raw: readonly Json[],
  current: readonly Json[],
  wanted: readonly Json[],
  into: Losses,
): Json {
  for (const item of raw.slice(wanted.length)) noteLost(item, into);
  return wanted.map((item, index) =>
    merge({ raw: raw[index], current: current[index], wanted: item }, "exact", into),
  );
}

/** Every item keeps its place; one that has to go makes room for one that is like it, or for the next new one. */
function mergeSet(
  raw: readonly Json[],
  current: readonly Json[],
  wanted: readonly Json[],
  into: Losses,
): Json {
  const named = wanted.map((item) => [canonicalizeJson(item), item] as const);
  // The order of a PBX's answer means nothing, and must not be seen in a file.
  const left = new Map(named.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const stays = current.map((item) => left.delete(canonicalizeJson(item)));
  const added = [...left.values()];
  const taken = current.map((item, index) => {
    const like = stays[index] ? -1 : added.findIndex((candidate) => isLike(item, candidate));
    return like < 0 ? undefined : added.splice(like, 1)[0];
  });
  const items = raw.flatMap((item, index): Json[] => {
    if (stays[index]) return [item];
    const next = taken[index] ?? added.shift();
    if (next !== undefined) {
      return [merge({ raw: item, current: current[index], wanted: next }, "exact", into)];
    }
    noteLost(item, into);
    return [];
  });
  return [...items, ...added.map((item) => escapeTexts(item, into.secrets))];
}

/** They say the same under the key that comes first, which is what people know a thing by. */
function isLike(one: Json, other: Json): boolean {
  if (!isObject(one) || !isObject(other)) return false;
  const [key] = Object.keys(other);
  const [a, b] = [one[key ?? ""], other[key ?? ""]];
  return a !== undefined && b !== undefined && same(a, b, "exact");
}

function same(one: Json, other: Json, comparison: Comparison): boolean {
  const [a, b] = [canonicalizeField(comparison, one), canonicalizeField(comparison, other)];
  return canonicalizeJson(a) === canonicalizeJson(b);
}

function noteLost(raw: Json | undefined, into: Losses): void {
  if (typeof raw === "string") into.lost.push(...findReferences(raw));
  else if (typeof raw === "object" && raw !== null) {
    for (const item of Object.values(raw)) noteLost(item, into);
  }
}

/** The same value with every text in it written so that it stands for itself, known secrets as their references. */
export function escapeTexts(value: Json, secrets: readonly UsedReference[]): Json {
  if (typeof value === "string") return restoreReferences(value, [], secrets).text;
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map((item) => escapeTexts(item, secrets));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, escapeTexts(item, secrets)]),
  );
}
