import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { RECORDS_VARIABLE } from "./record.ts";
import { readRecords } from "./records.ts";
import { judgeRun } from "../judge/report.ts";
import { locateSpec, readSpec } from "../spec/read.ts";

/**
 * Has every worker of the run record its exchanges with sandboxes, and judges them when all tests are
 * done: a violation fails the run, whatever the tests said.
 */
export function setup(): () => void {
  const root = path.resolve(import.meta.dirname, "../../../..");
  const place = locateSpec(root, process.env["CALLFORM_XAPI_SPEC"]);
  if ("absent" in place)
    return () => void process.stdout.write(`\nAPI contract: skipped, ${place.absent}\n`);
  const folder = mkdtempSync(path.join(tmpdir(), "callform-contract-"));
  process.env[RECORDS_VARIABLE] = folder;
  return () => {
    // A teardown that throws is only logged; the exit code is what fails a run.
    let sound = false;
    try {
      sound = conclude(place.file, folder);
    } finally {
      if (!sound) process.exitCode = 1;
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

/** Says what became of the run; false when there was a violation. */
function conclude(file: string, folder: string): boolean {
  const records = readRecords(folder);
  if (records.length === 0) return true;
  const { violations, text } = judgeRun(readSpec(file, folder), records);
  process.stdout.write(text);
  return violations === 0;
}
