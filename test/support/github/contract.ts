import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import {
  asTree,
  followReference,
  readDescription,
  type Found,
  type Operation,
  type Tree,
} from "./description.ts";

/** A request as it came over the wire. */
export interface Asked {
  readonly method: string;
  /** Without host, prefix and query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Undefined when there was none; a text where it was no JSON. */
  readonly body: unknown;
}

/** The description of GitHub's API, as a judge. */
export interface GithubContract {
  find(asked: Asked): Found | undefined;
  /** What is wrong with a request; empty when nothing is. */
  judgeRequest(asked: Asked): readonly string[];
  /** What is wrong with an answer of the stand-in. What it leaves out is not. */
  judgeAnswer(operation: Operation, status: number, body: unknown): readonly string[];
}

const COMPOSING = new Set(["oneOf", "anyOf", "allOf"]);
const FORMATS = {
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  date: /^\d{4}-\d\d-\d\d$/,
  // An address that was not given is an empty text.
  uri: /^$|^[a-z][a-z0-9+.-]*:\S*$/i,
  url: /^https?:\S*$/i,
  email: /^\S+@\S+$/,
};
/** GitHub silently gives fewer than asked for, and whoever counts pages by what he asked for misses some. */
const MOST_PER_PAGE = 100;
const FORMATS_IGNORED = [
  "int64",
  "int32",
  "double",
  "float",
  "ssh-key",
  "hostname",
  "repo.nwo",
  "ip",
];

let known: GithubContract | undefined;

/** The contract of GitHub's published description, read once. */
export function readGithubContract(): GithubContract {
  known ??= createGithubContract();
  return known;
}

function createGithubContract(): GithubContract {
  const { source, find } = readDescription();
  const parameters = createAjv(true);
  const requests = createAjv();
  const answers = createAjv();
  const closeReferred = referInto(requests, source, close);
  const loosenReferred = referInto(answers, source, loosen);
  const compiled = new Map<string, ValidateFunction>();
  const compile = (ajv: Ajv, key: string, make: () => Tree): ValidateFunction => {
    const validate = compiled.get(key) ?? ajv.compile(make());
    compiled.set(key, validate);
    return validate;
  };

  function findOperation({ method, path }: Asked): Found | undefined {
    const found = find(method, path);
    return "operation" in found ? found : undefined;
  }

  function judgeParameters({ operation, pathTexts }: Found, query: URLSearchParams): string[] {
    const places = [
      { place: "path", given: { ...pathTexts } },
      { place: "query", given: Object.fromEntries(query) },
    ];
    const wrong = places.flatMap(({ place, given }) => {
      const validate = compile(parameters, `${place} ${operation.name}`, () =>
        describeParameters(operation, place),
      );
      return validate(given) ? [] : explain(place, validate.errors);
    });
    const repeated = [...query.keys()].length > new Set(query.keys()).size;
    const tooMany = Number(query.get("per_page") ?? 1) > MOST_PER_PAGE;
    return [
      ...wrong,
      ...(repeated ? ["query: an option is given twice"] : []),
      ...(tooMany ? [`query: per_page is above ${MOST_PER_PAGE}`] : []),
    ];
  }

  function judgeBody({ name, body }: Operation, given: unknown): string[] {
    if (body === undefined) return given === undefined ? [] : ["body: there must be none"];
    if (given === undefined) return body.required ? ["body: it is missing"] : [];
    const { schema } = body;
    const validate = compile(requests, `body ${name}`, () => close(schema, closeReferred));
    return validate(given) ? [] : explain("body", validate.errors);
  }

  return {
    find: findOperation,
    judgeRequest(asked) {
      const headers = judgeHeaders(asked);
      const found = find(asked.method, asked.path);
      if ("methods" in found) {
        const others = found.methods.length === 0 ? "no such path" : `only ${found.methods.join()}`;
        return [...headers, `GitHub has no ${asked.method} ${asked.path}: ${others}`];
      }
      return [
        ...headers,
        ...judgeParameters(found, asked.query),
        ...judgeBody(found.operation, asked.body),
      ];
    },
    judgeAnswer({ name, answers: described }, status, body) {
      if (!described.has(String(status))) return [];
      const schema = described.get(String(status));
      if (schema === undefined) return body === undefined ? [] : ["answer: there must be no body"];
      const validate = compile(answers, `${status} ${name}`, () => loosen(schema, loosenReferred));
      return validate(body) ? [] : explain("answer", validate.errors);
    },
  };
}

