import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import type { ProgramNote } from "./program-record.ts";
import { RECORDS_VARIABLE } from "./record.ts";

/**
 * The arguments of a program under test. A sandbox that runs as a process of its own cannot be observed
 * from here, so it is told to record; one that a test has told already is left alone.
 */
export function recordSandbox(args: readonly string[], cwd: string): readonly string[] {
  const folder = process.env[RECORDS_VARIABLE];
  if (folder === undefined || args[0] !== "sandbox" || args.includes("--record")) return args;
  const name = `sandbox-${randomUUID()}`;
  const given = args.includes("--faults") ? args[args.indexOf("--faults") + 1] : undefined;
  const file = given === undefined ? undefined : path.resolve(cwd, given);
  const note: ProgramNote = {
    test: nameTest(),
    ...(file !== undefined && existsSync(file) ? { faults: readFileSync(file, "utf8") } : {}),
  };
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(note));
  return [...args, "--record", path.join(folder, `${name}.ndjson`)];
}

/** `test/sandbox/page.test.ts: the page lists the apps` */
export function nameTest(): string {
  const { testPath = "", currentTestName = "" } = expect.getState();
  return `${testPath.replace(/^.*\/test\//u, "test/")}: ${currentTestName}`;
}
