import type { Json, JsonObject } from "../domain/json.ts";

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === "object" && !isList(value);
}

/** A section as the map it should be, or an empty one: what else it may be is for the schema to say. */
export function readSection(document: Json, name: string): JsonObject {
  const section = isObject(document) ? document[name] : undefined;
  return section !== undefined && isObject(section) ? section : {};
}

export function readText(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The texts of a list, or an empty list. */
export function readTextList(value: Json | undefined): readonly string[] {
  return value !== undefined && isList(value)
    ? value.filter((item) => typeof item === "string")
    : [];
}

/** The texts of a map, under their keys. */
export function readTextMap(map: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(map).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
