// Measures Callform beside comparable tools, each at the same work against a stand-in of the system it provisions.
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { alchemy } from "./peers/alchemy.ts";
import { auth0 } from "./peers/auth0.ts";
import { judgeBar } from "./peers/bar.ts";
import { callform } from "./peers/callform.ts";
import { holdContest, listHeats } from "./peers/contest.ts";
import { directus } from "./peers/directus.ts";
import { installPackage } from "./peers/install.ts";
import { describeOutcome, writeReport } from "./peers/report.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    json: { type: "string" },
    quick: { type: "boolean", default: false },
  },
});

const peers = [auth0, directus, alchemy];
const names = peers.map(({ name }) => name);
const strange = (values.only ?? []).filter((name) => !names.includes(name));
if (strange.length > 0)
  throw new Error(`no such peer: ${strange.join(", ")}; there are: ${names.join(", ")}`);
const chosen = peers.filter(({ name }) => values.only?.includes(name) ?? true);
const contenders = [callform, ...chosen];

const cache = path.resolve(import.meta.dirname, "../callform-peers");
const outcome = await holdContest(contenders, listHeats(values.quick), {
  install: (peer) => installPackage(peer, cache),
  onStep: (step) => void process.stderr.write(`\r\u001B[2K${step} `),
});
process.stderr.write("\r\u001B[2K");

const verdict = judgeBar(outcome.entries);
const machine = {
  node: process.version,
  processors: cpus().length,
  model: cpus()[0]?.model ?? "",
  memory: totalmem(),
};
process.stdout.write(writeReport(contenders, outcome, verdict, machine));
if (values.json !== undefined) {
  const report = describeOutcome(contenders, outcome, verdict, machine);
  writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
}
// Without its peer the bar is not asked; with it, a failure has already been told.
process.exitCode = outcome.failures.length === 0 && verdict.holds !== false ? 0 : 1;
