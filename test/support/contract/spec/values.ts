import { Ajv, type AnySchema, type ErrorObject, type ValidateFunction } from "ajv";
import { referenceOf, refuseUnknownKeywords, type Schemas } from "./schema.ts";
import { isTree, show, textAt, treeAt, treesAt, type Tree } from "./tree.ts";

/** What is wrong with a value, and where in it: `value[0].RoutingType`, empty for the value itself. */
export interface Mistake {
  readonly at: string;
  readonly message: string;
}

export interface ValueCheck {
  /** Every mistake of a value, held against a schema of the API description. */
  findMistakes(schema: Tree, value: unknown): readonly Mistake[];
}

const SCALAR_KEYWORDS = ["pattern", "minimum", "maximum", "maxLength"];
/** `@odata.context`, `Groups@odata.count`: OData's own, allowed in every object. */
const ANNOTATION = "@odata\\.[a-zA-Z]+$";
/** What the sandbox records in the place of a credential, whatever the type of that was. */
const REDACTED = "(redacted)";
/** Keywords whose error only repeats that a part of them failed. */
const ECHOES = new Set(["if", "anyOf"]);

/** Checks of values against OpenAPI 3.0 schemas. Each schema is compiled when it is first used. */
export function createValueCheck(schemas: Schemas): ValueCheck {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strict: false,
    validateFormats: false,
    validateSchema: false,
  });
  for (const name of schemas.names) ajv.addSchema(translate(schemas.named(name)), name);
  const compiled = new Map<Tree, ValidateFunction>();

  function compile(schema: Tree): ValidateFunction {
    const known = compiled.get(schema) ?? ajv.compile(translate(schema));
    compiled.set(schema, known);
    return known;
  }

  /** OpenAPI 3.0 is not JSON Schema: `nullable` is a keyword of its own, and objects are meant to be closed. */
  function translate(schema: Tree): Exclude<AnySchema, boolean> {
    refuseUnknownKeywords(schema);
    const bare = translateBare(schema);
    return schema["nullable"] === true ? { if: { type: "null" }, else: bare } : bare;
  }

  function translateBare(schema: Tree): Exclude<AnySchema, boolean> {
    const reference = referenceOf(schema);
    if (reference !== undefined) return { $ref: reference };
    const [only, ...more] = treesAt(schema, "allOf");
    if (only !== undefined && more.length === 0) return translate(only);
    const model = schemas.modelOf(schema);
    if (model !== undefined)
      return {
        type: "object",
        required: model.required,
        ...(model.open ? {} : { additionalProperties: false }),
        properties: Object.fromEntries(
          [...model.properties].map(([name, property]) => [name, translate(property.schema)]),
        ),
        patternProperties: { [ANNOTATION]: {} },
      };
    const choices = treesAt(schema, "oneOf");
    // A number's branches overlap ("NaN" is a text too), so that "exactly one" would refuse what is meant.
    if (choices.length > 0) return { anyOf: choices.map((choice) => translate(choice)) };
    if (textAt(schema, "type") === "array")
      return { type: "array", items: translate(treeAt(schema, "items")) };
    return translateScalar(schema);
  }

  return {
    findMistakes(schema, value) {
      const check = compile(schema);
      if (check(value)) return [];
      const errors = (check.errors ?? []).filter(
        ({ keyword, data }) => !ECHOES.has(keyword) && data !== REDACTED,
      );
      return errors.map(explain);
    },
  };
}

function translateScalar(schema: Tree): Exclude<AnySchema, boolean> {
  const words = schema["enum"];
  if (!Array.isArray(words)) {
    const kept = SCALAR_KEYWORDS.filter((keyword) => keyword in schema);
    return {
      ...(textAt(schema, "type") === undefined ? {} : { type: schema["type"] }),
      ...Object.fromEntries(kept.map((keyword) => [keyword, schema[keyword]])),
    };
  }
  const isFlags = treeAt(schema, "x-ms-enum-flags")["isFlags"] === true;
  if (!isFlags) return { enum: words };
  // Flags can be set together; OData writes them with commas between.
  const word = `(${words.join("|")})`;
  return { type: "string", pattern: `^${word}(, ?${word})*$`, "x-words": words };
}

function explain(error: ErrorObject): Mistake {
  const { keyword, params, data, parentSchema } = error;
  const at = toPlace(error.instancePath);
  const words: unknown = parentSchema?.["x-words"] ?? params["allowedValues"];
  if (keyword === "additionalProperties")
    return {
      at: join(at, String(params["additionalProperty"])),
      message: `is no property of it; the value is ${show(isTree(data) ? data[String(params["additionalProperty"])] : data)}`,
    };
  if (keyword === "required") return { at, message: `lacks ${String(params["missingProperty"])}` };
  if (Array.isArray(words)) return { at, message: `is ${show(data)}, none of ${words.join(", ")}` };
  return { at, message: `${error.message ?? keyword}, not ${show(data)}` };
}

/** `/value/0/Name` as `value[0].Name`. */
function toPlace(pointer: string): string {
  const steps = pointer.split("/").slice(1);
  return steps.reduce(
    (place, step) => (/^\d+$/u.test(step) ? `${place}[${step}]` : join(place, step)),
    "",
  );
}

function join(place: string, name: string): string {
  return place === "" ? name : `${place}.${name}`;
}
