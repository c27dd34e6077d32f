import type { Json, JsonObject } from "../../../domain/json.ts";
import type { FieldDeclaration, Words } from "../declaration.ts";
import { readObject } from "../entity.ts";
import { dropAbsent, mapOf } from "../values.ts";
import { filled } from "./numbers.ts";
import { declare } from "./plain.ts";

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const FREQUENCIES = {
  Disabled: "Never.",
  Daily: "Every day.",
  Weekly: "Every week, on the day.",
  Monthly: "Every month.",
};

/** When something recurs: `{ frequency: Weekly, day: Monday, time: "06:00" }`. */
export function recurrence(about: string, words: Words = {}): FieldDeclaration {
  return declare(
    about,
    { examples: [{ frequency: "Weekly", day: "Monday", time: "06:00" }], ...words },
    (property) => ({
      comparison: "exact",
      properties: [property],
      schema: {
        type: "object",
        additionalProperties: false,
        required: ["frequency"],
        properties: {
          frequency: {
            title: "Frequency",
            description: "How often it happens.",
            type: "string",
            enum: Object.keys(FREQUENCIES),
            enumDescriptions: Object.values(FREQUENCIES),
            examples: ["Weekly"],
          },
          day: {
            title: "Day",
            description: "With Weekly: the day of the week.",
            type: "string",
            enum: DAYS,
            enumDescriptions: DAYS.map((day) => `On ${day}.`),
            examples: ["Monday"],
          },
          time: {
            title: "Time",
            description: "The time of the day, in quotes.",
            type: "string",
            pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$",
            patternErrorMessage: 'must be a time such as "06:30", in quotes',
            examples: ["06:00"],
          },
        },
      },
      read: (entity) => {
        const value = readObject(entity, property);
        return value && readRecurrence(value);
      },
      write: (value) => ({ [property]: writeRecurrence(value) }),
    }),
  );
}

/** A time is given back with seconds and seven decimals. */
function readRecurrence({ Frequency, Day, Time }: JsonObject): Json {
  const frequency = filled(Frequency) ?? "Disabled";
  return dropAbsent({
    frequency,
    day: frequency === "Weekly" ? filled(Day) : undefined,
    time: frequency === "Disabled" ? undefined : filled(Time)?.slice(0, 5),
  });
}

function writeRecurrence(value: Json): Json {
  const { frequency = "Disabled", day, time } = mapOf(value);
  return {
    Frequency: frequency,
    ...dropAbsent({ Day: day }),
    ...(typeof time === "string" ? { Time: `${time}:00` } : {}),
  };
}
