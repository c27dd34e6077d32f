import { CommanderError } from "commander";
import { watchSignals, type Signals } from "../app/cancellation.ts";
import { hasErrors, ProblemError, type Problem } from "../domain/problem.ts";
import { createRedactor, redactTexts, type Redactor } from "../domain/redact.ts";
import { renderProblems } from "../render/problems/text.ts";
import type { Streams } from "./console/ask.ts";
import { chooseColours, createConsole, type Console } from "./console/console.ts";
import { EXIT_INTERRUPTED } from "./exit-codes.ts";
import { createProgram } from "./program.ts";

/** A process, or as much of one as the command line needs. */
export interface Process extends Streams, Signals {
  readonly env: Readonly<Record<string, string | undefined>>;
  cwd(): string;
}

/**
 * Runs one command line (without node and script) and gives the exit code: 0 done, 1 a problem, 2 changes, drift or
 * bad health where the command says so, 130 interrupted. One of the two places that catch.
 */
export async function main(args: readonly string[], process: Process): Promise<number> {
  const redactor = createRedactor();
  const colours = chooseColours(!args.includes("--no-color"), process.env);
  const console = createConsole(process, colours, redactor);
  const code = await run(args, process, console, redactor);
  const lost = await console.finish();
  if (lost === undefined) return code;
  console.err(renderProblems([explainLoss(redactor.redact(lost))], console.paintErr));
  await console.finish();
  return code === EXIT_INTERRUPTED ? code : 1;
}

async function run(
  args: readonly string[],
  process: Process,
  console: Console,
  redactor: Redactor,
): Promise<number> {
  const interrupts = watchSignals(process, () => {
    if (!console.asking())
      console.err("Stopping: finishing the request in flight. Once more stops at once.\n");
  });
  try {
    const { stop, abort } = interrupts;
    const surroundings = { env: process.env, cwd: process.cwd() };
    return await createProgram({ console, redactor, surroundings, stop, abort }, args);
  } catch (error) {
    if (interrupts.stop.aborted) {
      console.err("Interrupted. Nothing is half written; running again goes on from here.\n");
      return EXIT_INTERRUPTED;
    }
    return report(error, console, redactor);
  } finally {
    interrupts.close();
  }
}

function explainLoss(reason: string): Problem {
  return {
    severity: "error",
    code: "output-lost",
    message: `the output could not be written: ${reason}`,
    hint: "what has been written of it is not whole; make room, then run again",
  };
}

function report(error: unknown, console: Console, redactor: Redactor): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
  if (error instanceof ProblemError) {
    console.err(renderProblems(redactTexts(redactor, error.problems), console.paintErr));
    return hasErrors(error.problems) ? 1 : 0;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const told = redactor.redact(text);
  console.err(`Callform has a bug. Please report it with this text:\n${told}\n`);
  return 1;
}
