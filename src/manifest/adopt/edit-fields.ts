import { canonicalizeJson, canonicalizeText } from "../../domain/plan/canonical.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import type { Kind } from "../../domain/ports.ts";
import type { Problem } from "../../domain/problem.ts";
import type { DesiredResource } from "../../domain/resource.ts";
import { isEmptyDocument, openManifest, type OpenManifest } from "../document/read.ts";
import { applyEdits } from "../yaml/edit-places.ts";
import { editDocument } from "../yaml/edit.ts";
import { readSection } from "../json.ts";
import { parseYaml } from "../yaml/parse.ts";
import { readManifest } from "../document/read-manifest.ts";
import type { UpdateOrder, WriteContext } from "./context.ts";
import { type About, refuseEdit, tellLeftOut } from "./problems.ts";

/** What a problem with a field is about, and where it stands. */
export function aboutField({ desired }: UpdateOrder, field: string): About {
  return { id: desired, at: desired.fieldSpans[field] ?? desired.at };
}

/** The document of a manifest file that describes a resource; undefined where there is none. */
export function openFile(
  text: string,
  file: string,
  { kind, key }: DesiredResource,
  context: WriteContext,
): OpenManifest | undefined {
  const yaml = parseYaml(text, file);
  for (const document of yaml.documents) {
    if (document.node === null || isEmptyDocument(document)) continue;
    const { manifest } = openManifest(document.node, yaml, context);
    if (manifest !== undefined && manifest.kind.name === kind && manifest.key === key)
      return manifest;
  }
  return undefined;
}

/** Sets fields of the spec. One whose value breaks the schema is left as it is, and told. */
export function editFields(
  text: string,
  file: string,
  opened: OpenManifest,
  values: Readonly<Record<string, Json>>,
  order: UpdateOrder,
  context: WriteContext,
): { readonly text: string; readonly problems?: readonly Problem[] } {
  const { reading, kind } = opened;
  const problems: Problem[] = [];
  const left = { ...values };
  while (Object.keys(left).length > 0) {
    const spec = { ...readSection(reading.document, "spec"), ...left };
    const wanted = { ...reading.document, spec };
    const edits = editDocument(
      reading.tree.source.text,
      reading.tree.root,
      reading.document,
      wanted,
    );
    const edited = applyEdits(text, edits);
    const after = openFile(edited, file, order.desired, context);
    const same = after !== undefined && says(after.reading.document, wanted, kind);
    if (!same || !keepsOthers(text, edited, file, order.desired, context)) {
      const [field = ""] = Object.keys(left);
      return { text, problems: [refuseEdit(aboutField(order, field), Object.keys(left))] };
    }
    const [wrong, reason] = findWrong(after, opened, Object.keys(left), context);
    if (reason === undefined) return { text: edited, problems };
    for (const field of wrong) {
      delete left[field];
      problems.push(tellLeftOut(aboutField(order, field), field, reason));
    }
  }
  return { text, problems };
}

/** True when a document says what it should; of texts only what counts. */
function says(document: JsonObject, wanted: JsonObject, kind: Kind): boolean {
  const texts = Object.values(kind.fileFields);
  const reduce = (value: JsonObject): string => {
    const spec = Object.entries(readSection(value, "spec")).map(([key, item]) =>
      texts.includes(key) && typeof item === "string" ? [key, canonicalizeText(item)] : [key, item],
    );
    return canonicalizeJson({ ...value, spec: Object.fromEntries(spec) });
  };
  return reduce(document) === reduce(wanted);
}

/** True when every other document of the file is what it was. */
function keepsOthers(
  before: string,
  after: string,
  file: string,
  { kind, key }: DesiredResource,
  context: WriteContext,
): boolean {
  const list = (text: string): string[] => {
    const yaml = parseYaml(text, file);
    return yaml.documents.flatMap((document) => {
      if (document.node === null || isEmptyDocument(document)) return [];
      const { manifest } = openManifest(document.node, yaml, context);
      const own = manifest?.kind.name === kind && manifest.key === key;
      return own ? [] : [canonicalizeJson(manifest?.reading.document ?? null)];
    });
  };
  return parseYaml(after, file).problems.length === 0 && list(before).join() === list(after).join();
}

/** The changed fields that break the schema, and the first reason; all of them where it is not clear which. */
function findWrong(
  after: OpenManifest,
  before: OpenManifest,
  changed: readonly string[],
  context: WriteContext,
): readonly [readonly string[], string | undefined] {
  const validate = context.validators[after.kind.name];
  if (validate === undefined) throw new Error(`kind ${after.kind.name} has no schema`);
  const read = ({ reading, kind }: OpenManifest) =>
    readManifest(reading.document, reading.tree, kind, validate, context.values);
  const known = new Set(read(before).problems.map(({ code, message }) => `${code} ${message}`));
  const { problems, resource } = read(after);
  const error = problems.find(
    ({ severity, code, message }) => severity === "error" && !known.has(`${code} ${message}`),
  );
  if (error === undefined) return [[], undefined];
  const texts = Object.values(after.kind.fileFields);
  const wrong = changed.filter(
    (field) => resource?.fields[field] === undefined && !texts.includes(field),
  );
  return [wrong.length === 0 ? changed : wrong, error.message];
}
