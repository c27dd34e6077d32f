import { CommanderError } from "commander";
import { watchSignals } from "../app/cancellation.ts";
import { hasErrors, ProblemError } from "../domain/problem.ts";
import { createRedactor, redactTexts, type Redactor } from "../domain/redact.ts";
import { renderProblems } from "../render/problems/text.ts";
import { chooseColours, createConsole, type Console, type Streams } from "./console.ts";
import { createProgram } from "./program.ts";

/** A process, or as much of one as the command line needs. */
export interface Process extends Streams {
  readonly env: Readonly<Record<string, string | undefined>>;
  cwd(): string;
  on(event: "SIGINT" | "SIGTERM", listener: () => void): unknown;
  off(event: "SIGINT" | "SIGTERM", listener: () => void): unknown;
}

const EXIT_INTERRUPTED = 130;

/**
 * Runs one command line (without node and script) and gives the exit code: 0 done, 1 a problem, 2 changes, drift or
 * bad health where the command says so, 130 interrupted. One of the two places that catch.
 */
export async function main(args: readonly string[], process: Process): Promise<number> {
  const redactor = createRedactor();
  const colours = chooseColours(!args.includes("--no-color"), process.env);
  const console = createConsole(process, colours, redactor);
  // A reader that has seen enough (`| head`) is no failure of ours.
  process.stdout.on("error", () => undefined);
  const interrupts = watchSignals(process, () =>
    console.err("Stopping: finishing the request in flight. Once more stops at once.\n"),
  );
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
