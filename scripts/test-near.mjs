// Runs the tests next to what has changed since the last commit, or since the branch left another: an answer in seconds.
//   npm run test:near [-- --since main]
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import { ROOT } from "./bundle.mjs";

const VITEST = path.join(ROOT, "node_modules/vitest/vitest.mjs");
/** Which layers' tests say most about a layer, beside its own. */
const BESIDE = { domain: ["engine", "kinds"], kinds: ["engine"] };
/** Whose tests start processes, or go through everything: for the whole suite. */
const SLOW = /^test\/(?:scenarios|action\/scenarios|laws|container)\//;

const { values } = parseArgs({ options: { since: { type: "string" } } });

function askGit(...args) {
  const { status, stdout, stderr } = spawnSync("git", args, { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) {
    console.error(stderr.trim());
    process.exit(1);
  }
  return stdout.split("\n").filter((line) => line !== "");
}

/** What differs from the last commit, and what is new; with `since`, all that this branch has changed, too. */
function listChanged() {
  const base = values.since === undefined ? "HEAD" : askGit("merge-base", values.since, "HEAD")[0];
  return [
    ...askGit("diff", "--name-only", "--no-renames", base),
    ...askGit("ls-files", "--others", "--exclude-standard"),
  ];
}

const tests = readdirSync(path.join(ROOT, "test"), { recursive: true })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => path.posix.join("test", file))
  .toSorted();

/** The tests of a source file: those of its room, those of its layer that import it, and those of the layers beside. */
function findTests(file) {
  const [, layer] = file.split("/");
  const room = path.dirname(file).replace(/^src/, "test");
  const own = existsSync(path.join(ROOT, room)) ? room : `test/${layer}`;
  const beside = (BESIDE[layer] ?? []).map((name) => `test/${name}/`);
  return tests.filter(
    (test) =>
      test.startsWith(`${own}/`) ||
      beside.some((start) => test.startsWith(start)) ||
      (test.startsWith(`test/${layer}/`) && imports(test, file)),
  );
}

function imports(test, file) {
  const from = path.relative(path.dirname(test), file);
  return readFileSync(path.join(ROOT, test), "utf8").includes(`"${from}"`);
}

const changed = listChanged();
const near = new Set([
  "test/architecture.test.ts",
  ...changed.filter((file) => tests.includes(file)),
  ...changed
    .filter((file) => file.startsWith("src/"))
    .flatMap(findTests)
    .filter((test) => !SLOW.test(test)),
]);
if (changed.some((file) => file.startsWith("test/support/")))
  console.log("What tests share has changed; only `npm test` runs all that use it.");
const { status } = spawnSync(process.execPath, [VITEST, "run", ...near], {
  cwd: ROOT,
  stdio: "inherit",
});
process.exit(status ?? 1);
