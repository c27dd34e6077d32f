import type { Kind } from "../../domain/ports.ts";
import type { Problem, SourceSpan } from "../../domain/problem.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import { type DesiredResource, nameResource } from "../../domain/resource.ts";
import { type FieldValue, Secret } from "../../domain/secret.ts";
import { explainErrors, type Finding, selectErrors } from "../schema/explain.ts";
import { type DocumentTree, isOverlaid, spanChange, spanValue } from "../yaml/find-node.ts";
import { foldName } from "../../domain/text/nearest-name.ts";
import { isList, readSection, readTextList, readTextMap } from "../json.ts";
import type { Scope } from "../references/resolve.ts";
import { type ResolvedValues, resolveValues } from "../references/resolve-values.ts";
import { type SchemaError, splitPointer, type Validator } from "../schema/validators.ts";
import { scopeManifest, type Values } from "../references/scopes.ts";

export interface ManifestReading {
  readonly problems: readonly Problem[];
  /** With its references resolved, except in text fields. */
  readonly document: Json;
  /** Pointers of texts with a reference left in them. */
  readonly open: ReadonlySet<string>;
  /** Absent when not even the key is known. Fields with problems are left out of it. */
  readonly resource?: DesiredResource;
}

/** Reads one document of a known kind, all but its text fields; `raw` may hold anything. */
export function readManifest(
  raw: JsonObject,
  tree: DocumentTree,
  kind: Kind,
  validate: Validator,
  values: Values,
): ManifestReading {
  const resolved = resolveValues(raw, tree, (path) => scopePath(kind, tree, values, path));
  const key = findKey(kind, resolved);
  const subject = key === undefined ? undefined : nameResource({ kind: kind.name, key });
  const errors = selectErrors(validate(resolved.value), resolved.open).filter(
    (error) => error.pointer !== "/apiVersion" && !isFilePair(kind, error),
  );
  const breaches =
    errors.length === 0
      ? []
      : explainErrors(errors, {
          ...resolved,
          tree,
          name: subject,
          adviseKey: (parent, name) => adviseKey(kind, parent, name),
        });
  const problems = [...resolved.problems, ...breaches];
  const { value: document, open } = resolved;
  if (key === undefined) return { problems, document, open };
  const wrong = new Set(errors.map(({ pointer }) => nameField(pointer)));
  return { problems, document, open, resource: buildResource(kind, key, resolved, tree, wrong) };
}

/** Of a text both in a file and in place, the reading of texts says more than the schema. */
function isFilePair(kind: Kind, { keyword, schema }: SchemaError): boolean {
  if (keyword !== "not") return false;
  const required = schema.not?.required;
  return Object.entries(kind.fileFields).some((pair) =>
    pair.every((key) => required?.includes(key)),
  );
}

/** What references mean at a path; undefined where they mean nothing, and in text fields. */
export function scopePath(
  kind: Kind,
  tree: DocumentTree,
  values: Values,
  path: readonly (string | number)[],
): Scope | undefined {
  const [section, key] = path;
  if (section !== "metadata" && section !== "spec" && section !== "lifecycle") return undefined;
  const inSpec = section === "spec" && typeof key === "string";
  // Text fields are resolved where their places in the text are kept.
  if (inSpec && Object.values(kind.fileFields).includes(key)) return undefined;
  const allowSecrets = inSpec && !Object.hasOwn(kind.fileFields, key);
  const allowEnv = isOverlaid(tree, path.map(String));
  return scopeManifest(values, { allowSecrets, allowEnv, doubt: "error" });
}

/** The key, when it is text without an unresolved reference in it. */
function findKey(kind: Kind, { value, open }: ResolvedValues): string | undefined {
  const key = readSection(value, "metadata")[kind.keyField];
  return typeof key === "string" && key !== "" && !open.has(`/metadata/${kind.keyField}`)
    ? key
    : undefined;
}

/** The field that a pointer leads into. */
function nameField(pointer: string): string | undefined {
  const [section, field] = splitPointer(pointer);
  return section === "spec" ? field : undefined;
}

function buildResource(
  kind: Kind,
  key: string,
  { value, tainted, unknown }: ResolvedValues,
  tree: DocumentTree,
  wrong: ReadonlySet<string | undefined>,
): DesiredResource {
  const spec = readSection(value, "spec");
  const lifecycle = readSection(value, "lifecycle");
  const secret = new Set([...tainted].map(nameField));
  const lost = new Set([...unknown].map(nameField));
  const texts = Object.values(kind.fileFields);
  const fields: Record<string, FieldValue> = {};
  const fieldSpans: Record<string, SourceSpan> = {};
  for (const { name } of kind.fields) {
    const field = spec[name];
    if (field === undefined || wrong.has(name) || texts.includes(name) || lost.has(name)) continue;
    fields[name] = secret.has(name) ? new Secret(field) : field;
    fieldSpans[name] = spanChange(tree, ["spec", name]);
    // A list that leads somewhere is told of item by item.
    if (kind.leads !== undefined && isList(field))
      for (const index of field.keys())
        fieldSpans[`${name}/${index}`] = spanChange(tree, ["spec", name, String(index)]);
  }
  const gone = [...lost].filter((field) => field !== undefined);
  return {
    kind: kind.name,
    key,
    fields,
    ...(gone.length > 0 && { unknown: gone }),
    labels: readTextMap(readSection(readSection(value, "metadata"), "labels")),
    lifecycle: {
      protect: lifecycle["protect"] === true,
      ignore: readTextList(lifecycle["ignore"]),
    },
    at: spanValue(tree, ["metadata", kind.keyField]),
    fieldSpans,
    textSources: {},
  };
}

/** What the kind knows about a key that its schema does not have. */
function adviseKey(
  kind: Kind,
  [section = "", ...deeper]: readonly string[],
  key: string,
): Partial<Finding> | undefined {
  if (deeper.length > 0 || !["", "metadata", "spec"].includes(section)) return undefined;
  const same = (name: string): boolean => foldName(name) === foldName(key);
  const status = kind.statusFields.find(({ name }) => same(name));
  if (status !== undefined) {
    const message = `${key} cannot be set: ${status.why}`;
    return { code: "status-property", message, hint: "remove it; callform status shows it" };
  }
  const inSpec = [...kind.fields.map(({ name }) => name), ...Object.keys(kind.fileFields)];
  if (same(kind.keyField) && section !== "metadata") return { hint: "it belongs under metadata" };
  return inSpec.some(same) && section !== "spec" ? { hint: "it belongs under spec" } : undefined;
}
