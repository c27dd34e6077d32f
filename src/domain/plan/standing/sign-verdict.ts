import { createHmac } from "node:crypto";
import { canonicalizeJson } from "../canonical.ts";
import type { Kind } from "../../ports.ts";
import { nameResource, type LiveResource } from "../../resource.ts";
import type { Secret } from "../../secret.ts";

/** The verdict that a resource shows, as a keyed hash: what the compiler says may repeat a secret. */
export function signVerdict(key: Secret<string>, kind: Kind, live: LiveResource): string {
  const said = [nameResource(live), live.id, kind.settle?.trace(live) ?? null];
  return createHmac("sha256", key.reveal()).update(canonicalizeJson(said)).digest("hex");
}
