import { isList } from "../../../domain/plan/canonical.ts";
import type { Json, JsonObject } from "../../../domain/json.ts";
import type { FieldDeclaration, Words } from "../declaration.ts";
import { objectsOf, readObjects, readOptionalText, readText } from "../entity.ts";
import { dropAbsent, mapOf, orReference, requireWhen } from "../values.ts";
import { leadsOf } from "./destination.ts";
import { filled, numberSchema } from "./numbers.ts";
import { declare } from "./plain.ts";

const NUMBERED = {
  Extension: "The extension of a person, by number.",
  RingGroup: "A ring group, by number.",
  Queue: "A queue, by number.",
  IVR: "Another menu, by number.",
  VoiceMail: "The mailbox of an extension, by number.",
};
const OTHERS = {
  EndCall: "The call ends.",
  CallByName: "The caller spells the name of a person.",
  RepeatPrompt: "The prompt is played again.",
  CustomInput: "The prompt named by customData is played, and the menu waits for more keys.",
};
const PLACES = { ...NUMBERED, ...OTHERS };

/** What the PBX calls who is behind a target, where it does not follow from the target alone. */
const PEERS = [
  "None",
  "Extension",
  "Queue",
  "RingGroup",
  "IVR",
  "Fax",
  "Conference",
  "SpecialMenu",
  "Parking",
  "ExternalLine",
  "Group",
  "RoutePoint",
];

const TARGET: JsonObject = {
  to: {
    title: "To",
    description: "What happens, in 3CX's own words.",
    type: "string",
    ...orReference({ enum: Object.keys(PLACES), enumDescriptions: Object.values(PLACES) }),
    examples: ["Queue"],
  },
  number: numberSchema("Number", "The number it leads to, in quotes.", "800"),
  peerType: {
    title: "Peer type",
    description: "What the number belongs to, where that does not follow from to.",
    type: "string",
    enum: PEERS,
    enumDescriptions: PEERS.map((peer) =>
      peer === "None" ? "Nothing." : `${peer}, as the PBX calls it.`,
    ),
    examples: ["RoutePoint"],
  },
};

const RULES = requireWhen("to", Object.keys(NUMBERED), ["number"]);

/** The keys of a menu: `{ input: "1", to: Queue, number: "800" }`. */
export function menuKeys(about: string, words: Words = {}): FieldDeclaration {
  return declare(
    `${about} The list replaces the one on the PBX; null or [] empties it.`,
    {
      examples: [
        [
          { input: "1", to: "Queue", number: "800" },
          { input: "9", to: "EndCall" },
        ],
      ],
      ...words,
    },
    (property) => ({
      comparison: "set",
      properties: [property],
      schema: {
        type: ["array", "null"],
        uniqueBy: "input",
        items: {
          title: "Key",
          description: "What a key does. A key is known by its input.",
          type: "object",
          additionalProperties: false,
          required: ["input", "to"],
          ...RULES,
          properties: {
            input: {
              title: "Input",
              description: "The key that the caller presses, or several in a row, in quotes.",
              type: "string",
              pattern: "^[0-9*#]{1,20}$",
              patternErrorMessage: "must be 1 to 20 digits, * or #, in quotes",
              examples: ["1"],
            },
            ...TARGET,
            customData: {
              title: "Custom data",
              description: "With CustomInput: the name of the prompt that is played.",
              type: "string",
              minLength: 1,
              examples: ["more.wav"],
            },
          },
        },
      },
      // The ids of the keys are a name space of their own, and say nothing.
      expand: {
        property,
        select: ["Id", "Input", "ForwardType", "ForwardDN", "PeerType", "CustomData"],
      },
      read: (entity) =>
        readObjects(entity, property)?.map((key) => ({
          input: readText(key, "Input"),
          ...readTarget(key["ForwardType"], key["ForwardDN"], key["PeerType"]),
          ...dropAbsent({ customData: filled(key["CustomData"]) }),
        })),
      write: (value) => ({
        [property]: objectsOf(value).map((key) => ({
          Input: key["input"] ?? null,
          ForwardType: key["to"] ?? null,
          ForwardDN: key["number"] ?? "",
          PeerType: peerOf(key),
          CustomData: key["customData"] ?? "",
        })),
      }),
      complete: (value) => (value !== null && isList(value) ? objectsOf(value).map(dropPeer) : []),
      leads: (value) => objectsOf(value).flatMap((key, index) => leadsOf(key, [index])),
    }),
  );
}

/** What happens when nobody presses a key: three properties that mean nothing apart. */
export function menuTarget(about: string, words: Words = {}): FieldDeclaration {
  return declare(
    about,
    { examples: [{ to: "RepeatPrompt" }, { to: "Extension", number: "100" }], ...words },
    (property) => {
      const [type, dn, peer] = [`${property}Type`, `${property}DN`, `${property}PeerType`];
      return {
        comparison: "exact",
        properties: [type, dn, peer],
        schema: {
          type: "object",
          additionalProperties: false,
          required: ["to"],
          ...RULES,
          properties: TARGET,
        },
        read: (entity) => {
          const to = readOptionalText(entity, type);
          return typeof to === "string" ? readTarget(to, entity[dn], entity[peer]) : to;
        },
        write: (value) => {
          const target = mapOf(value);
          return {
            [type]: target["to"] ?? null,
            [dn]: target["number"] ?? "",
            [peer]: peerOf(target),
          };
        },
        complete: (value) => (value === null ? value : dropPeer(mapOf(value))),
        leads: (value) => leadsOf(value, []),
      };
    },
  );
}

function readTarget(
  to: Json | undefined,
  number: Json | undefined,
  peer: Json | undefined,
): JsonObject {
  const target = { to: filled(to) ?? "EndCall" };
  return dropPeer(
    dropAbsent({
      ...target,
      number: target.to in NUMBERED ? filled(number) : undefined,
      peerType: target.to in NUMBERED ? filled(peer) : undefined,
    }),
  );
}

/** The peer type that follows from the target is not said. */
function dropPeer(target: JsonObject): JsonObject {
  const { peerType, ...rest } = target;
  return peerType === undefined || peerType === impliedPeer(rest) ? rest : target;
}

function peerOf(target: JsonObject): Json {
  return target["peerType"] ?? impliedPeer(target);
}

function impliedPeer({ to }: JsonObject): string {
  if (to === "VoiceMail") return "Extension";
  return typeof to === "string" && to in NUMBERED ? to : "None";
}
