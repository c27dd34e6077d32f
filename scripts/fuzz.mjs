// Runs the laws with fresh seeds until the time is over, and prints the line that repeats a failure.
//   npm run fuzz -- [--minutes N] [FILE...]            10 minutes and every law, if not said otherwise
//   npm run fuzz -- --seed N [FILE...] [-t NAME]       once, with that seed
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import { ROOT } from "./bundle.mjs";

const MINUTES = 10;
/** Files of one seed: few enough that the end comes soon after the time is over. */
const AT_ONCE = 16;
const VITEST = path.join(ROOT, "node_modules/vitest/vitest.mjs");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: "string" },
    seed: { type: "string" },
    "test-name": { type: "string", short: "t" },
  },
});

const minutes = Number(values.minutes ?? MINUTES);
if (!(minutes > 0 && Number.isFinite(minutes))) {
  console.error(`--minutes takes a number of more than 0, not ${values.minutes}`);
  process.exit(1);
}

/** Every file of tests that holds a law. */
function listLaws() {
  return readdirSync(path.join(ROOT, "test"), { recursive: true })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => path.posix.join("test", file))
    .filter((file) => readFileSync(path.join(ROOT, file), "utf8").includes("fc.assert("))
    .toSorted();
}

/** True when every law held. */
function run(seed, files, ...more) {
  const { status } = spawnSync(process.execPath, [VITEST, "run", ...more, ...files], {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, CALLFORM_TEST_SEED: String(seed) },
  });
  return status === 0;
}

/** As Fisher and Yates do it. */
function shuffle(items) {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
}

const files = positionals.length > 0 ? positionals : listLaws();
if (values.seed !== undefined) {
  const name = values["test-name"];
  process.exit(run(values.seed, files, ...(name === undefined ? [] : ["-t", name])) ? 0 : 1);
}

const end = Date.now() + minutes * 60_000;
let [rounds, failed] = [0, 0];
let left = [];
while (Date.now() < end) {
  if (left.length === 0) left = shuffle(files);
  const some = left.splice(0, AT_ONCE);
  // What fast-check takes: 32 bits.
  const seed = randomInt(2 ** 31);
  rounds += 1;
  console.log(`seed ${seed}: ${some.length} files of laws`);
  if (run(seed, some, "--reporter", "./test/support/fuzz/reporter.ts")) continue;
  failed += 1;
  console.log(`everything with this seed: npm run fuzz -- --seed ${seed} ${some.join(" ")}`);
}
console.log(`${rounds} seeds tried, ${failed} broke a law`);
process.exit(failed === 0 ? 0 : 1);
