import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { canonicalizeJson } from "../../domain/plan/canonical.ts";
import type { FieldChange } from "../../domain/plan/diff.ts";
import type { Change, Plan, Target } from "../../domain/plan/plan.ts";
import type { Json } from "../../domain/json.ts";

/** What a review has seen of a plan, without its texts: enough to say later how another plan differs. */
export interface ReviewedPlan {
  readonly target: Target;
  readonly changes: readonly ReviewedChange[];
  /** How much was kept. `values`: everything, values as hashes · `fields`: which fields · `operations`: which resources. */
  readonly kept: Kept;
}

export type ReviewedChange = Pick<Change, "op" | "kind" | "key" | "fields" | "patch">;

const KEEPING = ["values", "fields", "operations"] as const;
type Kept = (typeof KEEPING)[number];

const START = "<!-- callform-plan ";
const END = " -->";
/** A reviewed plan that unpacks to more was not packed here. */
const MAX_UNPACKED = 32 * 1024 * 1024;
const HASH_LENGTH = 16;

/** The plan as one line that a reader of the check run does not see, at most `limit` bytes; what does not fit is left out. */
export function packReviewed(plan: Plan, limit: number): string {
  for (const kept of KEEPING) {
    const json = JSON.stringify(reduceTo(plan, kept));
    const line = `${START}${deflateRawSync(json).toString("base64url")}${END}`;
    if (line.length <= limit) return line;
  }
  return "";
}

/** The reviewed plan in the text of a check run; undefined where there is none that can be read. */
export function unpackReviewed(text: string): ReviewedPlan | undefined {
  const line = text.split("\n").find((candidate) => candidate.startsWith(START));
  if (line === undefined || !line.trimEnd().endsWith(END)) return undefined;
  const packed = line.trimEnd().slice(START.length, -END.length);
  try {
    const json = inflateRawSync(Buffer.from(packed, "base64url"), {
      maxOutputLength: MAX_UNPACKED,
    });
    const value: unknown = JSON.parse(json.toString());
    return isReviewed(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A plan as a review would have seen it, to compare the two. */
export function reduceTo({ target, changes }: Plan, kept: Kept): ReviewedPlan {
  return {
    target: { name: target.name, url: target.url },
    kept,
    changes: changes.map(({ op, kind, key, fields }) => ({
      op,
      kind,
      key,
      patch: [],
      fields: kept === "operations" ? [] : fields.map((change) => reduceField(change, kept)),
    })),
  };
}

function reduceField({ field, sensitive, before, after }: FieldChange, kept: Kept): FieldChange {
  const mark = sensitive === true ? { sensitive } : {};
  if (kept === "fields") return { field, ...mark };
  return {
    field,
    ...mark,
    ...(before === undefined ? {} : { before: hash(before) }),
    ...(after === undefined ? {} : { after: hash(after) }),
  };
}

function hash(value: Json): string {
  return createHash("sha256")
    .update(canonicalizeJson(value))
    .digest("base64url")
    .slice(0, HASH_LENGTH);
}

function isReviewed(value: unknown): value is ReviewedPlan {
  if (typeof value !== "object" || value === null) return false;
  const { kept, target, changes } = value as Partial<Record<keyof ReviewedPlan, unknown>>;
  return (
    KEEPING.some((candidate) => candidate === kept) &&
    typeof target === "object" &&
    target !== null &&
    Array.isArray(changes) &&
    changes.every(isChange)
  );
}

function isChange(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { op, kind, key, fields } = value as Partial<Record<keyof ReviewedChange, unknown>>;
  return (
    ["create", "update", "delete"].includes(String(op)) &&
    typeof kind === "string" &&
    typeof key === "string" &&
    Array.isArray(fields)
  );
}
