import { normalizeLineEnds } from "../../../domain/plan/canonical.ts";
import type { Json, JsonObject } from "../../../domain/json.ts";
import type { FieldDeclaration, Words } from "../declaration.ts";
import type { Shape, TextFile } from "../shape.ts";
import { readOptionalText } from "../entity.ts";
import { orReference } from "../values.ts";

/** A text of one line that is never blank. */
export function line(about: string, { maxLength = 255, ...words }: Words & Lengths = {}) {
  return declare(about, words, (property) => ({
    ...passed(property),
    comparison: "line",
    schema: {
      type: "string",
      minLength: 1,
      maxLength,
      pattern: "\\S",
      patternErrorMessage: "must not be blank",
    },
  }));
}

interface Lengths {
  readonly maxLength?: number;
}

interface Choice extends Words {
  /** The API takes null, which clears the setting. */
  readonly clears?: boolean;
}

/** One of the words that the API knows, each with what it means. */
export function choice(
  about: string,
  values: Readonly<Record<string, string>>,
  { clears = false, ...words }: Choice = {},
): FieldDeclaration {
  const [names, meanings] = [Object.keys(values), Object.values(values)];
  const options: JsonObject = clears
    ? { enum: [...names, null], enumDescriptions: [...meanings, "Clears the setting."] }
    : { enum: names, enumDescriptions: meanings };
  const text = clears ? `${about} null clears it.` : about;
  return declare(text, { examples: names.slice(-1), ...words }, (property) => ({
    ...passed(property),
    comparison: "exact",
    schema: { type: clears ? ["string", "null"] : "string", ...orReference(options) },
  }));
}

/** A long text, in place or in a file of its own. */
export function script(about: string, file: TextFile, blank: string, words: Words = {}) {
  return declare(about, words, (property) => ({
    ...passed(property),
    comparison: "text",
    file,
    schema: { type: "string", pattern: "\\S", patternErrorMessage: blank },
    write: (value) => (typeof value === "string" ? { [property]: normalizeLineEnds(value) } : {}),
  }));
}

/** A field as it is declared. */
export function declare(
  about: string,
  words: Words,
  shape: (property: string) => Shape,
): FieldDeclaration {
  return { ...words, about, shape };
}

/** A text that stands in a manifest as it does in the API. */
function passed(property: string): Omit<Shape, "comparison" | "schema"> {
  return {
    properties: [property],
    read: (entity) => readOptionalText(entity, property),
    write: (value: Json) => ({ [property]: value }),
  };
}
