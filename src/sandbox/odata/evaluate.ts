import { isObject, textOf } from "../json.ts";
import type { Json } from "../json.ts";
import { ENUMS } from "../model/enums.ts";
import { isObjectType, linkOf, typeNamed } from "../model/registry.ts";
import type { ObjectType, Records, Row } from "../model/types.ts";
import { invalidQuery } from "../refusal.ts";
import type { Comparator, Expression, Literal } from "./expression.ts";

/** What an expression gives: its type decides what it may be compared with. */
interface Term {
  /** `string`, `number`, `bool`, `date`, `null`, `any`, or the name of an enum. */
  readonly type: string;
  of(row: Row): Json;
}

const COMPARE: Readonly<Record<Comparator, (a: Json, b: Json) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  gt: (a, b) => isOrdered(a, b, (x, y) => x > y),
  ge: (a, b) => isOrdered(a, b, (x, y) => x >= y),
  lt: (a, b) => isOrdered(a, b, (x, y) => x < y),
  le: (a, b) => isOrdered(a, b, (x, y) => x <= y),
};

const FUNCTIONS: Readonly<Record<string, (a: string, b: string) => Json>> = {
  contains: (a, b) => a.includes(b),
  startswith: (a, b) => a.startsWith(b),
  endswith: (a, b) => a.endsWith(b),
  tolower: (a) => a.toLowerCase(),
  toupper: (a) => a.toUpperCase(),
};

/** A test for rows of that type. Throws a Refusal (400) for names and comparisons the type does not have. */
export function compileFilter(
  expression: Expression,
  type: ObjectType,
  records: Records,
): (row: Row) => boolean {
  const term = compile(expression, type, records);
  requireType(term, ["bool", "any"], "The query filter is not a condition.");
  return (row) => term.of(row) === true;
}

function compile(expression: Expression, type: ObjectType, records: Records): Term {
  const inner = (one: Expression): Term => compile(one, type, records);
  switch (expression.is) {
    case "literal":
      return { type: expression.type, of: () => expression.value };
    case "path":
      return compilePath(expression.names, type, records);
    case "not": {
      const of = inner(expression.of);
      return { type: "bool", of: (row) => of.of(row) !== true };
    }
    case "and":
    case "or": {
      const [left, right] = [inner(expression.left), inner(expression.right)];
      for (const side of [left, right])
        requireType(side, ["bool", "any"], `'${expression.is}' needs conditions on both sides.`);
      return expression.is === "and"
        ? { type: "bool", of: (row) => left.of(row) === true && right.of(row) === true }
        : { type: "bool", of: (row) => left.of(row) === true || right.of(row) === true };
    }
    case "compare": {
      const [left, right] = [inner(expression.left), inner(expression.right)];
      requireComparable(left, right, expression.right);
      const holds = COMPARE[expression.by];
      return { type: "bool", of: (row) => holds(left.of(row), right.of(row)) };
    }
    case "in":
      return compileIn(inner(expression.left), expression.among);
    case "call":
      return compileCall(expression.name, expression.of.map(inner));
    default:
      return expression satisfies never;
  }
}

function compileIn(left: Term, among: readonly Literal[]): Term {
  const values = new Set<Json>();
  for (const literal of among) {
    requireComparable(left, { type: literal.type, of: () => literal.value }, literal);
    values.add(literal.value);
  }
  return { type: "bool", of: (row) => values.has(left.of(row)) };
}

function compileCall(name: string, args: readonly Term[]): Term {
  // The web console writes startsWith; OData itself writes startswith.
  const run = FUNCTIONS[name.toLowerCase()];
  const [first, second] = args;
  if (run === undefined || first === undefined || args.length !== run.length)
    throw invalidQuery(
      `An unknown function with name '${name}' was found, or its arguments are wrong.`,
    );
  for (const arg of args) requireType(arg, ["string", "any"], `'${name}' works on text.`);
  return {
    type: name.toLowerCase().startsWith("to") ? "string" : "bool",
    of: (row) => {
      const [a, b] = [first.of(row), second?.of(row) ?? ""];
      return typeof a === "string" && typeof b === "string" ? run(a, b) : null;
    },
  };
}

/** A property, or a property of a single object: `Trunk/Number`. Lists cannot be walked through. */
export function compilePath(names: readonly string[], type: ObjectType, records: Records): Term {
  const [name = "", ...rest] = names;
  const property = type.properties.get(name);
  if (property === undefined)
    throw invalidQuery(`Could not find a property named '${name}' on type 'Pbx.${type.name}'.`);
  const link = linkOf(type.name, name);
  const read = (row: Row): Json => link?.read?.(records, row, name) ?? row[name] ?? null;
  if (rest.length === 0) {
    if (property.list || isObjectType(property.type))
      throw invalidQuery(
        `The property '${name}' on type 'Pbx.${type.name}' is not a single value.`,
      );
    return { type: termType(property.type), of: read };
  }
  if (property.list || !isObjectType(property.type))
    throw invalidQuery(
      `The property '${name}' on type 'Pbx.${type.name}' has no properties of its own.`,
    );
  const further = compilePath(rest, typeNamed(property.type), records);
  return {
    type: further.type,
    of: (row) => {
      const value = read(row);
      return isObject(value) ? further.of({ ...value }) : null;
    },
  };
}

function termType(type: string): string {
  if (type === "int" || type === "byte") return "number";
  return type === "duration" || type === "time" ? "string" : type;
}

function requireType(term: Term, allowed: readonly string[], why: string): void {
  if (!allowed.includes(term.type)) throw invalidQuery(why);
}

function requireComparable(left: Term, right: Term, literal: Expression): void {
  const members = ENUMS.get(left.type);
  if (members !== undefined && literal.is === "literal" && literal.type !== "null") {
    if (typeof literal.value === "string" && members.has(literal.value)) return;
    throw invalidQuery(
      `The string '${textOf(literal.value)}' is not a valid enumeration type constant.`,
    );
  }
  const free = [left.type, right.type].some((type) => type === "null" || type === "any");
  if (!free && left.type !== right.type)
    throw invalidQuery(
      `A binary operator with incompatible types was detected. Found operand types '${left.type}' and '${right.type}'.`,
    );
}

/** Nothing is more or less than null, or than a value of another type. */
function isOrdered(
  a: Json,
  b: Json,
  holds: (x: number | string, y: number | string) => boolean,
): boolean {
  if (typeof a === "number" && typeof b === "number") return holds(a, b);
  return typeof a === "string" && typeof b === "string" && holds(a, b);
}
