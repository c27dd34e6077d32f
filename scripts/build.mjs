// Builds what is published: the bundled command line and library, the WASM beside them, and the types.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
const resolve = createRequire(import.meta.url).resolve;
const out = path.resolve(root, process.env.CALLFORM_BUILD_DIR ?? "dist");
const withTypes = !process.argv.includes("--no-types");

for (const part of ["cli", "lib", "wasm", "types"])
  rmSync(path.join(out, part), { recursive: true, force: true });
mkdirSync(path.join(out, "wasm"), { recursive: true });

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  splitting: true,
  minifySyntax: true,
  legalComments: "linked",
  logLevel: "warning",
  // Chunks stay beside the entry, so that the relative place of the WASM holds in each of them.
  chunkNames: "chunk-[hash]",
  define: {
    CALLFORM_VERSION: JSON.stringify(version),
    CALLFORM_WASM_DIR: JSON.stringify("../wasm/"),
  },
  // Some bundled packages are CommonJS and call require for Node's own modules.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
};

await build({ ...shared, entryPoints: { main: "src/cli/bin.ts" }, outdir: path.join(out, "cli") });
await build({ ...shared, entryPoints: { index: "src/index.ts" }, outdir: path.join(out, "lib") });
chmodSync(path.join(out, "cli/main.js"), 0o755);

for (const file of [
  "web-tree-sitter/web-tree-sitter.wasm",
  "tree-sitter-c-sharp/tree-sitter-c_sharp.wasm",
])
  cpSync(resolve(file), path.join(out, "wasm", path.basename(file)));

if (withTypes) {
  const tsc = path.join(path.dirname(resolve("typescript/package.json")), "bin/tsc");
  const args = [tsc, "-p", "tsconfig.types.json", "--outDir", path.join(out, "types")];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(1);
}
