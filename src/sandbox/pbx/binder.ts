import { isObject, textOf } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { ENUMS } from "../model/enums.ts";
import { isObjectType, typeNamed } from "../model/registry.ts";
import type { ObjectType, Property } from "../model/types.ts";
import { unbindable } from "../refusal.ts";

const SCALARS: Readonly<Record<string, (value: Json) => boolean>> = {
  string: (value) => typeof value === "string",
  bool: (value) => typeof value === "boolean",
  int: (value) => Number.isInteger(value) && Number(value) === (Number(value) | 0),
  byte: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 255,
  number: (value) => typeof value === "number",
  date: (value) => typeof value === "string" && /^\d{4,}-\d\d-\d\dT\d\d:\d\d/u.test(value),
  time: (value) =>
    typeof value === "string" && /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,7})?)?$/u.test(value),
  duration: (value) =>
    typeof value === "string" && /^-?P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?([\d.]+S)?)?$/u.test(value),
  any: () => true,
};

/**
 * A request body as properties of that type, annotations (`@odata.…`) left out. Throws the one
 * answer a PBX has for every body that does not fit: the missing delta.
 */
export function bindBody(body: Json | undefined, type: ObjectType): JsonObject {
  if (!isObject(body)) throw unbindable();
  const bound: Record<string, Json> = {};
  for (const [name, value] of Object.entries(body)) {
    if (name.includes("@")) continue;
    const property = type.properties.get(name);
    if (property === undefined) throw unbindable();
    bound[name] = bindValue(value, property);
  }
  return bound;
}

function bindValue(value: Json, property: Property): Json {
  if (!property.list) return bindOne(value, property);
  if (!Array.isArray(value)) throw unbindable();
  return value.map((one: Json) => {
    if (one === null) throw unbindable();
    return bindOne(one, property);
  });
}

function bindOne(value: Json, { type, required }: Property): Json {
  if (value === null) {
    if (required) throw unbindable();
    return null;
  }
  if (isObjectType(type)) return bindBody(value, typeNamed(type));
  const fits = SCALARS[type] ?? ((one: Json) => ENUMS.get(type)?.has(textOf(one)) === true);
  if (!fits(value)) throw unbindable();
  return type === "time" ? writeTime(textOf(value)) : value;
}

/** A time of day as the PBX gives it back: with seconds and seven decimals. */
function writeTime(text: string): string {
  const [clock = "", fraction = ""] = text.split(".");
  return `${clock.length === 5 ? `${clock}:00` : clock}.${fraction.padEnd(7, "0")}`;
}
