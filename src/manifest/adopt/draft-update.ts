import { canonicalizeField, canonicalizeJson } from "../../domain/plan/canonical.ts";
import { orderField } from "../../domain/plan/ordering.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import type { Field, Kind } from "../../domain/ports.ts";
import type { Problem } from "../../domain/problem.ts";
import type { DesiredResource } from "../../domain/resource.ts";
import { reveal } from "../../domain/secret.ts";
import { encodeLike, type FileText, readFileText } from "../files/file-text.ts";
import { readSection } from "../json.ts";
import { type MergedValue, mergeValue } from "./merge-value.ts";
import { resolveText, type Scope } from "../references/resolve.ts";
import {
  type Drafting,
  type FileDraft,
  locateFile,
  scopeField,
  scopeTexts,
  type UpdateOrder,
  type WriteContext,
} from "./context.ts";
import { aboutField, editFields, openFile } from "./edit-fields.ts";
import { tellBlank, tellLost, tellOverlaid } from "./problems.ts";
import { changeText, changeTextFile, readLiveText } from "./draft-texts.ts";

/** The manifest `file` and the texts it names, with what the PBX has. Only the fields of the orders are touched. */
export function draftUpdate(
  file: string,
  orders: readonly UpdateOrder[],
  context: WriteContext,
): Drafting {
  const path = locateFile(file, context);
  const before = readFileText(path, file);
  if (before.problem !== undefined) return { drafts: [], problems: [before.problem] };
  const problems: Problem[] = [];
  const drafts: FileDraft[] = [];
  const resources: DesiredResource[] = [];
  let { text } = before;
  for (const order of orders) {
    const changed = changeManifest(text, file, order, context);
    problems.push(...changed.problems);
    drafts.push(...changed.drafts);
    if (changed.text !== text) resources.push(order.desired);
    ({ text } = changed);
  }
  if (text === before.text) return { drafts, problems };
  const after = { bytes: encodeLike(text, before.bytes), text };
  return { drafts: [{ path, file, before, after, isText: false, resources }, ...drafts], problems };
}

interface ManifestChange {
  readonly text: FileText["text"];
  readonly drafts: readonly FileDraft[];
  readonly problems: readonly Problem[];
}

function changeManifest(
  text: string,
  file: string,
  order: UpdateOrder,
  context: WriteContext,
): ManifestChange {
  const { desired } = order;
  const opened = openFile(text, file, desired, context);
  const drafts: FileDraft[] = [];
  const problems: Problem[] = [];
  const values: Record<string, Json> = {};
  for (const field of order.fields) {
    const source = desired.textSources[field];
    const place = desired.fieldSpans[field]?.file;
    if (source !== undefined && source.file !== place) {
      const changed = changeTextFile(order, field, source.file, context);
      problems.push(...changed.problems);
      if (changed.draft !== undefined) drafts.push(changed.draft);
      continue;
    }
    const spec = opened === undefined ? {} : readSection(opened.reading.document, "spec");
    const value = place === file ? changeField(order, field, spec, context, problems) : undefined;
    if (value !== undefined) values[field] = value;
    else if (place !== file) problems.push(tellOverlaid(aboutField(order, field), field));
  }
  const edited =
    opened === undefined ? { text } : editFields(text, file, opened, values, order, context);
  return { text: edited.text, drafts, problems: [...problems, ...(edited.problems ?? [])] };
}

/** What the manifest has to say for a field; undefined, and a problem, where that is not to be. */
function changeField(
  order: UpdateOrder,
  field: string,
  spec: JsonObject,
  context: WriteContext,
  problems: Problem[],
): Json | undefined {
  const about = aboutField(order, field);
  const kind = context.kinds.get(order.desired.kind);
  const declared = kind?.fields.find(({ name }) => name === field);
  const raw = spec[field];
  if (kind === undefined || declared === undefined) throw new Error(`no such field: ${field}`);
  const rule = orderField(declared, order.live.fields);
  const scope = rule.comparison === "text" ? scopeField(context, kind, field) : scopeTexts(context);
  const current = raw === undefined ? undefined : resolveTexts(raw, scope);
  if (
    raw === undefined ||
    current === undefined ||
    !isGivenBy(current, kind, rule, order.desired)
  ) {
    problems.push(tellOverlaid(about, field));
    return undefined;
  }
  const live = order.live.fields[field] ?? null;
  let merged: MergedValue;
  if (rule.comparison === "text" && typeof raw === "string") {
    const wanted = readLiveText(live);
    if (wanted === undefined) {
      problems.push(tellBlank(about, field));
      return undefined;
    }
    const { text, lost } = changeText(raw, wanted, scope, context);
    merged = { value: text, lost };
  } else {
    const wanted = kind.complete(
      field,
      rule.comparison === "line" ? canonicalizeField("line", live) : live,
    );
    merged = mergeValue(
      { raw, current: kind.complete(field, current), wanted },
      rule.comparison,
      context.secrets,
    );
  }
  if (merged.lost.length === 0 || context.force) return merged.value;
  problems.push(tellLost(about, field, merged.lost));
  return undefined;
}

/** False where an overlay makes something else of what the manifest says. */
function isGivenBy(current: Json, kind: Kind, rule: Field, desired: DesiredResource): boolean {
  const compare = (value: Json): string =>
    canonicalizeJson(canonicalizeField(rule.comparison, kind.complete(rule.name, value)));
  return compare(current) === compare(reveal(desired.fields[rule.name] ?? null));
}

function resolveTexts(value: Json, scope: Scope): Json {
  if (typeof value === "string") return resolveText(value, scope).text;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item: Json) => resolveTexts(item, scope));
  const pairs = Object.entries(value).map(([key, item]) => [key, resolveTexts(item, scope)]);
  return Object.fromEntries(pairs);
}
