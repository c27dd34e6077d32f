import { invalidQuery } from "../refusal.ts";
import { parseFilter } from "./expression.ts";
import type { Expression } from "./expression.ts";
import { splitOutside } from "./lexer.ts";

/** Which properties of an object to show, and which navigation properties to follow. */
export interface Shape {
  /** Names, or paths to one property of a complex value: `HolidaysRoute/Prompt`. Undefined: all that a plain read shows. */
  readonly select: ReadonlySet<string> | undefined;
  readonly expand: ReadonlyMap<string, Expansion>;
}

/** How to show the objects of one navigation property, and which of them. */
export interface Expansion extends Shape {
  readonly filter: Expression | undefined;
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

/**
 * Reads the query string's options, their names in any case. Throws a Refusal (400) on what the PBX
 * does not understand.
 */
export function readOptions(query: URLSearchParams): QueryOptions {
  const options = collectOptions(query);
  const read = (name: string): string | null => options.get(name) ?? null;
  const filter = read("$filter");
  const top = readCount(read("$top"), "$top");
  if (top !== undefined && top > MAX_TOP)
    throw invalidQuery(
      `The limit of '${MAX_TOP}' for Top query has been exceeded. The value from the incoming request is '${top}'.`,
    );
  return {
    shape: readShape(read("$select"), read("$expand")),
    filter: filter === null ? undefined : parseFilter(filter),
    orderby: readOrdering(read("$orderby")),
    top,
    skip: readCount(read("$skip"), "$skip") ?? 0,
    count: readFlag(read("$count")),
    search: read("$search") ?? undefined,
  };
}

function collectOptions(query: URLSearchParams): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const [sent, value] of query) {
    if (!sent.startsWith("$")) continue;
    // A client in use writes $orderBy and stops at any refusal (the group list of a Laravel app).
    const name = sent.toLowerCase();
    if (!KNOWN.has(name)) throw invalidQuery(`The query parameter '${sent}' is not supported.`);
    if (options.has(name))
      throw invalidQuery(`Query option '${sent}' was specified more than once.`);
    options.set(name, value);
  }
  return options;
}

function readCount(text: string | null, name: string): number | undefined {
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
  if (names.some((name) => !/^(\w+(\/\w+)?|\*)$/u.test(name)))
    throw invalidQuery(`Syntax error in '$select=${select}'.`);
  const all = select === null || names.includes("*");
  return {
    select: all ? undefined : new Set(names),
    expand: new Map(expand === null ? [] : splitOutside(expand, ",").map(readExpansion)),
  };
}

function readExpansion(text: string): readonly [string, Expansion] {
  const match = /^(\w+)(?:\((.*)\))?$/su.exec(text);
  const [, name, inner] = match ?? [];
  if (name === undefined) throw invalidQuery(`Syntax error in '$expand=${text}'.`);
  const options = new Map<string, string>();
  for (const option of inner === undefined ? [] : splitOptions(inner)) {
    // Three clients send Groups($filter=not startsWith(Name,'___FAVORITES___')): a PowerShell module,
    // a Laravel app, and a department switcher that shows a PBX's answer. No other option was seen.
    const [, known, value = ""] = /^(\$(?:select|expand|filter))=(.*)$/su.exec(option) ?? [];
    if (known === undefined) throw invalidQuery(`The expand option '${option}' is not supported.`);
    options.set(known, value);
  }
  const filter = options.get("$filter");
  return [
    name,
    {
      ...readShape(options.get("$select") ?? null, options.get("$expand") ?? null),
      filter: filter === undefined ? undefined : parseFilter(filter),
    },
  ];
}

/** Options between semicolons. The last one may end in one too: the department switcher's does. */
function splitOptions(text: string): readonly string[] {
  return splitOutside(text.replace(/;\s*$/u, ""), ";");
}
