import { runFleet, type FleetOutcome, type FleetTarget } from "../app/fleet.ts";
import { failure } from "../domain/problem.ts";
import { redactTexts, type Redactor } from "../domain/redact.ts";
import type { Settings } from "../app/settings/resolve.ts";
import {
  renderFleetJson,
  renderFleetMarkdown,
  renderFleetText,
  type FleetResult,
} from "../render/reports/fleet.ts";
import { renderProblems } from "../render/problems/text.ts";
import type { Console } from "./console/console.ts";
import type { Context } from "./context.ts";
import type { CommandFlags } from "./flags.ts";
import { EXIT_DIFFERENT, EXIT_INTERRUPTED } from "./exit-codes.ts";
import type { Errand } from "./errand.ts";

interface Ended {
  readonly code: number;
  /** What the command printed for this target. */
  readonly text: string;
}

/**
 * Runs a command for several targets side by side. What each reports is gathered and printed in the order of the targets with a
 * summary at the end; its progress comes as it happens, every line under its target's name. The worst exit code counts: 1, then
 * 130, then 2.
 */
export async function runFleetCommand(
  context: Context,
  flags: CommandFlags,
  { command, waves = false, needsYes = false }: Errand,
  fleet: readonly Settings[],
  work: (target: FleetTarget, console: Console) => Promise<number>,
): Promise<number> {
  const { console, redactor, stop } = context;
  if (needsYes)
    throw failure("not-confirmed", "nobody is asked about several targets, so nothing was done", {
      hint: "review their plans, then run with --yes",
    });
  const outcomes = await runFleet<Ended>({
    flags,
    fleet,
    waves,
    stop,
    succeeded: ({ code }) => code === 0,
    async work(target) {
      const gathered = gather(console, target.name);
      const code = await work(target, gathered.console);
      return { code, text: gathered.text() };
    },
    onFinished(outcome, finished, total) {
      if (outcome.state === "failed") {
        const problems = redactTexts(redactor, outcome.problems);
        console.err(prefix(outcome.name, renderProblems(problems, console.paintErr)));
      }
      console.transient(`${finished} of ${total} targets`);
    },
  });
  const results = outcomes.map((outcome) => describeOutcome(outcome, redactor));
  const { format } = flags;
  if (format === "json") console.out(renderFleetJson(command, results));
  else if (format === "markdown") console.out(renderFleetMarkdown(results));
  else console.out(renderFleetText(results, console.paintOut));
  return worstOf(results.map(({ code }) => code));
}

/** What a target printed has its secrets masked already; in JSON nothing can be replaced any more. */
function describeOutcome(outcome: FleetOutcome<Ended>, redactor: Redactor): FleetResult {
  const { name } = outcome;
  if (outcome.state === "done") return { name, ...outcome.value, problems: [] };
  if (outcome.state === "failed")
    return { name, code: 1, problems: redactTexts(redactor, outcome.problems) };
  const skipped = redactor.redact(outcome.reason);
  return { name, code: EXIT_INTERRUPTED, skipped, problems: [] };
}

/** A console that keeps results for later and puts the target's name before every other line. */
function gather(console: Console, name: string): { console: Console; text: () => string } {
  let text = "";
  return {
    text: () => text,
    console: {
      ...console,
      out(part) {
        text += part;
      },
      err: (part) => console.err(prefix(name, part)),
      transient: () => undefined,
      interactive: false,
    },
  };
}

function prefix(name: string, text: string): string {
  return text.replaceAll(/^(?=.)/gm, `[${name}] `);
}

function worstOf(codes: readonly number[]): number {
  const order = [1, EXIT_INTERRUPTED, EXIT_DIFFERENT];
  return order.find((code) => codes.includes(code)) ?? 0;
}
