import * as fc from "fast-check";
import { referenceOf, type Schemas } from "../support/contract/spec/schema.ts";
import { isTree, textAt, treeAt, treesAt, type Tree } from "../support/contract/spec/tree.ts";

/** Deeper objects, and big ones within others, are empty: descriptions of APIs have circles. */
const MAX_DEPTH = 3;
const BIG = 20;

/** Texts for the patterns of dates, durations and the like, of which one has to fit. */
const PATTERNED = [
  "2026-01-05T08:00:00Z",
  "PT1H",
  "12:30:00",
  "0f8fad5b-d9cb-469f-a165-70867728950e",
  "2026-01",
];

/** Any value that the schema allows, objects with any part of their properties. */
export function instanceOf(schemas: Schemas, schema: Tree, depth = 0): fc.Arbitrary<unknown> {
  const bare = bareInstanceOf(schemas, schema, depth);
  return schema["nullable"] === true ? fc.option(bare, { nil: null }) : bare;
}

function bareInstanceOf(schemas: Schemas, schema: Tree, depth: number): fc.Arbitrary<unknown> {
  const model = schemas.modelOf(schema);
  if (model !== undefined) {
    const isTooMuch = depth >= MAX_DEPTH || (depth > 0 && model.properties.size > BIG);
    const shown = [...model.properties].filter(
      ([name]) => !isTooMuch || model.required.includes(name),
    );
    const parts = shown.map(
      ([name, property]) => [name, instanceOf(schemas, property.schema, depth + 1)] as const,
    );
    return fc.record(Object.fromEntries(parts), { requiredKeys: [...model.required] });
  }
  const reference = referenceOf(schema);
  if (reference !== undefined) return instanceOf(schemas, schemas.named(reference), depth);
  const [only] = [...treesAt(schema, "allOf"), ...treesAt(schema, "oneOf")];
  if (only !== undefined) return instanceOf(schemas, only, depth);
  const words = schema["enum"];
  if (Array.isArray(words)) return fc.constantFrom(...words);
  return scalarOf(schemas, schema, depth);
}

function scalarOf(schemas: Schemas, schema: Tree, depth: number): fc.Arbitrary<unknown> {
  const pattern = textAt(schema, "pattern");
  switch (schema["type"]) {
    case "array": {
      const item = instanceOf(schemas, treeAt(schema, "items"), depth + 1);
      return fc.array(item, { maxLength: 2 });
    }
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.integer({ min: boundOf(schema, "minimum", 0), max: boundOf(schema, "maximum", 9) });
    case "number":
      return fc.double({ min: 0, max: 9, noNaN: true });
    case "string": {
      if (pattern === undefined) return fc.string({ maxLength: 12 });
      const fitting = PATTERNED.filter((text) => new RegExp(pattern, "u").test(text));
      return fc.constantFrom(...fitting);
    }
    default:
      throw new Error(`no instance of ${JSON.stringify(schema)}`);
  }
}

function boundOf(schema: Tree, name: string, otherwise: number): number {
  const bound = schema[name];
  return typeof bound === "number" ? bound : otherwise;
}

/** Somewhere in a value: how a mistake there is named, and how to put something else there. */
export interface Spot {
  readonly place: string;
  readonly schema: Tree;
  readonly value: unknown;
  /** The whole value, changed here. */
  replace(value: unknown): unknown;
}

/** Every spot of a value, the value itself first. */
export function spotsOf(schemas: Schemas, schema: Tree, value: unknown): readonly Spot[] {
  return walk(schemas, schema, value, "", (changed) => changed);
}

function walk(
  schemas: Schemas,
  schema: Tree,
  value: unknown,
  place: string,
  replace: (value: unknown) => unknown,
): readonly Spot[] {
  const own: Spot = { place, schema, value, replace };
  if (Array.isArray(value)) {
    const items = treeAt(schema, "items");
    const inner = value.flatMap((one, index) =>
      walk(schemas, items, one, `${place}[${index}]`, (changed) =>
        replace(value.with(index, changed)),
      ),
    );
    return [own, ...inner];
  }
  const model = schemas.modelOf(schema);
  if (!isTree(value) || model === undefined) return [own];
  const inner = Object.entries(value).flatMap(([name, one]) => {
    const property = model.properties.get(name);
    const at = place === "" ? name : `${place}.${name}`;
    return property === undefined
      ? []
      : walk(schemas, property.schema, one, at, (changed) =>
          replace({ ...value, [name]: changed }),
        );
  });
  return [own, ...inner];
}

/** The words that a schema allows; undefined when it allows others than words. */
export function wordsOf(schemas: Schemas, schema: Tree): readonly unknown[] | undefined {
  const reference = referenceOf(schema);
  if (reference !== undefined) return wordsOf(schemas, schemas.named(reference));
  const [only] = treesAt(schema, "allOf");
  if (only !== undefined) return wordsOf(schemas, only);
  const words = schema["enum"];
  return Array.isArray(words) ? words : undefined;
}
