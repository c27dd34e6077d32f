// What is bundled, and how: the command line, the library and the Action.
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

import {
  oneParserOfUndici,
  onlyConnectionsOfUndici,
  onlyTheClientOfOctokit,
  toolkitWithoutEffects,
  YAML_AS_MODULES,
} from "./slim-packages.mjs";

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** The files beside every bundle, as the packages that ship them name them. */
export const WASM = [
  "web-tree-sitter/web-tree-sitter.wasm",
  "tree-sitter-c-sharp/tree-sitter-c_sharp.wasm",
];

const { version } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));

const SHARED = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  splitting: true,
  // Names stay, so that the stack of a bug can be read; blanks and comments are read at every start.
  minifySyntax: true,
  minifyWhitespace: true,
  metafile: true,
  // licenses.txt has them all, with the rest of their text.
  legalComments: "none",
  logLevel: "warning",
  // Chunks stay beside the entry, so that the relative place of the WASM holds in each of them.
  chunkNames: "chunk-[hash]",
  alias: YAML_AS_MODULES,
  plugins: [onlyConnectionsOfUndici(ROOT), oneParserOfUndici],
  define: {
    CALLFORM_VERSION: JSON.stringify(version),
    CALLFORM_WASM_DIR: JSON.stringify("../wasm/"),
  },
  // Some bundled packages are CommonJS and call require for Node's own modules.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
};

const PRODUCTS = {
  cli: { entryPoints: { main: "src/cli/bin.ts" } },
  lib: { entryPoints: { index: "src/index.ts" } },
  // Committed, because GitHub runs an action as it is in the repository: hence small, and the same on every machine.
  action: {
    entryPoints: { main: "src/action/main.ts" },
    minify: true,
    plugins: [...SHARED.plugins, toolkitWithoutEffects, onlyTheClientOfOctokit],
  },
};

/** The products by the name of their folder in dist. */
export const PRODUCT_NAMES = Object.keys(PRODUCTS);

/**
 * Bundles one product that is to lie in the folder of its name in `out`, and writes nothing. Gives its files, as pairs of name
 * and bytes, and esbuild's metafile.
 */
export async function bundle(name, out) {
  const outdir = path.join(out, name);
  const options = { ...SHARED, ...PRODUCTS[name], outdir, write: false };
  const { metafile, outputFiles } = await build(options);
  return {
    files: outputFiles.map(({ path: file, contents }) => [path.relative(outdir, file), contents]),
    metafile,
  };
}
