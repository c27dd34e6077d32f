import type { Problem } from "../../domain/problem.ts";
import { renderReportJson } from "../plan/json.ts";
import { escapeMarkdown, renderProblemList } from "../plan/markdown.ts";
import type { Colour, Paint } from "../paint.ts";
import { toPrintableLine } from "../printable.ts";

/** How a command ended on one of several targets. */
export interface FleetResult {
  readonly name: string;
  /** The exit code it would have had alone. */
  readonly code: number;
  /** What it printed, in the format that was asked for; absent where it did not come that far. */
  readonly text?: string;
  /** Why it was not begun. */
  readonly skipped?: string;
  /** What kept it from a result. */
  readonly problems: readonly Problem[];
}

const STATES: Readonly<Record<number, readonly [string, Colour]>> = {
  0: ["done", "green"],
  1: ["failed", "red"],
  2: ["differs", "yellow"],
  130: ["interrupted", "yellow"],
};

/** Every target's own result, then a line for each target. */
export function renderFleetText(results: readonly FleetResult[], paint: Paint): string {
  const widest = Math.max(...results.map((result) => nameState(result).length));
  const rows = results.map((result) => {
    const state = paint(STATES[result.code]?.[1] ?? "bold", nameState(result).padEnd(widest));
    const reason = explain(result);
    const note = reason === "" ? "" : `  ${paint("dim", toPrintableLine(reason))}`;
    return `  ${state}  ${toPrintableLine(result.name)}${note}\n`;
  });
  const summary = paint("bold", writeFleetSummary(results));
  return `${gatherTexts(results).join("\n")}\nTargets\n${rows.join("")}\n${summary}\n`;
}

export function renderFleetMarkdown(results: readonly FleetResult[]): string {
  const rows = results.map(
    (result) =>
      `| ${nameState(result)} | ${escapeMarkdown(result.name)} | ${escapeMarkdown(explain(result))} |`,
  );
  const table = ["| state | target | note |", "|---|---|---|", ...rows].join("\n");
  const failures = results.filter(({ problems }) => problems.length > 0);
  const parts = [
    "## Callform targets",
    `**${writeFleetSummary(results)}**`,
    table,
    ...failures.map(
      ({ name, problems }) => `### ${escapeMarkdown(name)}\n\n${renderProblemList(problems)}`,
    ),
    ...gatherTexts(results).map((text) => text.trimEnd()),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** One document with the report of each target in it, as the command prints it for that target alone. */
export function renderFleetJson(command: string, results: readonly FleetResult[]): string {
  const targets = results.map(({ name, code, text, skipped, problems }) => ({
    name,
    exitCode: code,
    ...(text === undefined || text === "" ? {} : { report: JSON.parse(text) as unknown }),
    ...(skipped === undefined ? {} : { skipped }),
    problems,
  }));
  return renderReportJson(command, { targets }, []);
}

/** `Targets: 2 done, 1 failed, 1 skipped.` */
function writeFleetSummary(results: readonly FleetResult[]): string {
  const states = [...new Set(results.map(nameState))];
  const counted = states.map(
    (state) => `${results.filter((result) => nameState(result) === state).length} ${state}`,
  );
  return `Targets: ${counted.join(", ")}.`;
}

function nameState({ code, skipped }: FleetResult): string {
  return skipped === undefined ? (STATES[code]?.[0] ?? `exit ${code}`) : "skipped";
}

function explain({ skipped, problems }: FleetResult): string {
  return skipped ?? problems.map(({ message }) => message).join("; ");
}

function gatherTexts(results: readonly FleetResult[]): string[] {
  return results.flatMap(({ text }) => (text === undefined || text === "" ? [] : [text]));
}
