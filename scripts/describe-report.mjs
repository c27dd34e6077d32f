// Prints which files of a run of the tests took longest, what was skipped and why, and as its last line how many passed,
// failed and were skipped.
//   node scripts/describe-report.mjs REPORT            a report of vitest's JSON reporter
import { readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "..");
/** A skipped test says why in a title of its own or around it. */
const REASON = /(?:skipped|needs|only on|Linux only)\b[^()]*/;

const SLOWEST = 20;

const report = JSON.parse(readFileSync(process.argv[2], "utf8"));

const times = report.testResults
  .map(({ name, startTime, endTime }) => [path.relative(ROOT, name), endTime - startTime])
  .toSorted(([, a], [, b]) => b - a);
console.log(`the slowest ${Math.min(SLOWEST, times.length)} files:`);
for (const [name, time] of times.slice(0, SLOWEST))
  console.log(`  ${(time / 1000).toFixed(1).padStart(6)} s ${name}`);

const skipped = new Map();
for (const { name, assertionResults } of report.testResults)
  for (const { status, ancestorTitles, title } of assertionResults) {
    if (status === "passed" || status === "failed") continue;
    const found = [...ancestorTitles, title].map((text) => REASON.exec(text)?.[0]);
    const reason = found.find((text) => text !== undefined) ?? "its title does not say why";
    const line = `${path.relative(ROOT, name)}: ${reason.replace(/^skipped:? */, "")}`;
    skipped.set(line, (skipped.get(line) ?? 0) + 1);
  }
const count = [...skipped.values()].reduce((sum, one) => sum + one, 0);
console.log(count === 0 ? "nothing was skipped" : "skipped, and why:");
for (const [line, tests] of skipped) console.log(`  ${tests} in ${line}`);

// A file that cannot be loaded has no test that fails.
const broken = report.numFailedTests === 0 && report.numFailedTestSuites > 0 ? 1 : 0;
console.log(`${report.numPassedTests} ${report.numFailedTests + broken} ${count}`);
