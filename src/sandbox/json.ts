export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** More than any request has; whatever walks a value would run out of stack. */
const MAX_DEPTH = 200;

/** What JSON.parse gives, undefined for a text that does not parse, or is nested without sense. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return isDeeper(value, MAX_DEPTH) ? undefined : value;
  } catch {
    return undefined;
  }
}

function isDeeper(value: Json, most: number): boolean {
  if (value === null || typeof value !== "object") return false;
  return most === 0 || Object.values(value).some((item) => isDeeper(item, most - 1));
}

/** The text itself; empty for everything that is no text. */
export function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
