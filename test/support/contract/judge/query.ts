import type { Model, Schemas } from "../spec/schema.ts";
import { explainPath, findFilterMistakes } from "./filter.ts";
import type { Operation } from "../spec/read.ts";

/** What a request asks to see of an object: `$select` and `$expand`, read. */
export interface Shape {
  /** Undefined: everything that a plain read shows. */
  readonly select: readonly string[] | undefined;
  readonly expand: ReadonlyMap<string, Shape>;
  /** Options within the parentheses of an `$expand` that are none. */
  readonly strange: readonly string[];
}

const WHOLE: Shape = { select: undefined, expand: new Map(), strange: [] };
const INNER_OPTIONS = new Set(
  "$select $expand $filter $orderby $top $skip $count $search $levels".split(" "),
);

/** The shape that a query asks for; names that no model has are taken as they are. */
export function readShape(query: URLSearchParams): Shape {
  const [select, expand] = [query.get("$select"), query.get("$expand")];
  if (select === null && expand === null) return WHOLE;
  const names = select === null ? [] : splitOutside(select, ",");
  return {
    select: select === null || names.includes("*") ? undefined : names,
    expand: new Map((expand === null ? [] : splitOutside(expand, ",")).map(readExpansion)),
    strange: [],
  };
}

function readExpansion(text: string): readonly [string, Shape] {
  const [, name = text, inner = ""] = /^([^(]*)\((.*)\)$/su.exec(text) ?? [];
  const options = new URLSearchParams();
  for (const option of splitOutside(inner, ";")) {
    const [, key = option, value = ""] = /^([^=]*)=(.*)$/su.exec(option) ?? [];
    options.append(key, value);
  }
  const strange = [...options.keys()].filter((key) => !INNER_OPTIONS.has(key));
  return [name, { ...readShape(options), strange }];
}

/** The parts between separators that stand outside of quotes and parentheses; none of an empty text. */
function splitOutside(text: string, separator: string): string[] {
  const parts = [""];
  let [depth, quoted] = [0, false];
  for (const letter of text) {
    if (letter === "'") quoted = !quoted;
    if (!quoted) depth += letter === "(" ? 1 : letter === ")" ? -1 : 0;
    if (letter === separator && !quoted && depth === 0) parts.push("");
    else parts.push(`${parts.pop() ?? ""}${letter}`);
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** What is wrong with a request's query options, each with the option it stands in. */
export function findQueryMistakes(
  schemas: Schemas,
  operation: Operation,
  query: URLSearchParams,
): readonly string[] {
  const foreign = [...query.keys()].filter((name) => !operation.options.has(name));
  const known = new URLSearchParams([...query].filter(([name]) => operation.options.has(name)));
  const answer = operation.answers.get("200");
  const model = answer && listedModel(schemas, answer);
  return [
    ...foreign.map((name) => `${name} is no query option of it`),
    ...["$top", "$skip"].flatMap((name) => explainCount(name, known.get(name))),
    ...explainFlag(known.get("$count")),
    ...(model === undefined ? [] : findNameMistakes(schemas, model, known)),
  ];
}

function explainCount(name: string, text: string | null): string[] {
  return text === null || /^\d+$/u.test(text) ? [] : [`${name}: ${text} is no whole number`];
}

function explainFlag(text: string | null): string[] {
  return text === null || /^(true|false)$/u.test(text) ? [] : [`$count: ${text} is no boolean`];
}

/** What an answer is about: the entity itself, or the entities of its `value`. */
export function listedModel(schemas: Schemas, answer: Parameters<Schemas["modelOf"]>[0]): Model {
  const model = schemas.modelOf(answer);
  const value = model?.properties.get("value");
  const listed = value && schemas.innerModelOf(value.schema);
  return listed ?? model ?? { name: "value", properties: new Map(), required: [], open: true };
}

function findNameMistakes(
  schemas: Schemas,
  model: Model,
  query: URLSearchParams,
): readonly string[] {
  const ordering = query.get("$orderby");
  const filter = query.get("$filter");
  return [
    ...findShapeMistakes(schemas, model, readShape(query)),
    ...splitOutside(ordering ?? "", ",").flatMap((part) => explainOrdering(schemas, model, part)),
    ...(filter === null ? [] : findFilterMistakes(schemas, model, filter)),
  ];
}

function findShapeMistakes(schemas: Schemas, model: Model, shape: Shape): readonly string[] {
  const selected = (shape.select ?? []).flatMap((name) => {
    const property = model.properties.get(name);
    if (property === undefined) return [`$select: ${name} is no property of ${model.name}`];
    // Live PBXs give navigation properties only with $expand (CLOUDON), so this asks for nothing.
    if (property.navigation && !shape.expand.has(name))
      return [`$select: ${name} of ${model.name} comes only with $expand`];
    return [];
  });
  const strange = shape.strange.map((name) => `$expand: ${name} is no option of it`);
  const expanded = [...shape.expand].flatMap(([name, inner]) => {
    const property = model.properties.get(name);
    if (property?.navigation !== true)
      return [`$expand: ${name} is no navigation property of ${model.name}`];
    const target = schemas.innerModelOf(property.schema);
    return target === undefined ? [] : findShapeMistakes(schemas, target, inner);
  });
  return [...selected, ...strange, ...expanded];
}

function explainOrdering(schemas: Schemas, model: Model, part: string): readonly string[] {
  const [path = "", direction = "asc", ...more] = part.split(/\s+/u);
  if (more.length > 0 || !/^(asc|desc)$/u.test(direction))
    return [`$orderby: ${part} is no property with asc or desc`];
  const wrong = explainPath(schemas, model, path.split("/"));
  return wrong === undefined ? [] : [`$orderby: ${wrong}`];
}
