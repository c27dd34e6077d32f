import type { Json, JsonObject } from "../../../domain/json.ts";
import type { Field } from "../../../domain/ports.ts";
import type { FieldDeclaration, Words } from "../declaration.ts";
import { readOptionalBoolean, readOptionalInteger, readOptionalText } from "../entity.ts";
import { declare } from "./plain.ts";
import { filled, NUMBER_RULE } from "./numbers.ts";
import { orReference } from "../values.ts";

/** True or false. */
export function flag(about: string, words: Words = {}): FieldDeclaration {
  return declare(about, { examples: [true], ...words }, (property) => ({
    comparison: "exact",
    properties: [property],
    schema: { type: "boolean" },
    read: (entity) => readOptionalBoolean(entity, property),
    write: (value) => ({ [property]: value }),
  }));
}

interface Whole extends Words {
  readonly minimum?: number;
  readonly maximum?: number;
  /** Words for numbers of the API that are none: `{ off: -1 }`. */
  readonly instead?: Readonly<Record<string, number>>;
}

/** A whole number, or a word where the API says something else by a number. */
export function whole(
  about: string,
  { minimum = 0, maximum, instead = {}, ...words }: Whole = {},
): FieldDeclaration {
  const spelt = Object.keys(instead);
  const least = Object.values(instead).includes(minimum) ? minimum + 1 : minimum;
  const limits: JsonObject = { minimum: least, ...(maximum === undefined ? {} : { maximum }) };
  const text = spelt.length === 0 ? about : `${about} Or ${spelt.join(", ")}.`;
  return declare(text, { examples: [Math.max(least, 30)], ...words }, (property) => ({
    comparison: "exact",
    properties: [property],
    schema:
      spelt.length === 0
        ? { type: "integer", ...limits }
        : {
            type: ["integer", "string"],
            ...limits,
            pattern: `^(${spelt.join("|")})$`,
            patternErrorMessage: `must be a whole number or ${spelt.join(" or ")}`,
          },
    read: (entity) => {
      const value = readOptionalInteger(entity, property);
      return spelt.find((word) => instead[word] === value) ?? value;
    },
    write: (value) => ({
      [property]: typeof value === "string" ? (instead[value] ?? null) : value,
    }),
  }));
}

/** A time in whole seconds. */
export function seconds(about: string, words: Whole = {}): FieldDeclaration {
  return whole(`${about} In seconds.`, words);
}

interface Optional extends Words {
  /** What the API's empty text stands for: "system"; without it, null stands for it. */
  readonly empty?: string;
  /** Nobody but its owner is to read it in an output. */
  readonly hidden?: boolean;
}

/** A text that may be missing: the API says so as "" or as null, and a manifest as null or by a word. */
export function optional(
  about: string,
  { empty, hidden = false, ...words }: Optional = {},
): FieldDeclaration {
  const nothing = empty ?? null;
  const text = empty === undefined ? `${about} null clears it.` : `${about} Or ${empty}.`;
  return declare(text, words, (property) => ({
    comparison: "line",
    ...(hidden ? { hides: () => true } : {}),
    properties: [property],
    schema: { type: empty === undefined ? ["string", "null"] : "string", minLength: 1 },
    read: (entity) => {
      const value = readOptionalText(entity, property);
      return value === undefined ? undefined : (filled(value) ?? nothing);
    },
    write: (value) => ({ [property]: value === nothing || value === null ? "" : value }),
  }));
}

interface Value extends Words {
  readonly maxLength: number;
  readonly hides: NonNullable<Field["hides"]>;
}

/** A text that may be anything, an empty one too. */
export function anyText(about: string, { maxLength, hides, ...words }: Value): FieldDeclaration {
  return declare(about, words, (property) => ({
    comparison: "exact",
    hides,
    properties: [property],
    schema: { type: "string", maxLength },
    read: (entity) => readOptionalText(entity, property),
    write: (text) => ({ [property]: text }),
  }));
}

/** A prompt or other audio file that is on the PBX, by its name. */
export function prompt(about: string, words: Words = {}): FieldDeclaration {
  return optional(`${about} The name of a file that the PBX has.`, {
    examples: ["welcome.wav"],
    ...words,
  });
}

/** A number of the number plan, alone. */
export function number(about: string, words: Words = {}): FieldDeclaration {
  const field = optional(about, { examples: ["800"], ...words });
  return {
    ...field,
    shape: (property) => ({
      ...field.shape(property),
      schema: { type: ["string", "null"], ...orReference(NUMBER_RULE) },
      leads: (value: Json) => (typeof value === "string" ? [{ number: value, path: [] }] : []),
    }),
  };
}
