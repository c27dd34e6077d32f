import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

export const ROOT = path.resolve(import.meta.dirname, "../../..");

/** What esbuild says of a bundle, as far as the tests look at it. */
export interface Metafile {
  readonly outputs: Readonly<Record<string, Output>>;
}

interface Output {
  readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
}

interface Bundled {
  /** Name and bytes of each. */
  readonly files: readonly (readonly [string, Uint8Array])[];
  readonly metafile: Metafile;
}

interface Scripts {
  /** Writes nothing; `out` is where the product is to lie. */
  readonly bundle: (name: string, out: string) => Promise<Bundled>;
  readonly describeLicenses: (root: string, metafile: Metafile, more: readonly string[]) => string;
}

/** The parts of the build, which are plain JavaScript. */
export async function loadBuild(): Promise<Scripts> {
  const load = async (name: string): Promise<Partial<Scripts>> =>
    import(pathToFileURL(path.join(ROOT, "scripts", name)).href);
  return {
    ...(await load("bundle.mjs")),
    ...(await load("bundled-licenses.mjs")),
  } as Scripts;
}

/** Where this run of the tests built everything. */
export function locateBuild(): string {
  const build = process.env["CALLFORM_TEST_BUILD"];
  if (build === undefined) throw new Error("nothing was built; run tests through vitest");
  return build;
}

/** Every file below a folder with its bytes, by its path in the folder. */
export function readFolder(folder: string): Map<string, Buffer> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(files.toSorted().map((file) => [path.relative(folder, file), readFileSync(file)]));
}

/** The files that have a part in these outputs of a bundle; in all of them without a list. */
export function listContents(
  metafile: Metafile,
  outputs = Object.keys(metafile.outputs),
): string[] {
  return outputs
    .flatMap((name) => Object.entries(metafile.outputs[name]?.inputs ?? {}))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([input]) => input);
}

/** The packages that these files belong to: their names, and where each lies. */
export function findPackages(inputs: readonly string[]): Map<string, string> {
  const found = inputs.flatMap((input) => {
    const [folder] = input.match(/.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? [];
    return folder === undefined ? [] : [[folder.replace(/.*node_modules\//, ""), folder] as const];
  });
  return new Map(found);
}

/** What is loaded before anything is asked for: the outputs that the entry imports, and what they import. */
export function findStartup({ outputs }: Metafile): string[] {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const { path: next, kind } of outputs[name]?.imports ?? [])
      if (kind === "import-statement" && next in outputs) visit(next);
  };
  visit(Object.keys(outputs).find((name) => name.endsWith("/main.js")) ?? "");
  return [...seen];
}
