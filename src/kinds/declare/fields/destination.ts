import type { Json, JsonObject } from "../../../domain/json.ts";
import type { Lead } from "../../../domain/ports.ts";
import type { FieldDeclaration, Words } from "../declaration.ts";
import { readObject } from "../entity.ts";
import { dropAbsent, mapOf, orReference, requireWhen } from "../values.ts";
import { filled, numberSchema } from "./numbers.ts";
import { declare } from "./plain.ts";

/** Where a call can go, in 3CX's own words, and what they mean. */
const NUMBERED = {
  Extension: "The extension of a person, by number.",
  VoiceMail: "The mailbox of an extension, by number.",
  Queue: "A queue, by number.",
  RingGroup: "A ring group, by number.",
  IVR: "A digital receptionist (menu), by number.",
  RoutePoint: "A call flow app, by number.",
  Fax: "A fax extension, by number.",
};
const OTHERS = {
  External: "A number outside, given as external.",
  None: "The call ends.",
  ProceedWithNoExceptions: "No other way than usual.",
  VoiceMailOfDestination: "The mailbox of whoever was called.",
  Boomerang: "Back to where the call came from.",
  Deflect: "The call is deflected.",
  Callback: "The caller is called back.",
};
const PLACES = { ...NUMBERED, ...OTHERS };

export const DESTINATION_KEYS: JsonObject = {
  to: {
    title: "To",
    description: "What sort of place the call goes to, in 3CX's own words.",
    type: "string",
    ...orReference({ enum: Object.keys(PLACES), enumDescriptions: Object.values(PLACES) }),
    examples: ["Queue"],
  },
  number: numberSchema("Number", "Its number on the PBX, in quotes.", "800"),
  external: {
    title: "Number outside",
    description: "With External: the number to call, in quotes.",
    type: "string",
    minLength: 1,
    examples: ["+442079460100"],
  },
};

/** An editor asks for what a place needs. */
export const DESTINATION_RULES: JsonObject = {
  required: ["to"],
  allOf: [
    requireWhen("to", Object.keys(NUMBERED), ["number"]),
    requireWhen("to", ["External"], ["external"]),
  ],
};

/** What has the number, as Peers calls it. */
const HOLDERS: Readonly<Record<string, string>> = {
  Extension: "Extension",
  VoiceMail: "Extension",
  Queue: "Queue",
  RingGroup: "RingGroup",
  IVR: "IVR",
  RoutePoint: "RoutePoint",
  Fax: "Fax",
};

/** Where calls go: `{ to: Queue, number: "800" }`. */
export function destination(about: string, words: Words = {}): FieldDeclaration {
  return declare(
    about,
    {
      examples: [{ to: "Extension", number: "100" }, { to: "None" }],
      evidence: "written so by clients of live PBXs, which add Name, Type and Tags to it",
      ...words,
    },
    (property) => ({
      comparison: "exact",
      properties: [property],
      schema: {
        type: "object",
        additionalProperties: false,
        ...DESTINATION_RULES,
        properties: DESTINATION_KEYS,
      },
      read: (entity) => {
        const value = readObject(entity, property);
        return value && readDestination(value);
      },
      write: (value) => ({ [property]: writeDestination(value) }),
      complete: completeDestination,
      leads: (value) => leadsOf(value, []),
    }),
  );
}

/** Name, Type and Tags are the PBX's; a number that the place does not need may be anything, and means nothing. */
export function readDestination({ To, Number: number, External }: JsonObject): Json {
  const to = filled(To) ?? "None";
  return dropAbsent({
    to,
    number: to in NUMBERED ? filled(number) : undefined,
    external: to === "External" ? filled(External) : undefined,
  });
}

/** In full, because nobody knows whether the PBX merges a part. */
export function writeDestination(value: Json): Json {
  const { to, number, external } = mapOf(value);
  return { To: to ?? "None", Number: number ?? "", External: external ?? "" };
}

/** No destination is the end of the call. */
export function completeDestination(value: Json): Json {
  return value ?? { to: "None" };
}

export function leadsOf(value: Json, path: readonly (string | number)[]): Lead[] {
  const { to, number } = mapOf(value);
  if (typeof number !== "string") return [];
  const holds = typeof to === "string" ? HOLDERS[to] : undefined;
  return [{ number, path, ...(holds === undefined ? {} : { holds }) }];
}
