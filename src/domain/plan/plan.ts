import type { Operation } from "fast-json-patch";
import { diffResource, toJsonPatch, type FieldChange } from "./diff.ts";
import type { Kind } from "../ports.ts";
import type { Problem, SourceSpan } from "../problem.ts";
import {
  nameResource,
  type DesiredResource,
  type LiveResource,
  type ResourceId,
} from "../resource.ts";

export const PLAN_FORMAT = 1;

export type ChangeOp = "create" | "update" | "delete";

/** What would happen to one resource. */
export interface Change extends ResourceId {
  readonly op: ChangeOp;
  /** What people call it. */
  readonly title?: string;
  readonly fields: readonly FieldChange[];
  /** RFC 6902 over the spec, sensitive fields left out. */
  readonly patch: readonly Operation[];
  /** Where the manifest gives its key; absent for what no manifest names. */
  readonly at?: SourceSpan;
  /** The number it had before, when a manifest's number changed. */
  readonly renumbers?: string;
}

/** Keyed hashes, by resource and, for sensitive fields, by resource and field. */
export interface SavedSeals {
  readonly fields: Readonly<Record<string, { readonly before: string; readonly after: string }>>;
  readonly deletes: Readonly<Record<string, string>>;
  /** Of a field that was never set. */
  readonly unset: readonly string[];
}

export interface PlanSummary {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  readonly unchanged: number;
}

export interface Target {
  readonly name: string;
  readonly url: string;
}

/** A live resource that no manifest names and that is left alone. */
export interface Unmanaged extends ResourceId {
  readonly title?: string;
  /** It was in Git at the base and is no longer. */
  readonly released?: true;
}

/**
 * A resource whose text is on the PBX as the manifest says, and of which nobody may say that it works. `compiling`: the PBX has
 * not judged it yet, and apply waits for that · `refused`: nothing runs there, and this plan does not change that.
 */
export interface Unsettled extends ResourceId {
  readonly title?: string;
  readonly state: "compiling" | "refused";
  readonly at: SourceSpan;
}

/** What would change, as a value: rendered, saved, compared and applied, and free of secrets. */
export interface Plan {
  readonly formatVersion: typeof PLAN_FORMAT;
  readonly target: Target;
  /** The commit that the manifests were compared with as well, as a full id. */
  readonly base?: string;
  /** True when flags narrowed it to some of the manifests. */
  readonly partial: boolean;
  readonly summary: PlanSummary;
  readonly changes: readonly Change[];
  readonly unmanaged: readonly Unmanaged[];
  /** What is as the manifests say and does not run, or not yet; absent where there is nothing of that kind. */
  readonly unsettled?: readonly Unsettled[];
  readonly problems: readonly Problem[];
  /** Keyed digest of the operations with full values: equal digests mean the same operations. */
  readonly digest: string;
  /** Why it must not be applied, a clause each; absent when it may be. */
  readonly blocked?: readonly string[];
  /** In a saved plan: what tells it from every other, also from one of the same operations. */
  readonly id?: string;
  /** In a saved plan: when that was, as ISO 8601. */
  readonly savedAt?: string;
  /** In a saved plan: what tells whether values that it does not show are still the same. */
  readonly seals?: SavedSeals;
}

/** A change with both sides it came from: what apply works on. */
export type PlannedResource = PlannedWrite | PlannedDelete;

export interface PlannedWrite {
  readonly kind: Kind;
  readonly change: Change & { readonly op: "create" | "update"; readonly at: SourceSpan };
  readonly desired: DesiredResource;
  readonly live?: LiveResource;
  /** Of a create: what a run that was cut off has made of it already. */
  readonly draft?: LiveResource;
  /** Why apply leaves it as it is, while it carries out the rest of the plan. */
  readonly held?: Problem;
  /** The PBX is still judging the text that is in place, which comes before anything is written. */
  readonly compiling?: true;
  /** Written although nothing runs there. */
  readonly tolerated?: true;
}

export interface PlannedDelete {
  readonly kind: Kind;
  readonly change: Change & { readonly op: "delete" };
  readonly live: LiveResource;
  /** What takes its place and must have succeeded first. */
  readonly successor?: ResourceId;
  /** Why apply leaves it as it is, while it carries out the rest of the plan. */
  readonly held?: Problem;
}

export function isDelete(item: PlannedResource): item is PlannedDelete {
  return item.change.op === "delete";
}

/** Live resources of every kind, by {@link nameResource}. */
export type Snapshot = ReadonlyMap<string, LiveResource>;

/** The manifests at the base, by {@link nameResource}. */
export type BaseResources = ReadonlyMap<string, DesiredResource>;

/** Every desired resource that differs from the PBX, with its change; the rest is unchanged. */
export function planWrites(
  kinds: readonly Kind[],
  desired: readonly DesiredResource[],
  snapshot: Snapshot,
  base?: BaseResources,
  drafts?: Snapshot,
): PlannedWrite[] {
  return desired.flatMap((resource) => {
    const kind = findKind(kinds, resource.kind);
    const name = nameResource(resource);
    const live = snapshot.get(name);
    const then = base === undefined ? undefined : { resource: base.get(name) };
    const fields = diffResource(kind, resource, live, then);
    if (live !== undefined && fields.length === 0) return [];
    const change = {
      op: live === undefined ? ("create" as const) : ("update" as const),
      kind: resource.kind,
      key: resource.key,
      ...titleOf(kind, resource.fields),
      fields,
      patch: toJsonPatch(fields),
      at: resource.at,
    };
    const draft = drafts?.get(name);
    return [
      {
        kind,
        change,
        desired: resource,
        ...(live === undefined ? {} : { live }),
        ...(draft === undefined ? {} : { draft }),
      },
    ];
  });
}

export function summarize(changes: readonly Change[], resources: number): PlanSummary {
  const count = (op: ChangeOp): number => changes.filter((change) => change.op === op).length;
  const [create, update] = [count("create"), count("update")];
  return { create, update, delete: count("delete"), unchanged: resources - create - update };
}

/** By kind, then by key, in code unit order. */
export function compareIds(a: ResourceId, b: ResourceId): number {
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
}

export function findKind(kinds: readonly Kind[], name: string): Kind {
  const kind = kinds.find((candidate) => candidate.name === name);
  if (kind === undefined) throw new Error(`unknown kind ${name}`);
  return kind;
}

/** True when applying the plan would write something. */
export function hasChanges(plan: Pick<Plan, "changes">): boolean {
  return plan.changes.length > 0;
}

/** True when there is something to do: to write, to wait for, or to report as not working. */
export function hasWork(plan: Pick<Plan, "changes" | "unsettled">): boolean {
  return hasChanges(plan) || (plan.unsettled ?? []).length > 0;
}

/** `{ title }` where the fields have one. */
export function titleOf(kind: Kind, fields: Readonly<Record<string, unknown>>): { title?: string } {
  const title = fields[kind.titleField];
  return typeof title === "string" ? { title } : {};
}

/** The plan, saying why it must not be applied where one of these problems is an error. */
export function markBlocked<T extends Pick<Plan, "blocked">>(
  plan: T,
  problems: readonly Problem[],
): T {
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return plan;
  return {
    ...plan,
    blocked: [...new Set(errors.map(({ code, message }) => `${code}: ${message}`))],
  };
}
