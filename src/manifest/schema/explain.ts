import type { Problem, SourceSpan } from "../../domain/problem.ts";
import type { Json } from "../../domain/json.ts";
import { type ManifestCode, report } from "../problems/codes.ts";
import { type DocumentTree, isUnread, spanKey, spanMissing, spanValue } from "../yaml/find-node.ts";
import { explainType } from "./explain-type.ts";
import { suggestName } from "../../domain/text/nearest-name.ts";
import { joinNames, quoteText } from "../problems/names.ts";
import { isList, isObject } from "../json.ts";
import { type SchemaError, splitPointer } from "./validators.ts";

export interface Finding {
  readonly code: ManifestCode;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** A document that breaks its schema, and what is known about it beyond the schema. */
export interface Subject {
  readonly tree: DocumentTree;
  /** The document with its references resolved. */
  readonly value: Json;
  readonly tainted: ReadonlySet<string>;
  /** What is better known about an unknown key of the map at `parent`. */
  readonly adviseKey: (parent: readonly string[], key: string) => Partial<Finding> | undefined;
  readonly name?: string | undefined;
}

/** Keywords about a whole value, of which one problem says enough; the first of them wins. */
const ABOUT_VALUE = ["type", "const", "enum"];

/** The errors that can be told by now: a text with a reference left in it can only be judged for being text. */
export function selectErrors(
  errors: readonly SchemaError[],
  open: ReadonlySet<string>,
): readonly SchemaError[] {
  return errors.filter(({ pointer, keyword }) => keyword === "type" || !open.has(pointer));
}

/** Every breach as a problem, each at the key or value it is about. */
export function explainErrors(errors: readonly SchemaError[], subject: Subject): Problem[] {
  const problems: Problem[] = [];
  const explained = new Set<string>();
  for (const error of errors.toSorted((a, b) => rank(a) - rank(b))) {
    const path = splitPointer(error.pointer);
    if (isUnread(subject.tree, path)) continue;
    const [at, finding] = explainError(error, path, subject);
    if (!isAboutKeys(error)) {
      if (explained.has(error.pointer)) continue;
      if (error.keyword !== "uniqueBy") explained.add(error.pointer);
    }
    problems.push(
      report(finding.code, finding.message, { at, hint: finding.hint, subject: subject.name }),
    );
  }
  return problems;
}

function rank({ keyword }: SchemaError): number {
  const index = ABOUT_VALUE.indexOf(keyword);
  return index < 0 ? ABOUT_VALUE.length : index;
}

function isAboutKeys({ keyword }: SchemaError): boolean {
  return keyword === "required" || keyword === "additionalProperties";
}

function explainError(
  error: SchemaError,
  path: readonly string[],
  subject: Subject,
): readonly [SourceSpan, Finding] {
  const { keyword, params, schema } = error;
  const name = namePath(path);
  if (keyword === "additionalProperties") {
    const key = String(params["additionalProperty"]);
    return [spanKey(subject.tree, [...path, key]), explainKey(key, path, schema, subject)];
  }
  if (keyword === "required") {
    const key = String(params["missingProperty"]);
    const message = `${namePath([...path, key])} is missing`;
    return [spanMissing(subject.tree, path, key), { code: "missing-key", message }];
  }
  const tainted = subject.tainted.has(error.pointer);
  const value = readPath(subject.value, path);
  if (keyword === "type") {
    // A hint may repeat the value; a tainted one is always text.
    const shown = tainted ? "" : value;
    const finding = explainType(subject.tree, path, name, params["type"], shown);
    return [spanValue(subject.tree, path), finding];
  }
  if (keyword === "uniqueBy" || keyword === "uniqueItems") {
    const [first, later] = [params["i"], params["j"]].map(Number).toSorted((a, b) => a - b);
    const { line } = spanValue(subject.tree, [...path, String(first)]);
    const message = `${name} names the same twice; the first is on line ${line}`;
    return [spanValue(subject.tree, [...path, String(later)]), { code: "invalid-value", message }];
  }
  const shown = tainted ? undefined : value;
  const finding = explainValue(error, name, shown);
  return [spanValue(subject.tree, path), finding];
}

function explainKey(
  key: string,
  path: readonly string[],
  schema: SchemaError["schema"],
  subject: Subject,
): Finding {
  const rule = schema.patternErrorMessage;
  if (rule !== undefined) {
    return { code: "invalid-key", message: `${quoteText(key)} is not a name: ${rule}` };
  }
  const known = Object.keys(schema.properties ?? {});
  const where = path.length === 0 ? "at the top of the document" : `in ${namePath(path)}`;
  return {
    code: "unknown-key",
    message: `there is no key ${quoteText(key)} ${where}`,
    hint: suggestName(key, known) ?? `keys here: ${known.join(", ")}`,
    ...subject.adviseKey(path, key),
  };
}

/** `shown` is the value, or undefined when it must not be shown. */
function explainValue(error: SchemaError, name: string, shown: Json | undefined): Finding {
  const { keyword, params, schema } = error;
  const code = "invalid-value";
  if (keyword === "enum" || keyword === "const") {
    const allowed = [params["allowedValues"] ?? params["allowedValue"]]
      .flat()
      .filter((value) => typeof value === "string");
    const is =
      typeof shown === "string" ? `${name} cannot be ${quoteText(shown)}` : `${name} is not valid`;
    const hint = typeof shown === "string" ? suggestName(shown, allowed) : undefined;
    return { code, message: `${is}; it is ${joinNames(allowed)}`, hint };
  }
  if (keyword === "not") return { code: "conflicting-keys", message: `${name} ${error.message}` };
  if (keyword === "pattern" && schema.patternErrorMessage !== undefined) {
    return { code, message: `${name} ${schema.patternErrorMessage}` };
  }
  const limit = String(params["limit"]);
  return { code, message: `${name} ${LIMITS[keyword]?.(limit) ?? error.message}` };
}

const LIMITS: Readonly<Record<string, (limit: string) => string>> = {
  minLength: (limit) =>
    limit === "1" ? "must not be empty" : `must have at least ${limit} characters`,
  maxLength: (limit) => `must have at most ${limit} characters`,
  minItems: (limit) => (limit === "1" ? "must not be empty" : `must have at least ${limit} items`),
  minimum: (limit) => `must be at least ${limit}`,
  maximum: (limit) => `must be at most ${limit}`,
};

/** `spec.groups[0].role`. */
export function namePath(path: readonly string[]): string {
  if (path.length === 0) return "the document";
  return path
    .map((step, index) => {
      if (/^\d+$/.test(step) && index > 0) return `[${step}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}

function readPath(value: Json, path: readonly string[]): Json | undefined {
  let current: Json | undefined = value;
  for (const step of path) {
    if (current === undefined) return undefined;
    if (isObject(current)) current = current[step];
    else current = isList(current) ? current[Number(step)] : undefined;
  }
  return current;
}
