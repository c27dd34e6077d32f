import type { Expand, Lookup, ResolveId } from "../../../domain/ports.ts";
import type { Json, JsonObject } from "../../../domain/json.ts";
import type { FieldDeclaration, Words } from "../declaration.ts";
import { isObject, readObject, readText, writeKey } from "../entity.ts";
import type { Shape } from "../shape.ts";
import { declare } from "./plain.ts";

/** A SIP trunk, by the number that 3CX gave it. */
export function trunkLink(about: string, words: Words = {}): FieldDeclaration {
  return declare(
    `${about} null clears it.`,
    { examples: [{ number: "10001" }], ...words },
    (property): Shape => ({
      comparison: "exact",
      properties: [property],
      schema: {
        type: ["object", "null"],
        additionalProperties: false,
        required: ["number"],
        properties: {
          number: {
            title: "Trunk number",
            description: "The number 3CX gave the trunk, in quotes.",
            type: "string",
            minLength: 1,
            examples: ["10001"],
          },
        },
      },
      expand: { property, select: ["Id", "Number"] } satisfies Expand,
      read: (entity) => {
        const link = readObject(entity, property);
        return link && { number: readText(link, "Number") };
      },
      write: (value, resolve) => ({ [property]: writeTrunk(value, resolve) }),
      lookups: (value) =>
        value !== null && isObject(value) ? [{ ...trunkOf(value), noun: "trunk" }] : [],
      collections: ["Trunks"],
    }),
  );
}

function trunkOf(trunk: JsonObject): Omit<Lookup, "field" | "noun"> {
  return { collection: "Trunks", property: "Number", value: writeKey(trunk["number"]) };
}

/** Nobody has shown this write; the nearest one seen live is the TrunkDN of an inbound rule, which takes both. */
function writeTrunk(trunk: Json, resolve: ResolveId): Json {
  if (trunk === null || !isObject(trunk)) return null;
  return { Id: resolve(trunkOf(trunk)), Number: trunk["number"] ?? null };
}
