import * as fc from "fast-check";
import type { Json, JsonObject } from "../../../src/domain/json.ts";
import type { Answer, Reply } from "../pbx/server.ts";

/** What becomes of an answer of the PBX on its way. */
export interface Damage {
  /** The first request whose answer it strikes, counted from 0, and how many from there on. */
  readonly from: number;
  readonly times: number;
  readonly what:
    | { readonly deed: "value"; readonly path: readonly number[]; readonly value: Json }
    | { readonly deed: "property"; readonly name: string; readonly value: Json }
    | { readonly deed: "drop"; readonly path: readonly number[] }
    | {
        readonly deed: "envelope";
        readonly shape: "bare" | "nested" | "listed" | "texts" | "twice";
      }
    | { readonly deed: "body"; readonly text: string }
    | { readonly deed: "cut"; readonly share: number }
    | { readonly deed: "status"; readonly status: number; readonly text: string }
    | { readonly deed: "header"; readonly name: string; readonly value: string }
    | { readonly deed: "reset" | "cut-off" };
}

const DEEP = 3_000;

const STRANGE: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  -(2 ** 53),
  "",
  " ",
  "x",
  "null",
  "\0",
  "\uD800",
  "806",
  "CallFlowApp",
  "x".repeat(200_000),
  "\n".repeat(20_000),
  [],
  [[]],
  [null],
  {},
  { Id: null },
  { __proto__x: 1 },
  { value: [] },
  "class A {}",
  ":[1..5)E:CS0103:\nno such name",
  ":[99999999999999999999..3)E:x",
  ":[9..1)",
  ":[-1..2)E:x",
  "[1..2)",
  `:[${"9".repeat(400)}..1)E:y`,
  ":[0..0)\r\n\r\r\n",
  "WARNINGS.XAPI.NOT_FOUND",
  "Number:\nWARNINGS.XAPI.ALREADY_IN_USE",
  JSON.parse(`${"[".repeat(DEEP)}${"]".repeat(DEEP)}`),
  JSON.parse(`${'{"a":'.repeat(DEEP)}1${"}".repeat(DEEP)}`),
];

const BODIES = [
  "",
  "null",
  "[]",
  "{}",
  "0",
  '"text"',
  "{",
  "NaN",
  "\uFEFF{}",
  '{"value":null}',
  '{"value":{}}',
  '{"value":[null]}',
  '{"value":[[]]}',
  '{"value":[{}]}',
  '{"value":[],"@odata.count":-1}',
  '{"value":[],"@odata.count":"1"}',
  '{"value":[],"@odata.count":9007199254740991}',
  '{"value":[{"Id":1}],"@odata.count":1e300}',
  '{"__proto__":{"value":[]}}',
  '{"error":null}',
  '{"error":{"message":5,"details":[1,null,{"message":[],"target":{}}]}}',
  '{"error":{"details":{}}}',
  "<!doctype html><title>Sign in</title>",
  "  <html>",
  "<?xml version='1.0'?>",
  `{"value":[${"{},".repeat(5_000)}{}]}`,
  '{"access_token":""}',
  '{"access_token":"a b"}',
  '{"access_token":"\\u0000"}',
  '{"access_token":5}',
  '{"access_token":"x.eyJleHAiOjF9.y"}',
  `{"access_token":"x.${Buffer.from('{"exp":-1e99,"iat":"x"}').toString("base64url")}.y"}`,
];

const path = fc.array(fc.nat(20), { maxLength: 6 });
const strange = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...STRANGE) },
  fc.jsonValue().map(asJson),
);
const PROPERTIES = [
  "Id",
  "Number",
  "Name",
  "ScriptCode",
  "RejectedCode",
  "RoutingType",
  "TranscriptionMode",
  "Groups",
  "Trunk",
  "InvalidScript",
  "CompilationSucceeded",
  "CompilationResult",
  "CompilationLastSuccess",
  "IsRegistered",
  "@odata.count",
  "access_token",
  "GroupId",
  "Rights",
  "RoleName",
  "Type",
  "value",
];

