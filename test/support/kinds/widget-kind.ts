import type { Entity, Kind } from "../../../src/domain/ports.ts";
import type { Json, JsonObject } from "../../../src/domain/json.ts";
import type { DesiredResource, LiveResource, ResourceId } from "../../../src/domain/resource.ts";
import { reveal } from "../../../src/domain/secret.ts";
import {
  readInteger,
  readObjects,
  readOptionalText,
  readText,
} from "../../../src/kinds/declare/entity.ts";

const NAME = "Widget";
const DEFAULT_COUNT = 1;

/**
 * A kind that no PBX has: its key is no number, nothing of it settles, and widgets are made of other widgets. What
 * holds for it and for call flow apps alike is not there for the sake of either.
 */
export const widget: Kind = {
  name: NAME,
  collection: "Widgets",
  keyField: "code",
  keyProperty: "Code",
  titleField: "title",
  query: {
    collection: "Widgets",
    select: ["Id", "Code", "Title", "Size", "Notes", "Tags", "Revision"],
    expand: [{ property: "Parts", select: ["Code", "Count"] }],
  },
  fields: [
    { name: "title", comparison: "line" },
    { name: "size", comparison: "exact" },
    { name: "notes", comparison: "text" },
    { name: "tags", comparison: "set" },
    { name: "parts", comparison: "set" },
  ],
  statusFields: [
    { name: "id", why: "the PBX assigns it" },
    { name: "revision", why: "the PBX counts the changes" },
  ],
  fileFields: { notesFile: "notes" },
  numbered: false,
  createdFields: ["title"],
  readEntity,
  complete: (field, value) => (field === "parts" ? completeParts(value) : value),
  createBody: (key, fields) => ({ Code: key, ...rename(fields, { title: "Title" }) }),
  updateBody: (fields) => ({
    ...rename(fields, { title: "Title", size: "Size", notes: "Notes" }),
    ...(fields["tags"] === undefined ? {} : { Tags: fields["tags"] ?? [] }),
    ...(fields["parts"] === undefined ? {} : { Parts: writeParts(fields["parts"]) }),
  }),
  lookups: () => [],
  lookupCollections: [],
  references,
  check: () => [],
  health: () => ({ state: "healthy", reason: "", runnable: true }),
};

function readEntity(entity: Entity): LiveResource {
  const tags = entity["Tags"];
  const parts = readObjects(entity, "Parts");
  const fields: Record<string, Json | undefined> = {
    title: readOptionalText(entity, "Title"),
    size: entity["Size"],
    notes: readOptionalText(entity, "Notes"),
    tags,
    parts: parts?.map((part) => ({ code: readText(part, "Code"), count: part["Count"] ?? null })),
  };
  const id = readInteger(entity, "Id");
  return {
    kind: NAME,
    key: readText(entity, "Code"),
    id,
    fields: dropAbsent(fields),
    status: dropAbsent({ id, revision: entity["Revision"] }),
  };
}

function completeParts(parts: Json): Json {
  return listParts(parts).map(({ code, count }) => ({
    code: code ?? null,
    count: count ?? DEFAULT_COUNT,
  }));
}

function writeParts(parts: Json): Json {
  return listParts(completeParts(parts)).map((part) =>
    rename(part, { code: "Code", count: "Count" }),
  );
}

function references({ fields }: DesiredResource): ResourceId[] {
  const { parts } = fields;
  if (parts === undefined) return [];
  return listParts(reveal(parts)).flatMap(({ code }) =>
    typeof code === "string" ? [{ kind: NAME, key: code }] : [],
  );
}

function listParts(parts: Json): readonly JsonObject[] {
  return Array.isArray(parts) ? parts : [];
}

function rename(values: JsonObject, names: Readonly<Record<string, string>>): Entity {
  return Object.fromEntries(
    Object.entries(names).flatMap(([from, to]) => {
      const value = values[from];
      return value === undefined ? [] : [[to, value]];
    }),
  );
}

function dropAbsent(values: Readonly<Record<string, Json | undefined>>): Record<string, Json> {
  const kept: Record<string, Json> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) kept[name] = value;
  return kept;
}

/** The JSON Schema of a widget's manifest, in the manner of schemas/call-flow-app.schema.json. */
export const widgetSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "urn:callform:v1:widget",
  title: "Widget",
  type: "object",
  additionalProperties: false,
  required: ["apiVersion", "kind", "metadata", "spec"],
  properties: {
    apiVersion: { const: "callform/v1" },
    kind: { const: NAME },
    metadata: {
      type: "object",
      additionalProperties: false,
      required: ["code"],
      properties: {
        code: { type: "string", pattern: "^[a-z][a-z0-9-]{0,19}$" },
        labels: { type: "object", default: {}, additionalProperties: { type: "string" } },
      },
    },
    spec: {
      type: "object",
      additionalProperties: false,
      required: ["title"],
      not: { required: ["notesFile", "notes"] },
      properties: {
        title: { type: "string", minLength: 1, pattern: "\\S" },
        size: { type: ["integer", "null"] },
        notes: { type: "string", pattern: "\\S" },
        notesFile: { type: "string", minLength: 1 },
        tags: { type: ["array", "null"], items: { type: "string" } },
        parts: {
          type: ["array", "null"],
          items: {
            type: "object",
            additionalProperties: false,
            required: ["code"],
            properties: {
              code: { type: "string", minLength: 1 },
              count: { type: "integer", minimum: 1, default: DEFAULT_COUNT },
            },
          },
        },
      },
    },
    lifecycle: {
      type: "object",
      default: {},
      additionalProperties: false,
      properties: {
        protect: { type: "boolean", default: false },
        ignore: {
          type: "array",
          default: [],
          uniqueItems: true,
          items: { type: "string", enum: ["title", "size", "notes", "tags", "parts"] },
        },
      },
    },
  },
} as const;
