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
  // An empty repository to copy: starting git is most of what a small one costs.
  execFileSync("git", ["init", "-q", "-b", "main", "--template=", path.join(out, "repository")], {
    env: { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
  });
  process.env["CALLFORM_TEST_BUILD"] = out;
  return () => rmSync(out, { recursive: true, force: true });
}
