import { isList } from "../../../domain/plan/canonical.ts";
import type { Json, JsonObject } from "../../../domain/json.ts";
import type { Comparison } from "../../../domain/ports.ts";
import type { FieldDeclaration, Words } from "../declaration.ts";
import { readList } from "../entity.ts";
import { declare } from "./plain.ts";

/** Some of the words that the API knows, in any order. */
export function choices(
  about: string,
  values: Readonly<Record<string, string>>,
  words: Words = {},
): FieldDeclaration {
  const items = {
    type: "string",
    enum: Object.keys(values),
    enumDescriptions: Object.values(values),
  };
  return list(about, "set", items, { examples: [Object.keys(values).slice(0, 1)], ...words });
}

/** Texts in their order. */
export function lines(about: string, words: Words = {}): FieldDeclaration {
  return list(about, "exact", { type: "string", minLength: 1 }, words);
}

/** Whole numbers in their order. */
export function wholes(about: string, words: Words = {}): FieldDeclaration {
  return list(about, "exact", { type: "integer" }, words);
}

function list(
  about: string,
  comparison: Comparison,
  items: JsonObject,
  words: Words,
): FieldDeclaration {
  return declare(`${about} null or [] empties it.`, words, (property) => ({
    comparison,
    properties: [property],
    schema: { type: ["array", "null"], items },
    read: (entity) => readList(entity, property),
    write: (value) => ({ [property]: value ?? [] }),
    complete: (value: Json) => (value !== null && isList(value) ? value : []),
  }));
}
