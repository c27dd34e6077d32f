import type { Json } from "../json.ts";
import { notFound, refuse } from "../refusal.ts";
import { splitOutside } from "./lexer.ts";

export interface Key {
  /** Undefined for the plain form `(42)`. */
  readonly name: string | undefined;
  readonly value: string | number;
}

/** What stands after a set or an entity: `/Members`, `/Pbx.GetFiles()`. */
export interface Tail {
  readonly name: string;
  /** Undefined without parentheses. */
  readonly args: Readonly<Record<string, Json>> | undefined;
}

/** A path below `/xapi/v1`. */
export interface Address {
  readonly set: string;
  readonly key: Key | undefined;
  readonly tail: Tail | undefined;
}

/** Reads the still encoded path after `/xapi/v1/`. Throws a Refusal: 404 for what addresses nothing. */
export function readAddress(path: string): Address {
  const [first = "", second, ...more] = path.split("/").map(decode);
  if (more.length > 0) throw notFound();
  const [set, inner] = readWord(first);
  return {
    set,
    key: inner === undefined ? undefined : readKey(inner),
    tail: second === undefined ? undefined : readTail(second),
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw refuse(400, "The request URI is not valid.");
  }
}

function readWord(segment: string): readonly [string, string | undefined] {
  const match = /^([\w.$]+)(?:\((.*)\))?$/su.exec(segment);
  const [, name, inner] = match ?? [];
  if (name === undefined) throw notFound();
  return [name, inner];
}

function readKey(text: string): Key {
  const [, name, value = ""] = /^(?:(\w+)=)?(.*)$/su.exec(text) ?? [];
  const literal = readLiteral(value);
  if (typeof literal !== "string" && typeof literal !== "number") throw notFound();
  return { name, value: literal };
}

function readTail(segment: string): Tail {
  const [name, inner] = readWord(segment);
  if (inner === undefined) return { name, args: undefined };
  const args: Record<string, Json> = {};
  for (const part of inner === "" ? [] : splitOutside(inner, ",")) {
    const [, key, value] = /^(\w+)=(.*)$/su.exec(part) ?? [];
    if (key === undefined || value === undefined) throw notFound();
    args[key] = readLiteral(value);
  }
  return { name, args };
}

function readLiteral(text: string): Json {
  if (/^-?\d{1,15}$/u.test(text)) return Number(text);
  const [, quoted] = /^'((?:[^']|'')*)'$/su.exec(text) ?? [];
  if (quoted !== undefined) return quoted.replaceAll("''", "'");
  if (text === "true" || text === "false") return text === "true";
  throw notFound();
}
