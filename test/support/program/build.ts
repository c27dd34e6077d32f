import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";

/** Builds the program once for the whole run, away from dist, so that scenarios run what is in the work tree. */
export default function setup(): () => void {
  const root = path.resolve(import.meta.dirname, "../../..");
  const out = path.join(root, `node_modules/.cache/callform-test-${process.pid}`);
  execFileSync(process.execPath, ["scripts/build.mjs", "--no-types"], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, CALLFORM_BUILD_DIR: out },
  });
  process.env["CALLFORM_TEST_BUILD"] = out;
  return () => rmSync(out, { recursive: true, force: true });
}
