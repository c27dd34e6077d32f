// Builds what is published: the bundled command line, library and Action, the WASM beside them, and the types.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { bundle, PRODUCT_NAMES, ROOT, WASM } from "./bundle.mjs";
import { describeLicenses } from "./bundled-licenses.mjs";

const resolve = createRequire(import.meta.url).resolve;
const out = path.resolve(ROOT, process.env.CALLFORM_BUILD_DIR ?? "dist");
const withTypes = !process.argv.includes("--no-types");

// Packages that are in no bundle, but whose WASM is beside each.
const beside = WASM.map((file) => path.dirname(file));
const products = [];
for (const name of PRODUCT_NAMES) {
  const { files, metafile } = await bundle(name, out);
  const licenses = describeLicenses(ROOT, metafile, beside);
  products.push([name, [...files, ["licenses.txt", licenses]]]);
}

// Not before everything is built, so that a mistake in the sources leaves what was there.
for (const part of [...PRODUCT_NAMES, "wasm", "types"])
  rmSync(path.join(out, part), { recursive: true, force: true });
for (const [name, files] of products) {
  mkdirSync(path.join(out, name), { recursive: true });
  for (const [file, content] of files) writeFileSync(path.join(out, name, file), content);
}
chmodSync(path.join(out, "cli/main.js"), 0o755);

mkdirSync(path.join(out, "wasm"), { recursive: true });
for (const file of WASM) {
  const copy = path.join(out, "wasm", path.basename(file));
  cpSync(resolve(file), copy);
  chmodSync(copy, 0o644);
}

if (withTypes) {
  const tsc = path.join(path.dirname(resolve("typescript/package.json")), "bin/tsc");
  const args = [tsc, "-p", "tsconfig.types.json", "--outDir", path.join(out, "types")];
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) process.exit(1);
}
