import type { Json, JsonObject } from "../../domain/json.ts";
import { isObject } from "./entity.ts";

/** The values of a map that are there. */
export function dropAbsent(values: Readonly<Record<string, Json | undefined>>): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) kept[name] = value;
  return kept;
}

/** A value as a map; anything else as an empty one. */
export function mapOf(value: Json): JsonObject {
  return value !== null && isObject(value) ? value : {};
}

/** The keys that a map must have when its `key` is one of these values, as an editor asks for them. */
export function requireWhen(
  key: string,
  values: readonly string[],
  required: readonly string[],
): JsonObject {
  return {
    if: { required: [key], properties: { [key]: { enum: values } } },
    // oxlint-disable-next-line unicorn/no-thenable -- it is what JSON Schema calls it, and nobody awaits a schema
    then: { required },
  };
}

/** A JSON Schema that takes a value of this one, or a reference in its place, as editors see it. */
export function orReference(rule: JsonObject): JsonObject {
  return { anyOf: [rule, { $ref: "#/$defs/reference" }] };
}
