import type { Plan } from "../../domain/plan/plan.ts";
import type { Problem } from "../../domain/problem.ts";
import type { ResourceId } from "../../domain/resource.ts";
import type { ApplyResult } from "../../domain/result.ts";
import { escapeMarkdown, renderProblemList } from "../plan/markdown.ts";
import type { Colour, Paint } from "../paint.ts";
import { toPrintableLine } from "../printable.ts";

/** One row of an apply or a status: what it is about, one word, and more words. */
export interface Row extends ResourceId {
  readonly title?: string;
  readonly state: string;
  readonly note: string;
}

const COLOURS: Readonly<Record<string, Colour>> = {
  applied: "green",
  healthy: "green",
  unchanged: "dim",
  refused: "red",
  failed: "red",
  unhealthy: "red",
  missing: "red",
  compiling: "yellow",
  skipped: "yellow",
  interrupted: "yellow",
};

/** Rows as aligned text. */
export function renderRows(rows: readonly Row[], paint: Paint): string {
  const widest = Math.max(0, ...rows.map(({ state }) => state.length));
  return rows
    .map((row) => {
      const state = paint(COLOURS[row.state] ?? "bold", row.state.padEnd(widest));
      const title = row.title === undefined ? "" : ` "${toPrintableLine(row.title)}"`;
      const note = row.note === "" ? "" : `  ${paint("dim", toPrintableLine(row.note))}`;
      return `  ${state}  ${row.kind} ${toPrintableLine(row.key)}${title}${note}\n`;
    })
    .join("");
}

export function renderRowsMarkdown(
  heading: string,
  summary: string,
  rows: readonly Row[],
  problems: readonly Problem[],
): string {
  const lines = rows.map(
    ({ state, kind, key, title, note }) =>
      `| ${state} | ${kind} ${escapeMarkdown(key)} | ${escapeMarkdown(title ?? "")} | ${escapeMarkdown(note)} |`,
  );
  const table = ["| state | resource | name | note |", "|---|---|---|---|", ...lines].join("\n");
  const shown = rows.length === 0 ? [] : [table];
  const told = problems.length === 0 ? [] : [renderProblemList(problems)];
  return `${[`## ${heading}`, `**${summary}**`, ...shown, ...told].join("\n\n")}\n`;
}

/** How many resources needed nothing; those whose verdict was waited for have results of their own. */
export function countUnchanged(
  { summary }: Pick<Plan, "summary">,
  results: readonly ApplyResult[],
): number {
  return summary.unchanged - results.filter(({ op }) => op === "check").length;
}

/** `2 applied, 1 refused` in the given order of states; states that did not occur are left out. */
export function countStates(rows: readonly Row[], order: readonly string[]): string {
  return order
    .map((state) => ({ state, count: rows.filter((row) => row.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state}`)
    .join(", ");
}
