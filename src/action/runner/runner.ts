import { appendFile, mkdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { endGroup, getInput, setOutput, setSecret, startGroup } from "@actions/core";
import type { Surroundings } from "../../app/settings/resolve.ts";
import type { Redactor } from "../../domain/redact.ts";
import { toPrintable, toPrintableLine } from "../../render/printable.ts";

/**
 * What the Action tells the runner, rendered from values whose secrets are masked. What goes to the log passes the redactor once
 * more, as others may have written it.
 */
export interface Runner {
  /** A line or several of the log; what would be a workflow command is defused. */
  log(text: string): void;
  /** Workflow commands as they are. */
  command(text: string): void;
  /** Puts what `work` logs into a group that can be folded. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
  output(name: string, value: string): void;
  /** Adds to the job summary what `render` makes for the bytes that are left of it. */
  summarize(render: (limit: number) => string): Promise<void>;
  /** Leaves a file for later steps and gives its path; undefined where the runner has no place for it. */
  leave(name: string, text: string): Promise<string | undefined>;
}

/** GitHub takes so much for one step. */
const MAX_SUMMARY = 1024 * 1024;
const MIN_SUMMARY = 500;
const SEPARATOR = "\n\n";

export const readInput: (name: string) => string = getInput;
export const maskText: (text: string) => void = setSecret;

export function openRunner(
  stdout: NodeJS.WritableStream,
  env: Surroundings["env"],
  redactor: Redactor,
): Runner {
  const [summaryFile, temp] = [env["GITHUB_STEP_SUMMARY"], env["RUNNER_TEMP"]];
  return {
    log: (text) =>
      void stdout.write(`${toPrintable(redactor.redact(text, "sure")).replace(/\n+$/, "")}\n`),
    command: (text) => void stdout.write(redactor.redact(text, "sure")),
    async group(title, work) {
      startGroup(toPrintableLine(redactor.redact(title, "sure")));
      try {
        return await work();
      } finally {
        endGroup();
      }
    },
    output: setOutput,
    async summarize(render) {
      if (summaryFile === undefined || summaryFile === "") return;
      const used = await stat(summaryFile).then(
        ({ size }) => size,
        () => 0,
      );
      const left = MAX_SUMMARY - used - SEPARATOR.length;
      // GitHub drops a summary that is too long as a whole, and a few bytes say nothing.
      if (left < MIN_SUMMARY) return;
      await appendFile(summaryFile, redactor.redact(render(left), "sure") + SEPARATOR);
    },
    async leave(name, text) {
      if (temp === undefined || temp === "") return undefined;
      const folder = path.join(temp, "callform");
      await mkdir(folder, { recursive: true });
      const file = path.join(folder, name);
      await writeFile(file, text, { mode: 0o600 });
      return file;
    },
  };
}
