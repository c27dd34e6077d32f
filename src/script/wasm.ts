import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** Set by the bundler: the folder the WASM files were copied to, relative to the bundle, with a slash at its end. */
declare const CALLFORM_WASM_DIR: string | undefined;

/** The WASM files the checker needs, by the package that ships them. */
const FILES = {
  runtime: "web-tree-sitter/web-tree-sitter.wasm",
  grammar: "tree-sitter-c-sharp/tree-sitter-c_sharp.wasm",
} as const;

export type WasmFile = keyof typeof FILES;

/**
 * The absolute path of a WASM file. `directory` is where a bundle keeps them, relative to `base`, the
 * URL of the module that asks; without it they are looked for among the installed packages.
 * Throws Error when the package is not installed.
 */
export function locateWasm(file: WasmFile, directory: string | undefined, base: string): string {
  const specifier = FILES[file];
  if (directory !== undefined) {
    const name = specifier.slice(specifier.indexOf("/") + 1);
    return fileURLToPath(new URL(name, new URL(directory, base)));
  }
  try {
    return createRequire(base).resolve(specifier);
  } catch (error) {
    throw new Error(`The C# checker needs ${specifier}, which is not installed: run npm ci.`, {
      cause: error,
    });
  }
}

/** The bytes of a WASM file at `path`. Throws Error naming the path when it cannot be read. */
export async function readWasm(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The C# checker cannot read ${path} (${reason}): reinstall callform.`, {
      cause: error,
    });
  }
}

/** Reads one of the two WASM files from wherever this build keeps them. */
export async function loadWasm(file: WasmFile): Promise<Uint8Array> {
  const directory = typeof CALLFORM_WASM_DIR === "string" ? CALLFORM_WASM_DIR : undefined;
  return readWasm(locateWasm(file, directory, import.meta.url));
}
