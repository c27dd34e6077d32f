import { isList } from "../../../domain/plan/canonical.ts";
import type { Json, JsonObject } from "../../../domain/json.ts";
import type { Field } from "../../../domain/ports.ts";
import type { FieldDeclaration, Words } from "../declaration.ts";
import { isObject, readObjects, readText } from "../entity.ts";
import { dropAbsent, orReference } from "../values.ts";
import { filled, NUMBER_RULE, numberSchema } from "./numbers.ts";
import { declare } from "./plain.ts";

interface People extends Words {
  /** Each may be in a skill group. */
  readonly skilled?: boolean;
  /** When their order counts; without it never. */
  readonly ordered?: Field["ordered"];
}

/** Extensions by number, as a list that replaces the one on the PBX: `"100"`, or `{ number: "100", skillGroup: "1" }`. */
export function people(about: string, { skilled = false, ordered, ...words }: People = {}) {
  const order =
    ordered === undefined
      ? ""
      : ` Their order counts with ${ordered.field} ${ordered.values.join(", ")}.`;
  return declare(
    `${about}${order} The list replaces the one on the PBX; null or [] empties it.`,
    {
      examples: [skilled ? [{ number: "100", skillGroup: "1" }, "101"] : ["100", "101"]],
      evidence:
        "lists that replace, by number alone, written live by two clients; the PBX adds Id, Name and Tags",
      ...words,
    },
    (property): ReturnType<FieldDeclaration["shape"]> => ({
      comparison: "set",
      ...(ordered === undefined ? {} : { ordered }),
      properties: [property],
      schema: { type: ["array", "null"], uniqueBy: "number", items: itemSchema(skilled) },
      expand: { property, select: ["Id", "Number", ...(skilled ? ["SkillGroup"] : [])] },
      read: (entity) => readObjects(entity, property)?.map(readPerson),
      write: (value) => ({
        [property]: listOf(value).map((one) => {
          const { number, skillGroup } = personOf(one);
          return dropAbsent({
            Number: number,
            SkillGroup: skilled ? (skillGroup ?? "") : undefined,
          });
        }),
      }),
      complete: (value) => listOf(value).map((one) => shorten(personOf(one))),
      leads: (value) =>
        listOf(value).flatMap((one, index) => {
          const { number } = personOf(one);
          return typeof number === "string" ? [{ number, path: [index], holds: "Extension" }] : [];
        }),
    }),
  );
}

function itemSchema(skilled: boolean): JsonObject {
  return {
    title: "Extension",
    description: "An extension: its number in quotes, or a map with it.",
    type: ["string", "object"],
    ...orReference(NUMBER_RULE),
    additionalProperties: false,
    required: ["number"],
    properties: {
      number: numberSchema("Number", "The number of the extension, in quotes.", "100"),
      ...(skilled
        ? {
            skillGroup: {
              title: "Skill group",
              description:
                "With a skill-based polling strategy: the group that is asked first has the lowest number.",
              type: "string",
              minLength: 1,
              examples: ["1"],
            },
          }
        : {}),
    },
  };
}

function readPerson(entity: JsonObject): Json {
  return shorten(
    dropAbsent({ number: readText(entity, "Number"), skillGroup: filled(entity["SkillGroup"]) }),
  );
}

function listOf(value: Json): readonly Json[] {
  return value !== null && isList(value) ? value : [];
}

function personOf(value: Json): JsonObject {
  return value !== null && isObject(value) ? value : { number: value };
}

/** A number that stands alone is written alone. */
function shorten(value: JsonObject): Json {
  const { number = null, ...rest } = value;
  return Object.keys(rest).length === 0 ? number : value;
}
