import { isList } from "../../domain/plan/canonical.ts";
import type { Entity } from "../../domain/ports.ts";
import { failure, type ProblemError } from "../../domain/problem.ts";
import type { Json, JsonObject } from "../../domain/json.ts";

/** Reads typed properties of an entity; what is absent or of another type becomes a ProblemError that names it. */
export function readText(entity: Entity, property: string): string {
  const value = entity[property];
  if (typeof value === "string" && value !== "") return value;
  throw mistype(entity, property, "a text");
}

export function readInteger(entity: Entity, property: string): number {
  const value = entity[property];
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw mistype(entity, property, "a whole number");
}

/** The text, or null where the API says null; absent stays absent. */
export function readOptionalText(entity: Entity, property: string): string | null | undefined {
  const value = entity[property];
  if (value === undefined || value === null || typeof value === "string") return value;
  throw mistype(entity, property, "a text or null");
}

export function readOptionalBoolean(entity: Entity, property: string): boolean | null | undefined {
  const value = entity[property];
  if (value === undefined || value === null || typeof value === "boolean") return value;
  throw mistype(entity, property, "true, false or null");
}

/** The whole number, or null where the API says null; absent stays absent. */
export function readOptionalInteger(entity: Entity, property: string): number | null | undefined {
  const value = entity[property];
  return value === undefined || value === null ? value : readInteger(entity, property);
}

/** A list of whatever; null and absent both mean absent. */
export function readList(entity: Entity, property: string): readonly Json[] | undefined {
  const value = entity[property];
  if (value === undefined || value === null) return undefined;
  if (isList(value)) return value;
  throw mistype(entity, property, "a list");
}

/** The objects of a list; null and absent both mean absent. */
export function readObjects(entity: Entity, property: string): readonly JsonObject[] | undefined {
  const value = entity[property];
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.every(isObject)) return value;
  throw mistype(entity, property, "a list of objects");
}

export function readObject(entity: Entity, property: string): JsonObject | null | undefined {
  const value = entity[property];
  if (value === undefined || value === null || isObject(value)) return value;
  throw mistype(entity, property, "an object or null");
}

/** The objects of a list in a manifest; anything else has none. */
export function objectsOf(value: Json): readonly JsonObject[] {
  return value !== null && isList(value) ? value.filter(isObject) : [];
}

/** What a manifest calls something by, as text. */
export function writeKey(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mistype(entity: Entity, property: string, expected: string): ProblemError {
  const number = entity["Number"];
  const name = typeof number === "string" && number !== "" ? ` of ${number}` : "";
  const value = entity[property];
  const found = value === undefined ? "nothing" : Array.isArray(value) ? "a list" : typeof value;
  return failure(
    "pbx-answer",
    `the PBX answered with ${value === null ? "null" : found} for ${property}${name}, expected ${expected}`,
    { hint: "check that the URL leads to a 3CX V20 PBX and not to a proxy in front of it" },
  );
}
