import { access } from "node:fs/promises";
import path from "node:path";
import { failure } from "../../domain/problem.ts";
import type { Json } from "../../domain/json.ts";
import { isObject, readSection, readText } from "../../manifest/json.ts";
import { suggestName } from "../../domain/text/nearest-name.ts";
import { joinNames } from "../../manifest/problems/names.ts";
import { saveFile } from "../../store/save-file.ts";
import { listPackageFolder, readPackageFile } from "../package-files.ts";

/** Where a project keeps its own copies, so that editors need no network; below its folder. */
export const SCHEMA_FOLDER = "schemas";

/** Where the schemas of every release of this major version can be had. */
export const SCHEMAS_URL = "https://cdn.jsdelivr.net/npm/callform@0/schemas/";

const ENDING = ".schema.json";

/** A schema that ships with Callform: of a kind of document, or of an output. */
export interface Schema {
  /** As it is asked for and as documents spell it: `CallFlowApp`. */
  readonly kind: string;
  /** `call-flow-app.schema.json` */
  readonly file: string;
  /** JSON that ends with a line end. */
  readonly text: string;
  /** What it describes, in a few words. */
  readonly title: string;
  /** True when people write such documents, false for what Callform prints. */
  readonly written: boolean;
}

/** Every schema, in the order of kinds. Throws ProblemError when the installation lacks them. */
export async function readSchemas(): Promise<readonly Schema[]> {
  const names = await listPackageFolder("schemas");
  const files = names.filter((name) => name.endsWith(ENDING));
  return Promise.all(files.map(readSchema));
}

/** The schema of a kind, in any case. Throws ProblemError that names the kinds there are. */
export async function findSchema(kind: string): Promise<Schema> {
  const schemas = await readSchemas();
  const found = schemas.find((schema) => schema.kind.toLowerCase() === kind.toLowerCase());
  if (found !== undefined) return found;
  const kinds = schemas.map((schema) => schema.kind);
  throw failure("schema-unknown", `there is no schema of the kind "${kind}"`, {
    hint:
      suggestName(kind, kinds) ?? `there is one of ${joinNames(kinds).replace(/ or /, " and ")}`,
  });
}

/**
 * The first line of a document of this kind: where an editor finds its schema. `file` is the document's path below the
 * project's folder, with forward slashes; `local` says whether the project has its own copies (see
 * {@link hasLocalSchemas}). With them the line works without a network, without them it is an address.
 */
export function schemaModeline(kind: string, file: string, local: boolean): string {
  const place = local
    ? path.posix.relative(path.posix.dirname(file), localSchema(kind))
    : `${SCHEMAS_URL}${nameFile(kind)}`;
  return `# yaml-language-server: $schema=${place}`;
}

/** Where a project keeps its own copy of the schema of this kind: a path below its folder, with forward slashes. */
export function localSchema(kind: string): string {
  return path.posix.join(SCHEMA_FOLDER, nameFile(kind));
}

/** Whether the project in the folder `root` has its own copy of the schema of this kind. */
export async function hasLocalSchemas(root: string, kind: string): Promise<boolean> {
  return access(path.join(root, localSchema(kind))).then(
    () => true,
    () => false,
  );
}

async function readSchema(file: string): Promise<Schema> {
  const kind = nameKind(file);
  const text = await readPackageFile(`schemas/${file}`);
  const schema: Json = JSON.parse(text);
  const title = isObject(schema) ? readText(schema["title"]) : undefined;
  const named = readSection(readSection(schema, "properties"), "kind")["const"];
  return { kind, file, text, title: title ?? kind, written: named === kind };
}

/** `call-flow-app.schema.json` is that of CallFlowApp. */
function nameKind(file: string): string {
  const words = file.slice(0, -ENDING.length).split("-");
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

function nameFile(kind: string): string {
  return `${kind.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase()}${ENDING}`;
}

/** Everybody may read them. */
const MODE = 0o644;

/** Writes schemas into a folder, which is made where it is missing; their names below `shown`. Throws ProblemError. */
export async function saveSchemas(
  folder: string,
  shown: string,
  schemas: readonly Schema[],
): Promise<readonly string[]> {
  for (const { file, text } of schemas) {
    const reason = await saveFile(path.join(folder, file), text, MODE);
    if (reason !== undefined)
      throw failure("schema-unwritten", `cannot write ${path.join(shown, file)}: ${reason}`);
  }
  return schemas.map(({ file }) => path.join(shown, file));
}
