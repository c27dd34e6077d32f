import type { Operation, Spec } from "./read.ts";
import { textAt, type Tree } from "./tree.ts";

/** The operations of one path, and what a request has in the places of its braces. */
export interface PathMatch {
  readonly template: string;
  readonly operations: ReadonlyMap<string, Operation>;
  readonly texts: ReadonlyMap<string, string>;
}

export interface Addresses {
  /**
   * The path of the description that a request's path (decoded, below the API's root) stands for.
   * `anyCase` also takes what live PBXs take: a set name in other letters, a key written `(Id=42)`.
   */
  match(path: string, anyCase: boolean): PathMatch | undefined;
}

interface Route {
  readonly template: string;
  readonly exact: RegExp;
  readonly loose: RegExp;
  readonly operations: ReadonlyMap<string, Operation>;
}

/** A literal of OData: a quoted text, in which quotes are doubled, or a bare word. */
const LITERAL = "('(?:[^']|'')*'|[^,()'/=]*)";

/** Finds operations by path. Compiles every template once. */
export function readAddresses({ operations }: Spec): Addresses {
  const routes = new Map<string, Route[]>();
  for (const [template, own] of groupBy(operations)) {
    const route = {
      template,
      exact: toPattern(template, "u", false),
      loose: toPattern(template, "iu", true),
      operations: new Map(own.map((operation) => [operation.method, operation])),
    };
    const word = firstWord(template);
    routes.set(word, [...(routes.get(word) ?? []), route]);
  }
  return {
    match(path, anyCase) {
      const candidates = routes.get(firstWord(path)) ?? [];
      for (const { template, exact, loose, operations: own } of candidates) {
        const found = exact.exec(path) ?? (anyCase ? loose.exec(path) : null);
        if (found === null) continue;
        const names = [...template.matchAll(/\{(\w+)\}/gu)].map(([, name = ""]) => name);
        const texts = new Map(names.map((name, index) => [name, found[index + 1] ?? ""]));
        return { template, operations: own, texts };
      }
      return undefined;
    },
  };
}

function groupBy(operations: readonly Operation[]): ReadonlyMap<string, readonly Operation[]> {
  const groups = new Map<string, Operation[]>();
  for (const operation of operations)
    groups.set(operation.template, [...(groups.get(operation.template) ?? []), operation]);
  return groups;
}

function firstWord(path: string): string {
  return (/^\/(\w*)/u.exec(path)?.[1] ?? "").toLowerCase();
}

function toPattern(template: string, flags: string, namedKeys: boolean): RegExp {
  const parts = template.split(/(\(\{\w+\}\)|\{\w+\})/u).map((part) => {
    const [, key] = /^\(\{(\w+)\}\)$/u.exec(part) ?? [];
    if (key !== undefined) return `\\(${namedKeys ? `(?:${key}=)?` : ""}${LITERAL}\\)`;
    if (/^\{\w+\}$/u.test(part)) return LITERAL;
    return part.replaceAll(/[\\^$.*+?()[\]{}|]/gu, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`, flags);
}

/** Why a text cannot stand for a path parameter of that schema; undefined when it can. */
export function explainLiteral(schema: Tree, text: string): string | undefined {
  const pattern = textAt(schema, "pattern");
  if (schema["type"] === "integer")
    return /^-?\d+$/u.test(text) ? undefined : `must be a whole number, not ${text}`;
  if (schema["type"] !== "string") return undefined;
  // Dates and UUIDs are the texts that OData writes without quotes; only they have a pattern.
  if (pattern !== undefined)
    return new RegExp(pattern, "u").test(text) ? undefined : `must match ${pattern}, not ${text}`;
  return /^'.*'$/su.test(text) ? undefined : `must be a quoted text, not ${text}`;
}
