import { isTree, textAt, treeAt, treesAt, type Tree } from "./tree.ts";

/** A property of an object of the API. */
export interface Property {
  readonly schema: Tree;
  /** An OData navigation property: another entity, which comes only with `$expand`. */
  readonly navigation: boolean;
}

/** An object of the API, what it inherits included. */
export interface Model {
  /** `CallFlowApp`; of an object without a name of its own, its title or `object`. */
  readonly name: string;
  readonly properties: ReadonlyMap<string, Property>;
  readonly required: readonly string[];
  /** Any further property is allowed. */
  readonly open: boolean;
}

/** The schemas of an OpenAPI 3.0 file by name. */
export interface Schemas {
  readonly names: readonly string[];
  named(name: string): Tree;
  /** The object that a schema describes; undefined when it describes something else. */
  modelOf(schema: Tree): Model | undefined;
  /** The object, or the items of the list, that a schema describes. */
  innerModelOf(schema: Tree): Model | undefined;
}

const REFERENCE = "#/components/schemas/";
/** Everything that stands in 3CX's description. A check that skips a keyword would pass what it forbids. */
const UNDERSTOOD = new Set(
  "$ref type format title description default example nullable properties items allOf oneOf enum pattern minimum maximum maxLength required additionalProperties".split(
    " ",
  ),
);

/** Reads `components.schemas`. Throws an Error for a keyword or a reference that it does not know. */
export function readSchemas(components: Tree): Schemas {
  const models = new Map<Tree, Model | undefined>();

  function named(name: string): Tree {
    const schema = components[name];
    if (!isTree(schema)) throw new Error(`the API description has no schema ${name}`);
    return schema;
  }

  function modelOf(schema: Tree): Model | undefined {
    if (!models.has(schema)) models.set(schema, describe(schema));
    return models.get(schema);
  }

  function describe(schema: Tree): Model | undefined {
    const reference = referenceOf(schema);
    if (reference !== undefined) {
      const model = modelOf(named(reference));
      return model && { ...model, name: reference.replace(/^Pbx\./u, "") };
    }
    const parts = treesAt(schema, "allOf");
    const inherited = parts.map((part) => modelOf(part)).filter((part) => part !== undefined);
    if (parts.length === 1) return inherited[0];
    if (textAt(schema, "type") !== "object" && inherited.length === 0) return undefined;
    const own = Object.entries(treeAt(schema, "properties")).flatMap(toProperty);
    const properties = new Map([...inherited.flatMap((part) => [...part.properties]), ...own]);
    const required = Array.isArray(schema["required"]) ? schema["required"].map(String) : [];
    return {
      name: textAt(schema, "title") ?? inherited.at(-1)?.name ?? "object",
      properties,
      required: [...inherited.flatMap((part) => part.required), ...required],
      open: properties.size === 0 || isTree(schema["additionalProperties"]),
    };
  }

  function itemsOf(schema: Tree): Tree | undefined {
    const bare = dereference(schema);
    return textAt(bare, "type") === "array" ? treeAt(bare, "items") : undefined;
  }

  function dereference(schema: Tree): Tree {
    const reference = referenceOf(schema);
    return reference === undefined ? schema : dereference(named(reference));
  }

  return {
    names: Object.keys(components),
    named,
    modelOf,
    innerModelOf: (schema) => modelOf(itemsOf(schema) ?? schema),
  };
}

/** The name that a schema refers to. Throws an Error for a reference to anywhere but the schemas. */
export function referenceOf(schema: Tree): string | undefined {
  const reference = textAt(schema, "$ref");
  if (reference === undefined) return undefined;
  if (reference.startsWith(REFERENCE)) return reference.slice(REFERENCE.length);
  throw new Error(`the API description refers to ${reference}, which is no schema`);
}

/** Throws an Error unless every keyword of the schema is one that the checks know. */
export function refuseUnknownKeywords(schema: Tree): void {
  const unknown = Object.keys(schema).filter(
    (key) => !UNDERSTOOD.has(key) && !key.startsWith("x-"),
  );
  if (unknown.length > 0)
    throw new Error(`the API description uses ${unknown.join(", ")}, which no check knows`);
}

function toProperty([name, schema]: [string, unknown]): [string, Property][] {
  if (!isTree(schema)) return [];
  return [[name, { schema, navigation: schema["x-ms-navigationProperty"] === true }]];
}
