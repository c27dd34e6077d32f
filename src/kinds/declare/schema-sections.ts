import type { JsonObject } from "../../domain/json.ts";
import type { Declaration } from "./declaration.ts";
import { firstSentence, pluralOf, shortOf } from "./names.ts";

/** What a schema says of the identity. */
export function writeMetadata(declaration: Declaration): JsonObject {
  const { key } = declaration;
  const { title, about, pattern, patternErrorMessage, examples } = key;
  const short = shortOf(declaration);
  return {
    title: "Identity",
    description: `What the ${short} is known by. Nothing here is ever changed on the PBX.`,
    type: "object",
    additionalProperties: false,
    required: [key.name],
    properties: {
      [key.name]: {
        title,
        description: about,
        type: "string",
        anyOf: [{ pattern, patternErrorMessage }, { $ref: "#/$defs/reference" }],
        examples,
      },
      labels: {
        title: "Labels",
        description: `Words of your own, for choosing ${pluralOf(short)} with --selector. They are never sent to the PBX.`,
        type: "object",
        default: {},
        additionalProperties: { type: "string" },
        examples: [{ team: "support", site: "berlin" }],
      },
    },
  };
}

/** What a schema says of how Callform treats one. */
export function writeLifecycle(declaration: Declaration): JsonObject {
  const short = shortOf(declaration);
  const fields = Object.entries(declaration.fields);
  const example = declaration.example.lifecycle ?? { protect: true };
  return {
    title: "Lifecycle",
    description: `How Callform treats the ${short}.`,
    type: "object",
    default: {},
    additionalProperties: false,
    properties: {
      protect: {
        title: "Protect",
        description: `When true, no plan may delete this ${short}.`,
        type: "boolean",
        default: false,
        examples: [true],
      },
      ignore: {
        title: "Ignored settings",
        description: `Settings that are written when the ${short} is created and left to the admin console afterwards.`,
        type: "array",
        default: [],
        uniqueItems: true,
        items: {
          type: "string",
          enum: fields.map(([name]) => name),
          enumDescriptions: fields.map(([, { about }]) => firstSentence(about)),
        },
        examples: [[fields.at(-1)?.[0] ?? ""]],
      },
    },
    examples: [example],
  };
}
