import type { Json, JsonObject } from "../../../domain/json.ts";
import type { FieldDeclaration, Words } from "../declaration.ts";
import { readObject, readOptionalBoolean } from "../entity.ts";
import { dropAbsent, mapOf } from "../values.ts";
import {
  DESTINATION_KEYS,
  DESTINATION_RULES,
  leadsOf,
  readDestination,
  writeDestination,
} from "./destination.ts";
import { filled } from "./numbers.ts";
import { declare } from "./plain.ts";

/** Where calls go at some time, and what callers hear first: `{ to: IVR, number: "801", prompt: closed.wav }`. */
export function route(about: string, words: Words = {}): FieldDeclaration {
  return declare(
    about,
    {
      examples: [{ to: "VoiceMail", number: "100", prompt: "closed.wav" }],
      evidence:
        "written so by a client of a live 20.0.x: IsPromptEnabled, Prompt and Route, always all of them",
      ...words,
    },
    (property) => ({
      comparison: "exact",
      properties: [property],
      schema: {
        type: "object",
        additionalProperties: false,
        ...DESTINATION_RULES,
        properties: {
          ...DESTINATION_KEYS,
          prompt: {
            title: "Prompt",
            description: "The name of a file that the PBX has and plays first.",
            type: "string",
            minLength: 1,
            examples: ["closed.wav"],
          },
          promptEnabled: {
            title: "Prompt enabled",
            description: "Whether the prompt is played. Without it: yes when there is one.",
            type: "boolean",
            examples: [true],
          },
        },
      },
      read: (entity) => {
        const value = readObject(entity, property);
        return value && readRoute(value);
      },
      write: (value) => ({ [property]: writeRoute(value) }),
      complete: completeRoute,
      leads: (value) => leadsOf(value, []),
    }),
  );
}

function readRoute(value: JsonObject): Json {
  const place = readDestination(readObject(value, "Route") ?? {});
  const prompt = filled(value["Prompt"]);
  const played = readOptionalBoolean(value, "IsPromptEnabled") ?? prompt !== undefined;
  return completeRoute({ ...mapOf(place), ...dropAbsent({ prompt }), promptEnabled: played });
}

/** What is said of the prompt is left out where it goes without saying. */
function completeRoute(value: Json): Json {
  if (value === null) return { to: "None" };
  const { promptEnabled, ...rest } = mapOf(value);
  const usual = rest["prompt"] !== undefined;
  return promptEnabled === undefined || promptEnabled === usual ? rest : { ...rest, promptEnabled };
}

function writeRoute(value: Json): Json {
  const { prompt, promptEnabled } = mapOf(value);
  return {
    IsPromptEnabled: promptEnabled ?? prompt !== undefined,
    Prompt: prompt ?? "",
    Route: writeDestination(value),
  };
}
