import type { Reporter, TestCase } from "vitest/node";
import { writeCommand } from "./command.ts";
import { SEED_VARIABLE } from "./seeds.ts";

/** Says nothing but which law a seed breaks, how, and what repeats it. */
export default class FuzzReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const { state, errors } = test.result();
    if (state !== "failed") return;
    const seed = process.env[SEED_VARIABLE] ?? "";
    const said = errors.map(({ message }) => `  ${message.replaceAll("\n", "\n  ")}\n`).join("");
    const command = writeCommand(seed, test.module.relativeModuleId, listNames(test));
    process.stdout.write(`FAILED ${test.fullName}\n${said}repeat it: ${command}\n`);
  }
}

function listNames(test: TestCase): string[] {
  const names = [test.name];
  for (let around = test.parent; around.type === "suite"; around = around.parent)
    names.unshift(around.name);
  return names;
}
