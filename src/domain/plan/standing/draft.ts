import type { Snapshot } from "../plan.ts";
import type { Kind } from "../../ports.ts";
import type { Json } from "../../json.ts";
import { nameResource, type DesiredResource, type LiveResource } from "../../resource.ts";

/** Letters and digits only, because older versions of 3CX take no others in the name of an app. */
const PREFIX = "callformnew";

/**
 * What a resource is called while it is being created. It is the one mark that a run which was cut off can leave on the PBX, and
 * the next run, on whatever machine, tells by it what is half made and ours.
 */
export function draftTitle(key: string): string {
  return PREFIX + key.replaceAll(/[^0-9A-Za-z]/g, (sign) => `x${sign.charCodeAt(0).toString(16)}`);
}

/** True for what a run began to create and did not finish. */
export function isDraft(kind: Kind, live: LiveResource): boolean {
  return live.fields[kind.titleField] === draftTitle(live.key);
}

/** True when creating it takes more than one request, and its title can wait until the last. */
export function needsDraft(kind: Kind, fields: Readonly<Record<string, Json>>): boolean {
  const { createdFields, titleField } = kind;
  return (
    createdFields.includes(titleField) &&
    fields[titleField] !== undefined &&
    Object.keys(fields).some((field) => !createdFields.includes(field))
  );
}

/** What is half made and wanted is not there yet, as far as a plan goes; the rest of the snapshot is. */
export function setDraftsApart(
  kinds: readonly Kind[],
  desired: readonly DesiredResource[],
  snapshot: Snapshot,
): { readonly drafts: Snapshot; readonly finished: Snapshot } {
  const wanted = new Set(desired.map(nameResource));
  const drafts = new Map<string, LiveResource>();
  const finished = new Map<string, LiveResource>();
  for (const [name, live] of snapshot) {
    const kind = kinds.find((candidate) => candidate.name === live.kind);
    const begun = kind !== undefined && wanted.has(name) && isDraft(kind, live);
    (begun ? drafts : finished).set(name, live);
  }
  return { drafts, finished };
}
