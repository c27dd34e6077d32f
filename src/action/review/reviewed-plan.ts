import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { canonicalizeJson } from "../../domain/plan/canonical.ts";
import type { FieldChange } from "../../domain/plan/diff.ts";
import type { Change, Plan, Target } from "../../domain/plan/plan.ts";
import type { Json } from "../../domain/json.ts";
import { nameResource } from "../../domain/resource.ts";
import { readDestination, type Destination } from "../job/destination.ts";
import { nameField, NO_SEALS, UNSET, type Seals } from "../../domain/review/seals.ts";

/** What a review has seen of a plan, without its texts: enough to say later how another plan differs. */
export interface ReviewedPlan {
  readonly target: Target;
  readonly changes: readonly ReviewedChange[];
  /** How much was kept. `values`: everything, values as hashes · `fields`: which fields · `operations`: which resources. */
  readonly kept: Kept;
  /** The seal of nothing, to know the key of the others by. */
  readonly mark?: string | undefined;
  /** Where the plan was made; older records do not say. */
  readonly destination?: Destination | undefined;
  /** When, and in which run. */
  readonly made?: Made | undefined;
}

/** The run that made a plan. */
export interface Made {
  readonly at: string;
  readonly runUrl: string;
  /** What started the run; older records do not say. */
  readonly event?: string | undefined;
}

export interface ReviewedChange extends Pick<Change, "op" | "kind" | "key" | "fields" | "patch"> {
  /** Of all that the resource has which is to be deleted. */
  readonly seal?: string;
}

/** What a review is kept with besides the plan. */
export interface Circumstances {
  readonly seals?: Seals;
  readonly destination?: Destination | undefined;
  readonly made?: Made | undefined;
}

const KEEPING = ["values", "fields", "operations"] as const;
type Kept = (typeof KEEPING)[number];

const START = "<!-- callform-plan ";
const END = " -->";
/** A reviewed plan that unpacks to more was not packed here. */
const MAX_UNPACKED = 32 * 1024 * 1024;
const HASH_LENGTH = 16;

/** The plan as one line that a reader of the check run does not see, at most `limit` bytes; what does not fit is left out. */
export function packReviewed(
  plan: Plan,
  limit: number,
  { seals = NO_SEALS, ...more }: Circumstances = {},
): string {
  for (const kept of KEEPING) {
    const json = JSON.stringify({ ...reduceTo(plan, kept, seals), ...more });
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
    return isReviewed(value)
      ? { ...value, destination: readDestination(value.destination), made: readMade(value.made) }
      : undefined;
  } catch {
    return undefined;
  }
}

/** A plan as a review would have seen it, to compare the two. */
export function reduceTo(
  { target, changes }: Plan,
  kept: Kept,
  seals: Seals = NO_SEALS,
): ReviewedPlan {
  return {
    target: { name: target.name, url: target.url },
    kept,
    ...(seals.unset[0] === undefined ? {} : { mark: seals.unset[0] }),
    changes: changes.map(({ op, kind, key, fields }) => {
      const name = nameResource({ kind, key });
      const seal = kept === "values" ? seals.deletes.get(name) : undefined;
      return {
        op,
        kind,
        key,
        patch: [],
        ...(seal === undefined ? {} : { seal }),
        fields:
          kept === "operations"
            ? []
            : fields.map((change) =>
                reduceField(change, kept, seals.fields.get(nameField(name, change.field))),
              ),
      };
    }),
  };
}

function reduceField(
  { field, sensitive, before, after }: FieldChange,
  kept: Kept,
  seal: { readonly before: string; readonly after: string } | undefined,
): FieldChange {
  const mark = sensitive === true ? { sensitive } : {};
  if (kept === "fields") return { field, ...mark };
  if (sensitive === true) return { field, ...mark, ...seal };
  return {
    field,
    ...(before === undefined ? {} : { before: hash(before) }),
    ...(after === undefined ? {} : { after: hash(after) }),
  };
}

/** The same without what can be compared under the same key alone. */
export function dropSeals(reviewed: ReviewedPlan): ReviewedPlan {
  const changes = reviewed.changes.map(({ op, kind, key, patch, fields }) => ({
    op,
    kind,
    key,
    patch,
    fields: fields.map(({ field, sensitive, ...values }) =>
      sensitive === true ? { field, sensitive } : { field, ...values },
    ),
  }));
  return { ...reviewed, changes };
}

/** True for the kept form of a text that nobody had set. */
export function isUnset(before: Json | undefined, seals: Seals): boolean {
  if (before === undefined) return false;
  return [...UNSET.map(hash), ...seals.unset].some((unset) => unset === before);
}

function hash(value: Json): string {
  return createHash("sha256")
    .update(canonicalizeJson(value))
    .digest("base64url")
    .slice(0, HASH_LENGTH);
}

function readMade(value: unknown): Made | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { at, runUrl, event } = value as Partial<Record<keyof Made, unknown>>;
  if (typeof at !== "string" || typeof runUrl !== "string") return undefined;
  return { at, runUrl, event: typeof event === "string" ? event : undefined };
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
