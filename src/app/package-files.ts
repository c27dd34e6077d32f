import { existsSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { failure } from "../domain/problem.ts";

/** What package.json names the package that holds this code. */
const NAME = "callform";

/**
 * The text of a file that the package ships beside its code, such as `schemas/plan.schema.json`. Throws ProblemError
 * when the installation lacks it.
 */
export async function readPackageFile(name: string): Promise<string> {
  return readFile(new URL(name, findPackage(import.meta.url)), "utf8").catch((error: unknown) => {
    throw explainMissing(name, error);
  });
}

/** The names in a folder of the package, in code unit order. Throws ProblemError when the installation lacks it. */
export async function listPackageFolder(name: string): Promise<readonly string[]> {
  const folder = new URL(name, findPackage(import.meta.url));
  const names = await readdir(folder).catch((error: unknown) => {
    throw explainMissing(name, error);
  });
  return names.toSorted();
}

/**
 * The folder of the package, for a module anywhere within it: source and bundles lie at different depths. Throws ProblemError
 * where the module is in no such package.
 */
export function findPackage(module: string): URL {
  let folder = new URL(".", module);
  for (;;) {
    const file = new URL("package.json", folder);
    if (existsSync(file) && isOurs(readFileSync(file, "utf8"))) return folder;
    const parent = new URL("..", folder);
    if (parent.href === folder.href) throw explainMissing("package.json", "there is none above it");
    folder = parent;
  }
}

function isOurs(text: string): boolean {
  const manifest: unknown = JSON.parse(text);
  return (
    typeof manifest === "object" &&
    manifest !== null &&
    "name" in manifest &&
    manifest.name === NAME
  );
}

function explainMissing(name: string, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return failure("installation-damaged", `callform's own ${name} cannot be read: ${reason}`, {
    hint: "install callform again",
  });
}
