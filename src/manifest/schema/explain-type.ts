import type { Json } from "../../domain/json.ts";
import type { ManifestCode } from "../problems/codes.ts";
import { type DocumentTree, findScalar, findSwallowed } from "../yaml/find-node.ts";
import { joinNames } from "../problems/names.ts";

/** A value of the wrong type, in words, with what to write instead. */
export function explainType(
  tree: DocumentTree,
  path: readonly string[],
  name: string,
  expected: unknown,
  value: Json | undefined,
): { readonly code: ManifestCode; readonly message: string; readonly hint?: string | undefined } {
  const types = listTypes(expected).filter((type) => type !== "null");
  const wanted = joinNames(types.map((type) => TYPES[type] ?? type));
  const message =
    value === null
      ? `${name} is empty; it must be ${wanted}`
      : `${name} must be ${wanted}, not ${describe(value)}`;
  const source = findScalar(tree, path)?.scalar.source ?? "";
  const swallowed = value === null ? findSwallowed(tree, path) : undefined;
  const hint =
    swallowed !== undefined && types.includes("string")
      ? `put it in quotes: "${swallowed}"; without them YAML reads a comment`
      : adviseType(types, value, source);
  return { code: "invalid-type", message, hint };
}

function listTypes(expected: unknown): readonly string[] {
  return Array.isArray(expected) ? expected.map(String) : String(expected).split(",");
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map of keys",
};

function describe(value: Json | undefined): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map of keys";
  return typeof value === "string" ? "text" : `the ${typeof value} ${String(value)}`;
}

function adviseType(
  types: readonly string[],
  value: Json | undefined,
  source: string,
): string | undefined {
  if (types.includes("string")) return adviseText(value, source);
  if (types.includes("boolean")) return adviseBoolean(source);
  if (types.includes("number") || types.includes("integer")) {
    return typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))
      ? `write it without quotes: ${Number(value)}`
      : undefined;
  }
  if (types.includes("array") && value !== null)
    return "write a list: [ … ], or lines that start with -";
  return undefined;
}

function adviseText(value: Json | undefined, source: string): string | undefined {
  if (typeof value === "boolean") return `put it in quotes: "${source}"`;
  if (typeof value !== "number") return undefined;
  const quote = `put it in quotes: "${source}"`;
  return String(value) === source
    ? `${quote}; without them YAML reads a number, and leading zeros are lost`
    : `${quote}; without them YAML reads the number ${value}`;
}

/** YAML 1.1 read these as booleans, and many programs still do. */
function adviseBoolean(source: string): string | undefined {
  const word = source.toLowerCase();
  if (["yes", "y", "on", "true", "1"].includes(word)) return "write true, without quotes";
  if (["no", "n", "off", "false", "0"].includes(word)) return "write false, without quotes";
  return undefined;
}
