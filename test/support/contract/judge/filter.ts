import type { Model, Schemas } from "../spec/schema.ts";

type Kind = "text" | "number" | "word" | "sign";

interface Token {
  readonly kind: Kind;
  readonly text: string;
}

const TOKEN =
  /(?<text>'(?:[^']|'')*')|(?<number>-?\d[\w:.+-]*)|(?<word>[A-Za-z_]\w*(?:\/[A-Za-z_]\w*)*)|(?<sign>[(),:])|(?<blank>\s+)|(?<other>.)/gsu;
const OPERATORS = new Set("eq ne gt ge lt le and or not in add sub mul div mod".split(" "));
const VALUES = new Set(["true", "false", "null"]);
const FUNCTIONS = new Set(
  "contains startswith endswith tolower toupper trim length indexof substring concat year month day hour minute second date time now round floor ceiling".split(
    " ",
  ),
);

/** Names in a `$filter` that the model does not have, and what is no OData at all. */
export function findFilterMistakes(
  schemas: Schemas,
  model: Model,
  filter: string,
): readonly string[] {
  const [tokens, strange] = tokenize(filter);
  const variables = new Map<string, Model | undefined>();
  const wrong: string[] = strange.map((text) => `${text} is no part of a filter`);
  for (const [index, { kind, text }] of tokens.entries()) {
    if (kind !== "word" || OPERATORS.has(text) || VALUES.has(text)) continue;
    const follower = tokens[index + 1]?.text;
    if (follower === ":") continue;
    if (follower === "(") {
      const mistake = readCall(schemas, model, text, tokens[index + 2]?.text, variables);
      if (mistake !== undefined) wrong.push(mistake);
      continue;
    }
    const [first = "", ...rest] = text.split("/");
    const target = variables.has(first) ? variables.get(first) : model;
    const path = variables.has(first) ? rest : [first, ...rest];
    // A variable of something unknown has been complained about already.
    if (target === undefined || path.length === 0) continue;
    const mistake = explainPath(schemas, target, path);
    if (mistake !== undefined) wrong.push(mistake);
  }
  return wrong.map((mistake) => `$filter: ${mistake}`);
}

function tokenize(filter: string): readonly [readonly Token[], readonly string[]] {
  const tokens: Token[] = [];
  const strange: string[] = [];
  for (const { groups = {}, 0: text } of filter.matchAll(TOKEN)) {
    if (groups["other"] !== undefined) strange.push(text);
    const kind = (["text", "number", "word", "sign"] as const).find(
      (one) => groups[one] !== undefined,
    );
    if (kind !== undefined) tokens.push({ kind, text });
  }
  return [tokens, strange];
}

/** A function, or `Groups/any(g:…)`, which makes `g` a name for one of the groups. */
function readCall(
  schemas: Schemas,
  model: Model,
  name: string,
  variable: string | undefined,
  variables: Map<string, Model | undefined>,
): string | undefined {
  const [, path] = /^(.+)\/(?:any|all)$/u.exec(name) ?? [];
  if (path === undefined) return FUNCTIONS.has(name) ? undefined : `${name} is no function`;
  const steps = path.split("/");
  if (variable !== undefined) variables.set(variable, followPath(schemas, model, steps));
  return explainPath(schemas, model, steps);
}

function followPath(
  schemas: Schemas,
  model: Model,
  [first = "", ...rest]: readonly string[],
): Model | undefined {
  const property = model.properties.get(first);
  const inner = property && schemas.innerModelOf(property.schema);
  return inner === undefined || rest.length === 0 ? inner : followPath(schemas, inner, rest);
}

/** Why a path of property names leads nowhere; undefined when it leads somewhere. */
export function explainPath(
  schemas: Schemas,
  model: Model,
  [first = "", ...rest]: readonly string[],
): string | undefined {
  const property = model.properties.get(first);
  if (property === undefined) return `${first} is no property of ${model.name}`;
  const [next] = rest;
  if (next === undefined) return undefined;
  const inner = schemas.innerModelOf(property.schema);
  return inner === undefined
    ? `${first} of ${model.name} has no property ${next}`
    : explainPath(schemas, inner, rest);
}
