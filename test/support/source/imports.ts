import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export interface SourceFile {
  /** Below src, with forward slashes. */
  readonly name: string;
  readonly text: string;
  readonly nonBlankLines: number;
  /** As written, type imports and dynamic imports included. */
  readonly imports: readonly string[];
}

const STATIC = /^(?:import|export)\s(?:[^;"']*?\sfrom\s+)?["']([^"']+)["']/gm;
const DYNAMIC = /\bimport\(\s*["']([^"']+)["']\s*\)/g;
const IMPORT_STATEMENT = /^import\s/gm;

/** Every TypeScript file below a folder. */
export function readSources(root: string): SourceFile[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted()
    .map((file) => readSource(root, file));
}

function readSource(root: string, file: string): SourceFile {
  const text = readFileSync(file, "utf8");
  return {
    name: path.relative(root, file).replaceAll(path.sep, "/"),
    text,
    nonBlankLines: text.split("\n").filter((line) => line.trim() !== "").length,
    imports: findImports(text, file),
  };
}

/** The specifiers a text imports. Throws when a statement is there that it cannot read, so that none slips by. */
export function findImports(text: string, file: string): string[] {
  const found = [...text.matchAll(STATIC)].map((match) => match[1] ?? "");
  const statements = [...text.matchAll(IMPORT_STATEMENT)].length;
  const read = [...text.matchAll(STATIC)].filter((match) => match[0].startsWith("import")).length;
  if (read !== statements) throw new Error(`${file}: read ${read} of ${statements} imports`);
  return [...found, ...[...text.matchAll(DYNAMIC)].map((match) => match[1] ?? "")];
}

/** The file that a relative import leads to, below src. */
export function resolveImport(from: string, specifier: string): string {
  return path.posix.normalize(path.posix.join(path.posix.dirname(from), specifier));
}
