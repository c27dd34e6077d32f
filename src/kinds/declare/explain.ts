import type { Json, JsonObject } from "../../domain/json.ts";
import type { Declaration } from "./declaration.ts";
import { firstSentence, propertyOf, titleOf } from "./names.ts";

/** All there is to say about a kind or one of its fields. */
export interface Explanation {
  /** `Queue` or `Queue.pollingStrategy` */
  readonly topic: string;
  readonly title: string;
  readonly about: string;
  /** In words: "one of these", "a whole number, at least 1". */
  readonly value?: string;
  /** What each value, key or field means. */
  readonly words?: readonly (readonly [string, string])[];
  readonly default?: Json;
  readonly example?: Json;
  /** Where it stands in the API: `Queues, PollingStrategy of Pbx.Queue`. */
  readonly api: string;
  readonly since: string;
  readonly evidence: string;
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  null: "null",
};

export function explainKind(declaration: Declaration): Explanation {
  const { name, noun, about, collection, key, fields, status, leaves } = declaration;
  const { since, evidence, example } = declaration;
  return {
    topic: name,
    title: noun,
    about,
    words: [
      [`metadata.${key.name}`, firstSentence(key.about)],
      ...Object.entries(fields).map(([field, one]) => [field, firstSentence(one.about)] as const),
      ...Object.entries(status).map(
        ([field, { why }]) => [field, `Not to be set: ${why}.`] as const,
      ),
      ...Object.entries(leaves).map(
        ([property, why]) => [property, `Left alone: ${why}.`] as const,
      ),
    ],
    example: { apiVersion: "callform/v1", kind: name, ...example },
    api: `${collection}, type Pbx.${declaration.type ?? name}`,
    since,
    evidence,
  };
}

/** Undefined for a name that is no field, status or key of the kind. */
export function explainField(declaration: Declaration, name: string): Explanation | undefined {
  const { key, fields, status, collection, since, evidence } = declaration;
  const type = `Pbx.${declaration.type ?? declaration.name}`;
  const topic = `${declaration.name}.${name}`;
  const known = { since, evidence };
  const written = status[name];
  if (name === key.name)
    return {
      topic,
      title: key.title,
      about: key.about,
      value: "text",
      example: key.examples[0] ?? null,
      api: `${collection}, ${key.property} of ${type}`,
      ...known,
    };
  if (written !== undefined)
    return {
      topic,
      title: titleOf(name, {}),
      about: `It cannot be set: ${written.why}. callform status shows it.`,
      api: `${collection}, ${propertyOf(name, written.property)} of ${type}`,
      ...known,
    };
  const field = fields[name];
  if (field === undefined) return undefined;
  const { schema, properties } = field.shape(propertyOf(name, field.property));
  const words = listWords(schema);
  const [example] = field.examples ?? [];
  return {
    topic,
    title: titleOf(name, field),
    about: field.about,
    value: describe(schema),
    ...(words.length === 0 ? {} : { words }),
    ...(field.default === undefined ? {} : { default: field.default }),
    ...(example === undefined ? {} : { example }),
    api: `${collection}, ${properties.join(", ")} of ${type}`,
    since: field.since ?? since,
    evidence: field.evidence ?? evidence,
  };
}

function describe(schema: JsonObject): string {
  const types = textsOf(schema["type"]).map((type) => TYPES[type] ?? "a value");
  const limits = [
    typeof schema["minimum"] === "number" ? `at least ${schema["minimum"]}` : "",
    typeof schema["maximum"] === "number" ? `at most ${schema["maximum"]}` : "",
  ].filter(Boolean);
  const bounds = limits.length === 0 ? "" : `, ${limits.join(" and ")}`;
  return `${types.join(" or ")}${bounds}`;
}

/** Values with what they mean; else the keys of a map, or of the maps in a list. */
function listWords(schema: JsonObject): (readonly [string, string])[] {
  const rules = [schema, ...listOf(schema["anyOf"])];
  const choice = rules.find((rule) => rule["enum"] !== undefined);
  if (choice !== undefined) {
    const meanings = textsOf(choice["enumDescriptions"]);
    return textsOf(choice["enum"]).map((value, index) => [value, meanings[index] ?? ""]);
  }
  const [items] = listOf(schema["items"]);
  if (items !== undefined) return listWords(items);
  const [properties = {}] = listOf(schema["properties"]);
  return Object.entries(properties).flatMap(([key, child]) =>
    listOf(child).map((one) => [key, textsOf(one["description"])[0] ?? ""] as const),
  );
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return [value ?? null].flat().filter(isMap);
}

function isMap(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textsOf(value: Json | undefined): string[] {
  return [value ?? null].flat().map((one) => (typeof one === "string" ? one : "null"));
}
