import { createHmac, timingSafeEqual } from "node:crypto";
import { canonicalizeJson } from "./canonical.ts";
import { revealChange, revealLive } from "./diff.ts";
import { isDelete, type PlannedResource, type Target } from "./plan.ts";
import type { Json } from "../json.ts";
import type { Secret } from "../secret.ts";

/**
 * HMAC-SHA-256, as hex, over the target and every operation with its full values before and after.
 * It is keyed because a plain hash of a plan with a PIN in it can be guessed. It does not depend on order,
 * time, tool version or the text of a rendered plan.
 */
export function computeDigest(
  key: Secret<string>,
  target: Target,
  work: readonly PlannedResource[],
): string {
  const operations = work.map(describeOperation).toSorted((a, b) => (a < b ? -1 : 1));
  const text = canonicalizeJson({ target: { name: target.name, url: target.url }, operations });
  return createHmac("sha256", key.reveal()).update(text).digest("hex");
}

export function digestsMatch(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function describeOperation(item: PlannedResource): string {
  const { op, kind: name, key } = item.change;
  if (isDelete(item))
    return canonicalizeJson({ op, kind: name, key, fields: revealLive(item.kind, item.live) });
  const { change, desired, kind, live } = item;
  const fields: Record<string, Json> = {};
  for (const { field } of change.fields) fields[field] = revealChange(kind, desired, live, field);
  return canonicalizeJson({ op, kind: name, key, fields });
}
