// Builds the command line and the bench away from dist, and runs the bench; its arguments are handed on.
import { spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

import { ROOT } from "./bundle.mjs";

const [entry = "main", ...args] = process.argv.slice(2);
const out = path.join(ROOT, "node_modules/.cache/callform-bench");

const built = spawnSync(process.execPath, [path.join(ROOT, "scripts/build.mjs"), "--no-types"], {
  stdio: "inherit",
  env: { ...process.env, CALLFORM_BUILD_DIR: out },
});
if (built.status !== 0) process.exit(1);

await build({
  absWorkingDir: ROOT,
  entryPoints: [
    "bench/main.ts",
    "bench/growth.ts",
    "bench/peers.ts",
    "bench/endurance.ts",
    "bench/pbx-process.ts",
    "bench/floor/plan.ts",
    "bench/floor/change.ts",
    "bench/floor/parse.ts",
  ],
  outbase: "bench",
  outdir: out,
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  logLevel: "warning",
  define: { CALLFORM_WASM_DIR: JSON.stringify("./wasm/") },
  // As the bundle of the command line has it: CommonJS parts call require.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
});
copyFileSync(path.join(ROOT, "bench/measure.cjs"), path.join(out, "measure.cjs"));
copyFileSync(path.join(ROOT, "bench/peers/deadline.cjs"), path.join(out, "deadline.cjs"));

const { status } = spawnSync(
  process.execPath,
  ["--expose-gc", path.join(out, `${entry}.js`), ...args],
  {
    stdio: "inherit",
  },
);
process.exit(status ?? 1);
