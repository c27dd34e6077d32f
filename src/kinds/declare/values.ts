import type { Json, JsonObject } from "../../domain/json.ts";

/** The values of a map that are there. */
export function dropAbsent(values: Readonly<Record<string, Json | undefined>>): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) kept[name] = value;
  return kept;
}

/** A JSON Schema that takes a value of this one, or a reference in its place, as editors see it. */
export function orReference(rule: JsonObject): JsonObject {
  return { anyOf: [rule, { $ref: "#/$defs/reference" }] };
}
