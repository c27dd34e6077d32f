import { isDraft } from "../../domain/plan/standing/draft.ts";
import { findKind, type Snapshot } from "../../domain/plan/plan.ts";
import type { Kind } from "../../domain/ports.ts";
import type { Json } from "../../domain/json.ts";
import { nameResource, type DesiredResource, type ResourceId } from "../../domain/resource.ts";

/** How one managed resource is doing on the PBX. */
export interface ResourceStatus extends ResourceId {
  readonly title?: string;
  readonly state: "healthy" | "unhealthy" | "compiling" | "missing";
  /** In words; empty when healthy. */
  readonly reason: string;
  /** What the PBX itself writes, as it spells it in camelCase. */
  readonly status: Readonly<Record<string, Json>>;
}

export function describeHealth(
  kinds: readonly Kind[],
  resource: DesiredResource,
  snapshot: Snapshot,
): ResourceStatus {
  const { kind, key } = resource;
  const spec = findKind(kinds, kind);
  const live = snapshot.get(nameResource(resource));
  if (live === undefined || isDraft(spec, live)) {
    const reason =
      live === undefined
        ? "the PBX does not have it; apply creates it"
        : "a run that was cut off began to create it; apply finishes that";
    return { kind, key, state: "missing", reason, status: live?.status ?? {} };
  }
  const { state, reason } = spec.health(live);
  const wanted = resource.fields[spec.titleField];
  // Secrets are not resolved here, and what the PBX has in their place is one.
  const secret = typeof wanted === "string" && wanted.includes("${secret:");
  const title = secret ? undefined : live.fields[spec.titleField];
  return {
    kind,
    key,
    ...(typeof title === "string" ? { title } : {}),
    state,
    reason,
    status: live.status,
  };
}
