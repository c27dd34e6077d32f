import { redactTexts, type Redactor } from "../../redact.ts";
import { joinSpans, maskSpans, type Span } from "../../spans.ts";
import type { Json } from "../../json.ts";
import { isList } from "../canonical.ts";
import { toJsonPatch, type FieldChange } from "../diff.ts";
import { listTexts } from "./live-texts.ts";
import { maskDiff, maskLines, splitLines } from "./mask-lines.ts";
import type { Change, Plan, Unmanaged } from "../plan.ts";

/** What must not be seen of a plan, beside what its fields say of themselves. */
export interface Masks {
  readonly redactor: Redactor;
  /** Where something in a text that the PBX has looks like a credential; asked only of what `listLiveTexts` gives. */
  readonly suspects: (text: string) => readonly Span[];
}

/**
 * The plan as it may be shown: known secrets and suspects masked in the values, and only there. What the PBX has may be a secret whose
 * reference is gone; what the manifests say literally is masked only where it can be no coincidence.
 */
export function maskPlan(plan: Plan, masks: Masks): Plan {
  return {
    ...plan,
    changes: plan.changes.map((change) => maskChange(change, masks)),
    unmanaged: plan.unmanaged.map((resource): Unmanaged => maskTitle(resource, true, masks)),
    problems: redactTexts(masks.redactor, plan.problems),
  };
}

function maskChange(change: Change, masks: Masks): Change {
  const fields = change.fields.map((field) => maskField(field, masks));
  const shown = maskTitle(change, change.op === "delete", masks);
  return fields.every((field, index) => field === change.fields[index])
    ? shown
    : { ...shown, fields, patch: toJsonPatch(fields) };
}

function maskTitle<T extends { readonly title?: string }>(
  named: T,
  live: boolean,
  { redactor, suspects }: Masks,
): T {
  const { title } = named;
  if (title === undefined) return named;
  const spans = live
    ? [...redactor.find(title, "all"), ...suspects(title)]
    : redactor.find(title, "long");
  return spans.length === 0 ? named : { ...named, title: maskSpans(title, joinSpans(spans)) };
}

function maskField(change: FieldChange, masks: Masks): FieldChange {
  const { before, after, diff } = change;
  if (diff !== undefined && typeof before === "string" && typeof after === "string")
    return maskText({ ...change, before, after, diff }, change, masks);
  const own = after === undefined ? after : mapTexts(after, (text) => maskOwn(text, masks));
  const said = after === undefined ? [] : listTexts(after);
  const live =
    before === undefined ? before : mapTexts(before, (text) => maskLive(text, said, masks));
  if (own === after && live === before) return change;
  return {
    ...change,
    ...(live === undefined ? {} : { before: live }),
    ...(own === undefined ? {} : { after: own }),
    // Without a live text the diff is all new.
    ...(diff === undefined ? {} : { diff: maskDiff(diff, [], splitLines(own)) }),
  };
}

function maskOwn(text: string, { redactor }: Masks): string {
  return maskSpans(text, redactor.find(text, "long"));
}

/** `said` is what the manifest says in its place: a word of a few letters in both is there by chance. */
function maskLive(text: string, said: readonly string[], { redactor, suspects }: Masks): string {
  const known = redactor.find(text, "all").filter(({ start, end }) => {
    const word = text.slice(start, end);
    return !said.some((other) => splitWords(other).includes(word));
  });
  const long = redactor.find(text, "long");
  return maskSpans(text, joinSpans([...known, ...long, ...suspects(text)]));
}

function splitWords(text: string): string[] {
  return text.split(/[^A-Za-z0-9]+/);
}

interface TextChange {
  readonly before: string;
  readonly after: string;
  readonly diff: string;
}

function maskText({ before, after, diff }: TextChange, change: FieldChange, masks: Masks) {
  const { redactor, suspects } = masks;
  const own = redactor.find(after, "long");
  const sure = joinSpans([...redactor.find(before, "long"), ...suspects(before)]);
  const all = joinSpans([...redactor.find(before, "all"), ...sure]);
  if (own.length === 0 && all.length === 0) return change;
  const said = new Set(after.split("\n"));
  const ownLines = maskLines(after, own);
  const [certain, live] = [maskLines(before, sure), maskLines(before, all)];
  const liveLines = before
    .split("\n")
    .map((line, index) => (said.has(line) ? certain[index] : live[index]) ?? "");
  return {
    ...change,
    before: liveLines.join("\n"),
    after: ownLines.join("\n"),
    diff: maskDiff(diff, liveLines, ownLines),
  };
}

function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === "string") return change(value);
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) {
    const items = value.map((item) => mapTexts(item, change));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  const entries = Object.entries(value).map(
    ([key, item]) => [key, mapTexts(item, change)] as const,
  );
  return entries.every(([key, item]) => item === value[key]) ? value : Object.fromEntries(entries);
}
