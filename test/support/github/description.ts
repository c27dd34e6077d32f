import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** A piece of GitHub's OpenAPI description, or any other JSON object. */
export type Tree = Readonly<Record<string, unknown>>;

/** One method of one path, as GitHub describes it. */
export interface Operation {
  /** `POST /repos/{owner}/{repo}/check-runs` */
  readonly name: string;
  /** GitHub's own name: `checks/create`. */
  readonly id: string;
  /** Whether a GitHub App's token, as a workflow's is, may call it at all. */
  readonly forApps: boolean;
  readonly parameters: readonly Parameter[];
  /** Undefined when it takes no body. */
  readonly body: { readonly schema: Tree; readonly required: boolean } | undefined;
  /** By status; undefined for an answer without a body. */
  readonly answers: ReadonlyMap<string, Tree | undefined>;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required: boolean;
  readonly schema: Tree;
}

export interface Found {
  readonly operation: Operation;
  /** What stands in the braces of the path, decoded. */
  readonly pathTexts: Readonly<Record<string, string>>;
}

export interface Description {
  /** Everything, for references. */
  readonly source: Tree;
  /** The operation, or the methods that the path has; empty where there is no such path. */
  find(method: string, path: string): Found | { readonly methods: readonly string[] };
}

let known: Description | undefined;

/** GitHub's published description of its API, read once. */
export function readDescription(): Description {
  known ??= describe(load());
  return known;
}

function load(): Tree {
  const require = createRequire(import.meta.url);
  const file = require.resolve("@octokit/openapi/generated/api.github.com.json");
  const source: unknown = JSON.parse(readFileSync(file, "utf8"));
  return asTree(source);
}

function describe(source: Tree): Description {
  const paths = asTree(source["paths"]);
  const templates = Object.keys(paths).map((template) => ({
    template,
    parts: template.split("/"),
  }));
  const operations = new Map<string, Operation>();
  return {
    source,
    find(method, path) {
      const parts = path.split("/");
      const matching = templates
        .map((candidate) => ({ ...candidate, texts: match(candidate.parts, parts) }))
        .filter(({ texts }) => texts !== undefined)
        // The one with more fixed words is meant: /issues/comments/1, not /issues/{number}/{name}.
        .toSorted((a, b) => countBraces(a.parts) - countBraces(b.parts));
      const methods = new Set<string>();
      for (const { template, texts } of matching) {
        const methodsHere = asTree(paths[template]);
        const described = methodsHere[method.toLowerCase()];
        if (described === undefined) {
          for (const one of Object.keys(methodsHere)) methods.add(one.toUpperCase());
          continue;
        }
        const name = `${method} ${template}`;
        const operation = operations.get(name) ?? readOperation(source, name, asTree(described));
        operations.set(name, operation);
        return { operation, pathTexts: texts ?? {} };
      }
      return { methods: [...methods] };
    },
  };
}

function match(
  template: readonly string[],
  parts: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (template.length !== parts.length) return undefined;
  const texts: Record<string, string> = {};
  for (const [index, wanted] of template.entries()) {
    const part = parts[index] ?? "";
    const brace = /^\{(.+)\}$/.exec(wanted);
    if (brace === null && wanted !== part) return undefined;
    if (brace?.[1] !== undefined) texts[brace[1]] = decodeURIComponent(part);
  }
  return texts;
}

function countBraces(parts: readonly string[]): number {
  return parts.filter((part) => part.startsWith("{")).length;
}

function readOperation(source: Tree, name: string, described: Tree): Operation {
  const follow = (node: unknown): Tree => followReference(source, asTree(node));
  const parameters = asList(described["parameters"]).map(follow);
  const body = follow(described["requestBody"]);
  const bodySchema = jsonSchema(body);
  return {
    name,
    id: String(described["operationId"]),
    forApps: asTree(described["x-github"])["enabledForGitHubApps"] === true,
    parameters: parameters.flatMap((parameter): Parameter[] => {
      const place = parameter["in"];
      if (place !== "path" && place !== "query") return [];
      const required = parameter["required"] === true;
      return [
        {
          name: String(parameter["name"]),
          in: place,
          required,
          schema: asTree(parameter["schema"]),
        },
      ];
    }),
    body:
      bodySchema === undefined
        ? undefined
        : { schema: bodySchema, required: body["required"] === true },
    answers: new Map(
      Object.entries(asTree(described["responses"])).map(([status, answer]) => [
        status,
        jsonSchema(follow(answer)),
      ]),
    ),
  };
}

function jsonSchema(node: Tree): Tree | undefined {
  const json = asTree(asTree(node["content"])["application/json"]);
  return "schema" in json ? asTree(json["schema"]) : undefined;
}

/** What `#/components/parameters/owner` and its like stand for. Throws an Error where that is missing. */
export function followReference(source: Tree, node: Tree): Tree {
  const reference = node["$ref"];
  if (typeof reference !== "string") return node;
  let target: unknown = source;
  for (const step of reference.split("/").slice(1)) target = asTree(target)[step];
  if (target === undefined) throw new Error(`GitHub's description lacks ${reference}`);
  return asTree(target);
}

export function asTree(value: unknown): Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Tree)
    : {};
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
