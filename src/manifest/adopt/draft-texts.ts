import { canonicalizeText } from "../../domain/plan/canonical.ts";
import type { Json } from "../../domain/json.ts";
import type { Problem } from "../../domain/problem.ts";
import type { DesiredResource, ResourceId } from "../../domain/resource.ts";
import { reveal } from "../../domain/secret.ts";
import { encodeLike, readFileText } from "../files/file-text.ts";
import { mergeText } from "./merge-text.ts";
import { decodeText, MAX_FILE_BYTES } from "../files/read-text.ts";
import { resolveText, type Scope } from "../references/resolve.ts";
import type { RestoredText } from "../references/restore.ts";
import {
  type FileDraft,
  locateFile,
  sameResource,
  scopeField,
  type UpdateOrder,
  type WriteContext,
} from "./context.ts";
import {
  type About,
  refuseShared,
  tellArchived,
  tellBlank,
  tellLeftOut,
  tellLost,
} from "./problems.ts";

/** A text of the PBX's, or nothing where it has none. What is blank is no text: a manifest may not name such a file. */
export function readLiveText(value: Json | undefined): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** A text of the PBX's as a new file, known secrets as their references; or why no file can hold it. */
export function writeNewText(
  text: string,
  file: string,
  scope: Scope,
  context: WriteContext,
): { readonly after: FileDraft["after"] } | { readonly reason: string } {
  const { text: after, lost } = changeText("", text, scope, context);
  if (lost.length > 0 && !context.force) {
    return { reason: `it repeats the value of ${lost[0]} where no reference can stand` };
  }
  const bytes = encodeLike(after, undefined);
  const reason = judgeText(bytes, text, file, scope);
  return reason === undefined ? { after: { bytes, text: after } } : { reason };
}

/** Why these bytes would not be read back as `wanted`. */
function judgeText(
  bytes: Uint8Array,
  wanted: string,
  file: string,
  scope: Scope,
): string | undefined {
  if (bytes.length > MAX_FILE_BYTES) return "it is larger than 5 MiB";
  const { text, problem } = decodeText(bytes, file);
  if (problem !== undefined) return problem.message;
  const back = resolveText(text, scope).text;
  return canonicalizeText(back) === canonicalizeText(wanted)
    ? undefined
    : "it has characters that no text file can hold";
}

/** A change of a text field that stands in a file of its own. */
export interface TextFileChange {
  readonly draft?: FileDraft;
  readonly problems: readonly Problem[];
}

/** The file of a text field with what the PBX has. `shown` is the file. */
export function changeTextFile(
  { desired, live }: UpdateOrder,
  field: string,
  shown: string,
  context: WriteContext,
): TextFileChange {
  const about: About = { id: desired, at: desired.fieldSpans[field] };
  const archive = desired.textSources[field]?.archive;
  if (archive !== undefined) return { problems: [tellArchived(about, field, archive)] };
  const wanted = readLiveText(live.fields[field]);
  if (wanted === undefined) return { problems: [tellBlank(about, field)] };
  const path = locateFile(shown, context);
  const before = readFileText(path, shown);
  if (before.problem !== undefined) return { problems: [before.problem] };
  const scope = scopeField(context, context.kinds.get(desired.kind), field);
  const merged = changeText(before.text, wanted, scope, context);
  if (merged.lost.length > 0 && !context.force) {
    return { problems: [tellLost(about, field, merged.lost)] };
  }
  const bytes = encodeLike(merged.text, before.bytes);
  const reason = judgeText(bytes, wanted, shown, scope);
  if (reason !== undefined) return { problems: [tellLeftOut(about, field, reason)] };
  const after = { bytes, text: merged.text };
  const draft = { path, file: shown, before, after, isText: true, resources: [desired] };
  return { draft, problems: [] };
}

/** A text with references, changed to stand for what the PBX has. */
export function changeText(
  source: string,
  wanted: string,
  scope: Scope,
  { secrets }: WriteContext,
): RestoredText {
  const spelled = secrets.flatMap((secret) => {
    const values = scope.embedding?.spell(secret.value) ?? [secret.value];
    return values.map((value) => ({ ...secret, value }));
  });
  return mergeText(source, wanted, scope, spelled);
}

/**
 * Problems of texts that several resources name: each must find in the changed file what it is to have. `desired` are all
 * resources of the project.
 */
export function judgeShared(
  drafts: readonly FileDraft[],
  orders: readonly UpdateOrder[],
  desired: readonly DesiredResource[],
  context: WriteContext,
): Problem[] {
  if (drafts.every(({ isText }) => !isText)) return [];
  const byPath = new Map(drafts.map((draft) => [draft.path, draft]));
  return desired.flatMap((resource) =>
    Object.entries(resource.textSources).flatMap(([field, source]): Problem[] => {
      if (source.archive !== undefined) return [];
      const draft = byPath.get(locateFile(source.file, context));
      if (draft === undefined || !draft.isText) return [];
      const order = orders.find((one) => sameResource(one.desired, resource));
      const needed = order?.fields.includes(field) ? order.live.fields[field] : undefined;
      const wanted = needed ?? reveal(resource.fields[field] ?? null);
      const scope = scopeField(context, context.kinds.get(resource.kind), field);
      const text = resolveText(draft.after.text, scope).text;
      if (typeof wanted === "string" && canonicalizeText(wanted) === canonicalizeText(text))
        return [];
      const other = draft.resources.find((one) => !sameResource(one, resource));
      const about = { id: resource, at: resource.fieldSpans[field] };
      return [refuseShared(about, draft.file, other ?? resource)];
    }),
  );
}

/** One draft for each file, with every resource it is about. */
export function joinDrafts(drafts: readonly FileDraft[]): FileDraft[] {
  const joined = new Map<string, FileDraft>();
  for (const draft of drafts) {
    const first = joined.get(draft.path);
    const resources: readonly ResourceId[] = [...(first?.resources ?? []), ...draft.resources];
    joined.set(draft.path, { ...(first ?? draft), resources });
  }
  return [...joined.values()];
}
