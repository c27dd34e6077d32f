import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { readSchemas, type Schemas } from "./schema.ts";
import { isTree, textAt, treeAt, treesAt, type Tree } from "./tree.ts";

/** One method of one path. */
export interface Operation {
  /** `GET /CallFlowApps({Id})` */
  readonly name: string;
  readonly method: string;
  readonly template: string;
  /** Schemas of what stands in the braces of the template. */
  readonly pathParameters: ReadonlyMap<string, Tree>;
  /** Query options, `$select` among them, by name. */
  readonly options: ReadonlyMap<string, Tree>;
  /** Undefined when it takes no body. */
  readonly body: { readonly schema: Tree; readonly required: boolean } | undefined;
  /** By status, `default` for every error; undefined for an answer without a body. */
  readonly answers: ReadonlyMap<string, Tree | undefined>;
}

/** 3CX's description of its API. */
export interface Spec {
  /** File name, for reports. */
  readonly name: string;
  readonly schemas: Schemas;
  readonly operations: readonly Operation[];
  /** `/connect/token` */
  readonly tokenPath: string;
}

export type SpecPlace = { readonly file: string } | { readonly absent: string };

const METHODS = ["get", "post", "patch", "delete", "put"];

/**
 * Where the description is: the file or folder that CALLFORM_XAPI_SPEC names, else `../shared/xapi`
 * beside the checkout, else the reason why it is nowhere. Throws an Error when the variable names nothing.
 */
export function locateSpec(root: string, named: string | undefined): SpecPlace {
  if (named !== undefined && named !== "") {
    const found = findYaml(path.resolve(root, named));
    if (found === undefined) throw new Error(`CALLFORM_XAPI_SPEC: there is no YAML at ${named}`);
    return { file: found };
  }
  const folder = path.resolve(root, "../shared/xapi");
  const found = findYaml(folder);
  if (found !== undefined) return { file: found };
  return {
    absent: `the API description is not at ${folder}; name its file or folder in CALLFORM_XAPI_SPEC`,
  };
}

function findYaml(place: string): string | undefined {
  if (!existsSync(place)) return undefined;
  if (statSync(place).isFile()) return place;
  const files = readdirSync(place).filter((file) => /\.ya?ml$/u.test(file));
  const newest = files.toSorted((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
  return newest === undefined ? undefined : path.join(place, newest);
}

/**
 * Reads an OpenAPI 3.0 file; a folder keeps it parsed for those of the same run who ask later. Throws an
 * Error for what it does not understand.
 */
export function readSpec(file: string, folder?: string): Spec {
  const kept = folder === undefined ? undefined : path.join(folder, `${path.basename(file)}.json`);
  const known = kept !== undefined && existsSync(kept);
  const source = known ? readJson(kept) : parseYaml(file);
  if (kept !== undefined && !known) {
    // Renamed into place, because others may look at the same time.
    writeFileSync(`${kept}.${process.pid}`, JSON.stringify(source));
    renameSync(`${kept}.${process.pid}`, kept);
  }
  return describeSpec(path.basename(file), isTree(source) ? source : {});
}

function parseYaml(file: string): unknown {
  // Checking that keys are unique, among other comforts, costs a second in a file of this size.
  const options = { uniqueKeys: false, strict: false, prettyErrors: false } as const;
  return parse(readFileSync(file, "utf8"), options);
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** The same from a file that is parsed already. */
export function describeSpec(name: string, source: Tree): Spec {
  const components = treeAt(source, "components");
  const flows = treeAt(treeAt(treeAt(components, "securitySchemes"), "Application"), "flows");
  const operations = Object.entries(treeAt(source, "paths")).flatMap(([template, methods]) =>
    METHODS.flatMap((method) => {
      const described = treeAt(isTree(methods) ? methods : {}, method);
      return "responses" in described
        ? [readOperation(components, template, method.toUpperCase(), described)]
        : [];
    }),
  );
  if (operations.length === 0) throw new Error(`${name} describes no operation`);
  return {
    name,
    schemas: readSchemas(treeAt(components, "schemas")),
    operations,
    tokenPath: textAt(treeAt(flows, "clientCredentials"), "tokenUrl") ?? "",
  };
}

function readOperation(
  components: Tree,
  template: string,
  method: string,
  described: Tree,
): Operation {
  const parameters = treesAt(described, "parameters").map((one) => follow(components, one));
  const within = (place: string): ReadonlyMap<string, Tree> =>
    new Map(
      parameters
        .filter((parameter) => textAt(parameter, "in") === place)
        .map((parameter) => [textAt(parameter, "name") ?? "", treeAt(parameter, "schema")]),
    );
  const body = follow(components, treeAt(described, "requestBody"));
  const schema = schemaOf(body);
  const answers = Object.entries(treeAt(described, "responses")).map(
    ([status, answer]) =>
      [status, schemaOf(follow(components, isTree(answer) ? answer : {}))] as const,
  );
  return {
    name: `${method} ${template}`,
    method,
    template,
    pathParameters: within("path"),
    options: within("query"),
    body: schema === undefined ? undefined : { schema, required: body["required"] === true },
    answers: new Map(answers),
  };
}

/** What `#/components/responses/error` and its like refer to. */
function follow(components: Tree, node: Tree): Tree {
  const reference = textAt(node, "$ref");
  if (reference === undefined) return node;
  const [, , section = "", name = ""] = reference.split("/");
  const target = treeAt(treeAt(components, section), name);
  if (Object.keys(target).length === 0)
    throw new Error(`the API description refers to ${reference}, which it lacks`);
  return target;
}

function schemaOf(node: Tree): Tree | undefined {
  const content = treeAt(treeAt(node, "content"), "application/json");
  return "schema" in content ? treeAt(content, "schema") : undefined;
}