const what: fc.Arbitrary<Damage["what"]> = fc.oneof(
  fc.record({ deed: fc.constant("value" as const), path, value: strange }),
  fc.record({
    deed: fc.constant("property" as const),
    name: fc.constantFrom(...PROPERTIES),
    value: strange,
  }),
  fc.record({ deed: fc.constant("drop" as const), path }),
  fc.record({
    deed: fc.constant("envelope" as const),
    shape: fc.constantFrom(
      "bare" as const,
      "nested" as const,
      "listed" as const,
      "texts" as const,
      "twice" as const,
    ),
  }),
  fc.record({ deed: fc.constant("body" as const), text: fc.constantFrom(...BODIES) }),
  fc.record({
    deed: fc.constant("cut" as const),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.record({
    deed: fc.constant("status" as const),
    status: fc.constantFrom(
      200,
      201,
      202,
      204,
      207,
      301,
      302,
      400,
      401,
      403,
      404,
      405,
      409,
      412,
      418,
      429,
      500,
      503,
      599,
    ),
    text: fc.constantFrom(...BODIES),
  }),
  fc.record({
    deed: fc.constant("header" as const),
    name: fc.constantFrom("content-type", "retry-after", "location", "x-3cx-version"),
    value: fc.constantFrom(
      "text/html",
      "-5",
      "1e9",
      "99999999999",
      "soon",
      "Thu, 01 Jan 1970 00:00:00 GMT",
      "//evil.example",
    ),
  }),
  fc.record({ deed: fc.constantFrom("reset" as const, "cut-off" as const) }),
);

/** One or two damages, now and then for good. */
export const damages: fc.Arbitrary<Damage[]> = fc.array(
  fc.record({ from: fc.nat(14), times: fc.constantFrom(1, 1, 2, 5, Infinity), what }),
  { minLength: 1, maxLength: 2 },
);

/** What a damaged PBX sends instead of its answer to request number `index`. */
export function damage(answer: Answer, index: number, all: readonly Damage[]): Reply {
  let result: Reply = answer;
  for (const { from, times, what: one } of all)
    if (index >= from && index < from + times && typeof result === "object")
      result = strike(result, one);
  return result;
}

function strike(answer: Answer, one: Damage["what"]): Reply {
  const { json } = answer;
  switch (one.deed) {
    case "reset":
      return "reset";
    case "cut-off":
      return "cut";
    case "body":
      return { ...drop(answer), text: one.text };
    case "status":
      return { ...drop(answer), status: one.status, text: one.text };
    case "header":
      return { ...answer, headers: { ...answer.headers, [one.name]: one.value } };
    case "cut": {
      const text = JSON.stringify(json ?? {});
      return { ...drop(answer), text: text.slice(0, Math.floor(one.share * text.length)) };
    }
    case "envelope":
      return { ...answer, json: rewrap(asJson(json ?? null), one.shape) };
    case "property":
      return { ...answer, json: setProperty(asJson(json ?? null), one.name, one.value) };
    case "value":
    case "drop":
      return {
        ...answer,
        json: replaceAt(
          asJson(json ?? null),
          one.path,
          one.deed === "drop" ? undefined : one.value,
        ),
      };
    default:
      return one satisfies never;
  }
}

function drop({ status, headers }: Answer): Answer {
  return { status, ...(headers === undefined ? {} : { headers }) };
}

function rewrap(json: Json, shape: "bare" | "nested" | "listed" | "texts" | "twice"): Json {
  const value = isMap(json) ? (json["value"] ?? json) : json;
  if (shape === "bare") return value;
  if (shape === "nested") return { value: { value } };
  if (shape === "listed") return [json];
  if (shape === "texts")
    return { value: Array.isArray(value) ? value.map((item) => JSON.stringify(item)) : "x" };
  return { value: Array.isArray(value) ? [...value, ...value] : [value, value] };
}

/** Sets a property wherever it is. */
function setProperty(json: Json, name: string, value: Json): Json {
  if (Array.isArray(json)) return json.map((item: Json) => setProperty(item, name, value));
  if (!isMap(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, item]) => [
      key,
      key === name ? value : setProperty(item, name, value),
    ]),
  );
}

/** Replaces, or without a value drops, what the steps lead to; a step counts round. */
function replaceAt(json: Json, [step, ...rest]: readonly number[], value: Json | undefined): Json {
  if (step === undefined) return value ?? null;
  if (Array.isArray(json)) {
    const items: readonly Json[] = json;
    const at = items.length === 0 ? 0 : step % items.length;
    if (value === undefined && rest.length === 0) return items.filter((_, index) => index !== at);
    return items.map((item, index) => (index === at ? replaceAt(item, rest, value) : item));
  }
  if (!isMap(json)) return value ?? null;
  const keys = Object.keys(json);
  const key = keys[step % Math.max(1, keys.length)];
  return Object.fromEntries(
    Object.entries(json).flatMap(([name, item]) => {
      if (name !== key) return [[name, item]];
      return value === undefined && rest.length === 0 ? [] : [[name, replaceAt(item, rest, value)]];
    }),
  );
}

export function isMap(json: Json): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function asJson(value: unknown): Json {
  return value as Json;
}
