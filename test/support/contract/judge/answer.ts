import { BODYLESS, RETIRED_WARNINGS, UNAUTHORIZED } from "../spec/deviations.ts";
import { listedModel, readShape, type Shape } from "./query.ts";
import type { Recorded, RecordedAnswer } from "../record/record.ts";
import type { Model, Schemas } from "../spec/schema.ts";
import type { Operation, Spec } from "../spec/read.ts";
import { isTree, show, textAt, treeAt, treesAt, type Tree } from "../spec/tree.ts";
import type { Mistake, ValueCheck } from "../spec/values.ts";

/** The answers' half of the contract. */
export interface AnswerCheck {
  /** What is wrong with an answer of that operation; `undefined` stands for a request to none. */
  findMistakes(
    operation: Operation | undefined,
    query: URLSearchParams,
    answer: RecordedAnswer,
    version: Recorded["version"],
  ): readonly Mistake[];
}

const WHOLE = readShape(new URLSearchParams());

export function createAnswerCheck({ schemas, operations }: Spec, values: ValueCheck): AnswerCheck {
  const errors = operations.map(({ answers }) => answers.get("default")).find(Boolean);
  const warnings = new Set(listWarnings(schemas));
  const olderWarnings = new Set([...warnings, ...RETIRED_WARNINGS]);

  function findErrorMistakes(
    { status, body }: RecordedAnswer,
    version: Recorded["version"],
  ): readonly Mistake[] {
    // The body of a 403, 404 or 405 was never captured, so none is as good as the documented one.
    if (body === undefined) return [];
    const isOAuth = isTree(body) && typeof body["error"] === "string";
    if (status === 401 || (status === 403 && isOAuth))
      return values.findMistakes(UNAUTHORIZED, body);
    const shape = errors === undefined ? [] : values.findMistakes(errors, body);
    const isOlder = version !== undefined && compareVersions(version, "20.0.9") < 0;
    return [...shape, ...findUnknownWarnings(body, isOlder ? olderWarnings : warnings)];
  }

  function findSuccessMistakes(
    operation: Operation,
    query: URLSearchParams,
    { status, body }: RecordedAnswer,
  ): readonly Mistake[] {
    if (!operation.answers.has(String(status))) {
      const known = [...operation.answers.keys()].filter((one) => one !== "default");
      return [{ at: "", message: `the status is not documented, only ${known.join(", ")}` }];
    }
    const schema = operation.answers.get(String(status));
    if (schema === undefined)
      return body === undefined ? [] : [{ at: "", message: `has a body: ${show(body)}` }];
    if (body === undefined)
      return BODYLESS.has(operation.name) ? [] : [{ at: "", message: "has no body" }];
    const shape = operation.method === "GET" ? readShape(query) : WHOLE;
    return [
      ...values.findMistakes(schema, body),
      ...findShapeMistakes(schemas, schema, body, shape),
    ];
  }

  return {
    findMistakes(operation, query, answer, version) {
      if (answer.status >= 400) return findErrorMistakes(answer, version);
      if (operation === undefined)
        return [{ at: "", message: "a success, though the API has no such operation" }];
      return findSuccessMistakes(operation, query, answer);
    },
  };
}

function listWarnings(schemas: Schemas): readonly string[] {
  if (!schemas.names.includes("Pbx.Warnings")) return [];
  const words = schemas.named("Pbx.Warnings")["enum"];
  return Array.isArray(words) ? words.map(String) : [];
}

function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

/** Codes of refusals that 3CX's own list lacks. */
function findUnknownWarnings(body: unknown, known: ReadonlySet<string>): readonly Mistake[] {
  const details = isTree(body) ? treesAt(treeAt(body, "error"), "details") : [];
  return details.flatMap((detail, index) => {
    const code = textAt(detail, "message") ?? "";
    if (!code.startsWith("WARNINGS.") || known.has(code)) return [];
    return [{ at: `error.details[${index}].message`, message: `${code} is none of Pbx.Warnings` }];
  });
}

/** Selected and expanded properties that are missing, navigation properties that nobody expanded. */
function findShapeMistakes(
  schemas: Schemas,
  schema: Tree,
  body: unknown,
  shape: Shape,
): readonly Mistake[] {
  const model = listedModel(schemas, schema);
  const isCollection = schemas.modelOf(schema) !== model;
  const value = isCollection && isTree(body) ? body["value"] : body;
  return walk(schemas, model, value, shape, isCollection ? "value" : "");
}

function walk(
  schemas: Schemas,
  model: Model,
  value: unknown,
  shape: Shape,
  at: string,
): readonly Mistake[] {
  if (Array.isArray(value))
    return value.flatMap((one, index) => walk(schemas, model, one, shape, `${at}[${index}]`));
  if (!isTree(value)) return [];
  const wanted = [...(shape.select ?? []), ...shape.expand.keys()].filter(
    (name) => model.properties.get(name)?.navigation === shape.expand.has(name),
  );
  const missing = wanted
    .filter((name) => !(name in value))
    .map((name) => ({ at, message: `lacks ${name}, which was asked for` }));
  const uncalled = [...model.properties]
    .filter(([name, { navigation }]) => navigation && name in value && !shape.expand.has(name))
    .map(([name]) => ({ at, message: `has ${name}, which comes only with $expand` }));
  const inner = [...shape.expand].flatMap(([name, within]) => {
    const property = model.properties.get(name);
    const target = property && schemas.innerModelOf(property.schema);
    const place = at === "" ? name : `${at}.${name}`;
    return target === undefined ? [] : walk(schemas, target, value[name], within, place);
  });
  return [...missing, ...uncalled, ...inner];
}
