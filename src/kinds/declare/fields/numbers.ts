import type { Json } from "../../../domain/json.ts";
import { orReference } from "../values.ts";

/** Any number of the one number plan: digits, as a rule; parking places and the like have letters. */
export const NUMBER_RULE = {
  pattern: "^[0-9A-Za-z*#_.-]{1,20}$",
  patternErrorMessage: "must be a number of the PBX: 1 to 20 digits, letters, * or #",
};

/** The schema of a number that something leads to. */
export function numberSchema(title: string, description: string, example: string) {
  return { title, description, type: "string", ...orReference(NUMBER_RULE), examples: [example] };
}

/** The text, where there is one; the API says nothing as "" or as null. */
export function filled(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
