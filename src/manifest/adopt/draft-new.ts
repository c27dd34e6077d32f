import { join, posix } from "node:path";

import { canonicalizeField } from "../../domain/plan/canonical.ts";
import { orderField } from "../../domain/plan/ordering.ts";
import type { Json } from "../../domain/json.ts";
import type { Kind } from "../../domain/ports.ts";
import type { Problem } from "../../domain/problem.ts";
import { nameResource, type LiveResource } from "../../domain/resource.ts";
import { API_VERSION, isEmptyDocument, openManifest } from "../document/read.ts";
import { encodeLike } from "../files/file-text.ts";
import type { FileNames } from "./file-names.ts";
import { showPath } from "../files/folders.ts";
import { escapeTexts } from "./merge-value.ts";
import { parseYaml } from "../yaml/parse.ts";
import { readManifest } from "../document/read-manifest.ts";
import { escapeReferences } from "../references/resolve.ts";
import { type FileDraft, locateNew, scopeField, type WriteContext } from "./context.ts";
import { type About, refuseUnwritable, tellLeftOut } from "./problems.ts";
import { readLiveText, writeNewText } from "./draft-texts.ts";
import { writeEntry } from "../yaml/write.ts";

/** What a new manifest's first line says about its schema, for editors; `file` is relative to the project folder. */
export type WriteHead = (kind: string, file: string) => string | undefined;

interface NewFiles {
  readonly drafts: readonly FileDraft[];
  readonly problems: readonly Problem[];
}

/** Manifest and texts of a resource that only the PBX has. */
export function draftNew(
  kind: Kind,
  live: LiveResource,
  names: FileNames,
  head: WriteHead,
  context: WriteContext,
): NewFiles {
  const about: About = { id: { kind: live.kind, key: live.key } };
  const problems: Problem[] = [];
  const texts = context.texts ? draftTexts(kind, live, names, context, problems) : [];
  const omitted = new Set<string>();
  for (;;) {
    const entries = listEntries(kind, live, texts, omitted, context);
    const text = writeManifest(kind, live, entries, head(kind.name, names.manifest));
    const errors = judgeManifest(text, kind, entries, names.manifest, context);
    const wrong = errors.fields.filter((field) => field !== kind.titleField);
    if (errors.reason !== undefined && wrong.length === 0) {
      return { drafts: [], problems: [refuseUnwritable(about, errors.reason)] };
    }
    if (errors.reason === undefined) {
      const manifest = draftFile(names.manifest, text, live, false, context);
      const drafts = [manifest, ...texts.map(({ draft }) => draft)];
      if (drafts.every((draft) => draft !== undefined)) return { drafts, problems };
      const reason = "a symbolic link leads its file out of the project folder";
      return { drafts: [], problems: [refuseUnwritable(about, reason)] };
    }
    for (const field of wrong) {
      omitted.add(field);
      problems.push(tellLeftOut(about, field, errors.reason));
    }
  }
}

interface NewText {
  readonly field: string;
  readonly fileKey: string;
  readonly name: string;
  readonly draft: FileDraft | undefined;
}

function draftTexts(
  kind: Kind,
  live: LiveResource,
  { stem }: FileNames,
  context: WriteContext,
  problems: Problem[],
): NewText[] {
  const pairs = Object.entries(kind.fileFields);
  return pairs.flatMap(([fileKey, field]): NewText[] => {
    const text = readLiveText(live.fields[field]);
    if (text === undefined) return [];
    const suffix = pairs.length === 1 ? "" : `-${field.toLowerCase()}`;
    const file = `${stem}${suffix}${kind.fileEndings?.[fileKey] ?? ".txt"}`;
    const written = writeNewText(text, file, scopeField(context, kind, field), context);
    if ("reason" in written) {
      problems.push(tellLeftOut({ id: live }, field, written.reason));
      return [];
    }
    const draft = draftFile(file, written.after.text, live, true, context);
    return [{ field, fileKey, name: posix.basename(file), draft }];
  });
}