/** Rewrites what references lead to when it is first needed, and gives the name it has then. */
function referInto(ajv: Ajv, source: Tree, rewrite: (schema: Tree, refer: Refer) => Tree): Refer {
  const made = new Set<string>();
  return function refer(reference) {
    const name = `known:${reference.split("/").slice(1).join("-")}`;
    if (!made.has(name)) {
      made.add(name);
      ajv.addSchema(rewrite(followReference(source, { $ref: reference }), refer), name);
    }
    return name;
  };
}

function createAjv(coerce = false): Ajv {
  const ignored = Object.fromEntries(FORMATS_IGNORED.map((name) => [name, true as const]));
  return new Ajv({
    strict: false,
    allErrors: true,
    coerceTypes: coerce,
    validateSchema: false,
    formats: { ...ignored, ...FORMATS },
  });
}

function judgeHeaders({ headers }: Asked): string[] {
  // GitHub refuses a request without a user agent, and asks for this media type.
  const agent = headers["user-agent"] === undefined ? ["headers: there is no user-agent"] : [];
  const accept = String(headers["accept"] ?? "");
  return /application\/vnd\.github[\w.+-]*json/.test(accept)
    ? agent
    : [...agent, `headers: accept is "${accept}"`];
}

function describeParameters({ parameters }: Operation, place: string): Tree {
  const here = parameters.filter((parameter) => parameter.in === place);
  return {
    type: "object",
    properties: Object.fromEntries(here.map(({ name, schema }) => [name, schema])),
    required: here.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: false,
  };
}

type Refer = (reference: string) => string;

/** The same schema, refusing properties it does not know: GitHub drops them without a word. */
function close(schema: Tree, refer: Refer, closing = true): Tree {
  const closed = mapEntries(schema, (key, value) => {
    if (key === "$ref" && typeof value === "string") return [[key, refer(value)]];
    if (key === "properties") return [[key, mapTree(value, (one) => close(one, refer))]];
    if (Array.isArray(value) && COMPOSING.has(key))
      return [[key, value.map((branch) => close(asTree(branch), refer, false))]];
    return key === "items" ? [[key, close(asTree(value), refer)]] : [[key, value]];
  });
  const shuts = closing && "properties" in schema && schema["additionalProperties"] === undefined;
  return allowNull({ ...closed, ...(shuts ? { additionalProperties: false } : {}) });
}

/** The same schema, demanding no property: the stand-in says only what somebody may look at. */
function loosen(schema: Tree, refer: Refer): Tree {
  const loosened = mapEntries(schema, (key, value) => {
    if (key === "required" && Array.isArray(value)) return [];
    if (key === "discriminator") return [];
    if (key === "$ref" && typeof value === "string") return [[key, refer(value)]];
    if (key === "properties") return [[key, mapTree(value, (one) => loosen(one, refer))]];
    // With nothing demanded, several branches of a `oneOf` may fit.
    if (Array.isArray(value) && COMPOSING.has(key))
      return [
        [key === "oneOf" ? "anyOf" : key, value.map((branch) => loosen(asTree(branch), refer))],
      ];
    return key === "items" ? [[key, loosen(asTree(value), refer)]] : [[key, value]];
  });
  return allowNull(loosened);
}

/** OpenAPI's `nullable` beside a reference, branches or choices, in JSON Schema's words. */
function allowNull(schema: Tree): Tree {
  const { nullable, ...rest } = schema;
  const choices = schema["enum"];
  if (nullable === true && Array.isArray(choices)) return { ...schema, enum: [...choices, null] };
  if (nullable === undefined || "type" in schema) return schema;
  return nullable === true ? { anyOf: [rest, { type: "null" }] } : rest;
}

function mapTree(tree: unknown, change: (value: Tree) => Tree): Tree {
  return mapEntries(asTree(tree), (key, value) => [[key, change(asTree(value))]]);
}

function mapEntries(
  tree: Tree,
  change: (key: string, value: unknown) => [string, unknown][],
): Tree {
  return Object.fromEntries(Object.entries(tree).flatMap(([key, value]) => change(key, value)));
}

function explain(place: string, errors: readonly ErrorObject[] | null | undefined): string[] {
  return (errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${place}${instancePath}: ${message ?? "is wrong"} ${JSON.stringify(params)}`,
  );
}
