import type { Json } from "../../domain/json.ts";
import type { Entity, Kind, Query } from "../../domain/ports.ts";
import type { Declaration, DeclaredKind, StatusDeclaration } from "./declaration.ts";
import { readInteger, readOptionalBoolean, readOptionalText, readText } from "./entity.ts";
import { propertyOf } from "./names.ts";
import type { Shape } from "./shape.ts";
import { dropAbsent } from "./values.ts";

/** How the names of C# files end. */
const CSHARP = ".cs";

/** Members of a kind that do not follow from its declaration, or that a kind knows better. */
export type ByHand = Partial<Omit<Kind, "name" | "collection" | "fields" | "statusFields">>;

interface ShapedField extends Shape {
  readonly name: string;
}

const ID: StatusDeclaration = {
  type: "integer",
  why: "the PBX assigns it, and it differs from one PBX to the next",
};

/** The kind that a declaration describes. */
export function defineKind(declaration: Declaration, byHand: ByHand = {}): DeclaredKind {
  const { name, collection, key, titleField } = declaration;
  const fields = shapeFields(declaration);
  const byName = new Map(fields.map((field) => [field.name, field]));
  const status = Object.entries({ id: ID, ...declaration.status });
  const born = listBorn(declaration);
  const files = fields.flatMap(({ name: field, file }) =>
    file === undefined ? [] : [{ field, file }],
  );
  const lookups = (field: string, value: Json) =>
    (byName.get(field)?.lookups?.(value) ?? []).map((lookup) => ({ ...lookup, field }));
  return {
    name,
    collection,
    keyField: key.name,
    keyProperty: key.property,
    titleField,
    query: queryOf(declaration, fields),
    writeQuery: queryOf(
      declaration,
      fields.map(({ writeExpand, ...field }) =>
        Object.assign(field, writeExpand === undefined ? {} : { expand: writeExpand }),
      ),
    ),
    fields: fields.map(({ name: field, comparison, ordered, hides }) => ({
      name: field,
      comparison,
      ...(ordered === undefined ? {} : { ordered }),
      ...(hides === undefined ? {} : { hides }),
    })),
    statusFields: status.map(([field, { why }]) => ({ name: field, why })),
    fileFields: Object.fromEntries(files.map(({ field, file }) => [file.key, field])),
    fileEndings: Object.fromEntries(files.map(({ file }) => [file.key, file.ending])),
    languages: Object.fromEntries(
      files
        .filter(({ file }) => file.ending === CSHARP)
        .map(({ field }) => [field, "csharp" as const]),
    ),
    numbered: key.name === "number",
    peerType: declaration.peerType ?? name,
    scope: "used",
    createdFields: born,
    readEntity: (entity) => ({
      kind: name,
      key: readText(entity, key.property),
      id: readInteger(entity, "Id"),
      fields: dropAbsent(
        Object.fromEntries(fields.map((field) => [field.name, field.read(entity)])),
      ),
      status: dropAbsent(
        Object.fromEntries(status.map(([field, one]) => [field, readStatus(entity, field, one)])),
      ),
    }),
    complete: (field, value) => byName.get(field)?.complete?.(value) ?? value,
    createBody: (value, given) =>
      Object.assign({ [key.property]: value }, ...born.map((field) => write(field, given[field]))),
    updateBody: (given, resolve, seen) =>
      Object.assign(
        {},
        ...fields.map(({ name: field, write: writeField }): Entity => {
          const value = given[field];
          return value === undefined ? {} : writeField(value, resolve, seen);
        }),
      ),
    lookups,
    leads: (field, value) => byName.get(field)?.leads?.(value) ?? [],
    lookupCollections: [
      ...new Set(fields.flatMap(({ collections = [] }) => collections)),
    ].toSorted(),
    references: () => [],
    check: () => [],
    health: () => ({ state: "healthy", reason: "", runnable: true }),
    ...byHand,
    declaration,
  };

  function write(field: string, value: Json | undefined): Entity {
    const shape = byName.get(field);
    if (shape === undefined || value === undefined) return {};
    return shape.write(value, () => {
      throw new Error(`${field} is written by the create, which resolves nothing`);
    });
  }
}

function shapeFields({ fields }: Declaration): ShapedField[] {
  return Object.entries(fields).map(([name, { shape, property }]) => ({
    ...shape(propertyOf(name, property)),
    name,
  }));
}

/** The fields that the create takes beside the key. */
function listBorn({ fields }: Declaration): string[] {
  return Object.entries(fields).flatMap(([name, { born }]) => (born === true ? [name] : []));
}

/** One reading that brings every field and all status. What is expanded must not be selected. */
function queryOf({ collection, key, status }: Declaration, fields: readonly Shape[]): Query {
  const plain = fields.flatMap(({ expand, properties }) =>
    expand === undefined ? properties : [],
  );
  const written = Object.entries(status).map(([name, { property }]) => propertyOf(name, property));
  return {
    collection,
    select: ["Id", key.property, ...plain, ...written],
    expand: fields
      .flatMap(({ expand = [] }) => expand)
      .toSorted((a, b) => (a.property < b.property ? -1 : 1)),
  };
}

function readStatus(entity: Entity, name: string, { type, property }: StatusDeclaration) {
  const from = propertyOf(name, property);
  if (type === "integer") return readInteger(entity, from);
  return type === "boolean" ? readOptionalBoolean(entity, from) : readOptionalText(entity, from);
}