function draftFile(
  file: string,
  text: string,
  { kind, key }: LiveResource,
  isText: boolean,
  context: WriteContext,
): FileDraft | undefined {
  const path = join(context.folders.root, file);
  const real = locateNew(path, context);
  if (real === undefined) return undefined;
  const after = { bytes: encodeLike(text, undefined), text };
  const shown = showPath(context.folders.cwd, path);
  return { path: real, file: shown, after, isText, resources: [{ kind, key }] };
}

/** The keys of the spec in the kind's order. What the PBX has nothing for is not written, and so not managed. */
function listEntries(
  kind: Kind,
  live: LiveResource,
  texts: readonly NewText[],
  omitted: ReadonlySet<string>,
  context: WriteContext,
): readonly (readonly [string, Json])[] {
  const textFields = new Set(Object.values(kind.fileFields));
  return kind.fields.flatMap((declared) => {
    const { name, comparison } = orderField(declared, live.fields);
    const text = texts.find(({ field }) => field === name);
    if (text !== undefined) return [[text.fileKey, text.name] as const];
    const value = live.fields[name] ?? null;
    if (value === null || textFields.has(name) || omitted.has(name)) return [];
    const canonical = canonicalizeField(comparison, kind.complete(name, value));
    return [[name, escapeTexts(reorder(canonical, value), context.secrets)] as const];
  });
}

/** The items of a canonical list, or its keys, spelled in the order in which the kind gives them. */
function reorder(canonical: Json, model: Json): Json {
  if (Array.isArray(canonical)) {
    const [first] = Array.isArray(model) ? model : [];
    return canonical.map((item: Json) => reorder(item, first ?? null));
  }
  if (canonical === null || typeof canonical !== "object") return canonical;
  const order = model === null || typeof model !== "object" ? [] : Object.keys(model);
  const place = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
  const pairs = Object.entries(canonical).toSorted(([a], [b]) => place(a) - place(b));
  return Object.fromEntries(pairs);
}

function writeManifest(
  kind: Kind,
  live: LiveResource,
  entries: readonly (readonly [string, Json])[],
  head: string | undefined,
): string {
  const lines = [
    ...(head === undefined ? [] : [head]),
    `apiVersion: ${API_VERSION}`,
    `kind: ${kind.name}`,
    "metadata:",
    writeEntry(kind.keyField, escapeReferences(live.key), 2),
    entries.length === 0 ? "spec: {}" : "spec:",
    ...entries.map(([key, value]) => writeEntry(key, value, 2)),
  ];
  return `${lines.join("\n")}\n`;
}

/** Why a text would not be read as the manifest it should be, and which fields are to blame. */
function judgeManifest(
  text: string,
  kind: Kind,
  entries: readonly (readonly [string, Json])[],
  file: string,
  context: WriteContext,
): { readonly reason?: string; readonly fields: readonly string[] } {
  const yaml = parseYaml(text, file);
  const document = yaml.documents.find((one) => !isEmptyDocument(one));
  const opened = document?.node ? openManifest(document.node, yaml, context) : undefined;
  const reading = opened?.manifest?.reading;
  const validate = context.validators[kind.name];
  if (reading === undefined || validate === undefined) {
    return { reason: opened?.problems[0]?.message ?? "it cannot be read back", fields: [] };
  }
  const { problems, resource } = readManifest(
    reading.document,
    reading.tree,
    kind,
    validate,
    context.values,
  );
  const error = problems.find(({ severity }) => severity === "error");
  if (error === undefined && resource !== undefined) return { fields: [] };
  const given = entries.map(([key]) => key).filter((key) => kind.fileFields[key] === undefined);
  const fields = given.filter((key) => resource?.fields[key] === undefined);
  const what = resource === undefined ? "" : `${nameResource(resource)}: `;
  return { reason: (error?.message ?? "it cannot be read back").replace(what, ""), fields };
}
