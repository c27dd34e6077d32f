import { invalidQuery } from "../refusal.ts";
import { parseFilter } from "./expression.ts";
import type { Expression } from "./expression.ts";
import { splitOutside } from "./lexer.ts";

/** Which properties of an object to show, and which navigation properties to follow. */
export interface Shape {
  /** Undefined: all that a plain read shows. */
  readonly select: ReadonlySet<string> | undefined;
  readonly expand: ReadonlyMap<string, Shape>;
}

export interface Ordering {
  readonly path: readonly string[];
  readonly descending: boolean;
}

export interface QueryOptions {
  readonly shape: Shape;
  readonly filter: Expression | undefined;
  readonly orderby: readonly Ordering[];
  readonly top: number | undefined;
  readonly skip: number;
  readonly count: boolean;
  readonly search: string | undefined;
}

const KNOWN = new Set("$select $expand $filter $orderby $top $skip $count $search".split(" "));
const MAX_TOP = 100;
const PLAIN: Shape = { select: undefined, expand: new Map() };

/** Reads the query string's options. Throws a Refusal (400) on what the PBX does not understand. */
export function readOptions(query: URLSearchParams): QueryOptions {
  const seen = new Set<string>();
  for (const name of query.keys()) {
    if (!name.startsWith("$")) continue;
    if (!KNOWN.has(name)) throw invalidQuery(`The query parameter '${name}' is not supported.`);
    if (seen.has(name)) throw invalidQuery(`Query option '${name}' was specified more than once.`);
    seen.add(name);
  }
  const filter = query.get("$filter");
  const top = readCount(query, "$top");
  if (top !== undefined && top > MAX_TOP)
    throw invalidQuery(
      `The limit of '${MAX_TOP}' for Top query has been exceeded. The value from the incoming request is '${top}'.`,
    );
  return {
    shape: readShape(query.get("$select"), query.get("$expand")),
    filter: filter === null ? undefined : parseFilter(filter),
    orderby: readOrdering(query.get("$orderby")),
    top,
    skip: readCount(query, "$skip") ?? 0,
    count: readFlag(query.get("$count")),
    search: query.get("$search") ?? undefined,
  };
}

function readCount(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,15}$/u.test(text))
    throw invalidQuery(`Invalid value '${text}' for ${name} query option found.`);
  return Number(text);
}

function readFlag(text: string | null): boolean {
  if (text !== null && text !== "true" && text !== "false")
    throw invalidQuery(`Invalid value '${text}' for $count query option found.`);
  return text === "true";
}

function readOrdering(text: string | null): readonly Ordering[] {
  if (text === null) return [];
  return splitOutside(text, ",").map((part) => {
    const [path = "", direction = "asc", ...more] = part.split(/\s+/u);
    if (path === "" || more.length > 0 || (direction !== "asc" && direction !== "desc"))
      throw invalidQuery(`Syntax error in '$orderby=${text}'.`);
    return { path: path.split("/"), descending: direction === "desc" };
  });
}

function readShape(select: string | null, expand: string | null): Shape {
  if (select === null && expand === null) return PLAIN;
  const names = select === null ? [] : splitOutside(select, ",");
  if (names.some((name) => !/^(\w+|\*)$/u.test(name)))
    throw invalidQuery(`Syntax error in '$select=${select}'.`);
  const all = select === null || names.includes("*");
  return {
    select: all ? undefined : new Set(names),
    expand: new Map(expand === null ? [] : splitOutside(expand, ",").map(readExpansion)),
  };
}

function readExpansion(text: string): readonly [string, Shape] {
  const match = /^(\w+)(?:\((.*)\))?$/su.exec(text);
  const [, name, inner] = match ?? [];
  if (name === undefined) throw invalidQuery(`Syntax error in '$expand=${text}'.`);
  let select: string | null = null;
  let expand: string | null = null;
  for (const option of inner === undefined ? [] : splitOutside(inner, ";")) {
    if (option.startsWith("$select=")) select = option.slice("$select=".length);
    else if (option.startsWith("$expand=")) expand = option.slice("$expand=".length);
    else throw invalidQuery(`The expand option '${option}' is not supported.`);
  }
  return [name, readShape(select, expand)];
}
