import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, it } from "vitest";
import { makeFolder } from "../support/project/folder.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** What a report of vitest's is described as. */
function describeReport(report: object): string[] {
  const folder = makeFolder({ "report.json": JSON.stringify(report) });
  const script = path.join(ROOT, "scripts/describe-report.mjs");
  const args = [script, folder.path("report.json")];
  return execFileSync(process.execPath, args, { encoding: "utf8" }).trimEnd().split("\n");
}

it("says what was skipped and why, and counts", () => {
  const test = (status: string, ...titles: string[]): object => ({
    status,
    ancestorTitles: titles.slice(0, -1),
    title: titles.at(-1),
  });
  const file = (name: string, seconds: number, ...assertionResults: object[]): object => ({
    name: path.join(ROOT, name),
    startTime: 1_000_000,
    endTime: 1_000_000 + seconds * 1000,
    assertionResults,
  });
  const report = {
    numPassedTests: 7,
    numFailedTests: 1,
    numFailedTestSuites: 1,
    testResults: [
      file("test/a.test.ts", 2.5, test("passed", "x"), test("failed", "y")),
      file(
        "test/b.test.ts",
        12,
        test("skipped", "the image (skipped: no engine answers; start one)", "is small"),
        test("skipped", "the image (skipped: no engine answers; start one)", "is quick"),
        test("pending", "over TLS (needs openssl to make certificates)"),
        test("skipped", "for a reason of its own"),
      ),
    ],
  };
  expect(describeReport(report)).toEqual([
    "the slowest 2 files:",
    "    12.0 s test/b.test.ts",
    "     2.5 s test/a.test.ts",
    "skipped, and why:",
    "  2 in test/b.test.ts: no engine answers; start one",
    "  1 in test/b.test.ts: needs openssl to make certificates",
    "  1 in test/b.test.ts: its title does not say why",
    "7 1 4",
  ]);
});

it("counts a file that cannot be loaded as a failure", () => {
  const report = { numPassedTests: 3, numFailedTests: 0, numFailedTestSuites: 2, testResults: [] };
  expect(describeReport(report)).toEqual(["the slowest 0 files:", "nothing was skipped", "3 1 0"]);
});
