import { hasWork, type Plan } from "../../domain/plan/plan.ts";
import type { Problem } from "../../domain/problem.ts";
import type { ApplyResult } from "../../domain/result.ts";
import { fitText } from "./budget.ts";
import { escapeMarkdown, renderProblemList } from "../plan/markdown.ts";
import { countStates, countUnchanged, type Row } from "../reports/results.ts";

/** Everything that a text about an apply says, secrets replaced already. */
export interface ApplyText {
  readonly target: string;
  /** Undefined when there was no plan to be had. */
  readonly plan: Plan | undefined;
  /** Empty when nothing was begun. */
  readonly results: readonly ApplyResult[];
  readonly problems: readonly Problem[];
  /** What a reader must know beside the results, a sentence each. */
  readonly notes: readonly string[];
  readonly commit: string;
  readonly runUrl: string;
}

const OUTCOMES = ["applied", "refused", "failed", "skipped", "interrupted"] as const;

/** What is given up, in this order: rows and problems shown, and letters of a message. */
const DETAILS = [
  [Infinity, Infinity, Infinity],
  [1000, 200, 500],
  [300, 100, 500],
  [100, 50, 500],
  [30, 20, 300],
  [0, 5, 200],
] as const;

/** How an apply ended, in one line: `2 applied, 1 refused, 14 unchanged.` */
export function writeApplySummary({ plan, results }: Pick<ApplyText, "plan" | "results">): string {
  const unchanged = plan === undefined ? "" : `${countUnchanged(plan, results)} unchanged`;
  const counted = countStates(toRows(results), OUTCOMES);
  if (counted !== "") return `${counted}, ${unchanged}.`;
  return plan !== undefined && !hasWork(plan)
    ? `Nothing to apply, ${unchanged}: the PBX is as the manifests say.`
    : "Nothing was applied.";
}

/** An apply as Markdown, at most `limit` bytes, after a first line `header` (may be empty). What did not succeed comes first. */
export function renderApplyText(text: ApplyText, header: string, limit: number): string {
  const rows = toRows(text.results).toSorted(
    (a, b) => Number(a.state === "applied") - Number(b.state === "applied"),
  );
  const forms = DETAILS.map((detail) => () => renderAt(text, rows, header, detail));
  return fitText(forms, limit);
}

function renderAt(
  text: ApplyText,
  rows: readonly Row[],
  header: string,
  [most, problems, letters]: readonly [number, number, number],
): string {
  const all = [...text.problems, ...text.results.flatMap((result) => result.problems)].map(
    (problem) => ({ ...problem, message: cut(problem.message, letters) }),
  );
  const left = Math.max(0, rows.length - most) + Math.max(0, all.length - problems);
  const parts = [
    `## Callform apply to ${escapeMarkdown(text.target)}`,
    `**${writeApplySummary(text)}**`,
    ...text.notes.map(escapeMarkdown),
    ...(all.length === 0 ? [] : [renderProblemList(all.slice(0, problems))]),
    ...(rows.length === 0 || most === 0 ? [] : [renderTable(rows.slice(0, most))]),
    ...(left === 0
      ? []
      : [
          `**Shortened, because GitHub takes no longer text:** ${left} lines are left out. The [job summary](${text.runUrl}) has more, and the file that the output \`report-file\` names has all of it.`,
        ]),
    `<sub>Commit ${text.commit.slice(0, 12)} · [run](${text.runUrl})</sub>`,
  ];
  const body = parts.join("\n\n");
  return header === "" ? body : `${header}\n${body}`;
}

function renderTable(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ state, kind, key, title, note }) =>
      `| ${state} | ${escapeMarkdown(`${kind} ${key}`)} | ${escapeMarkdown(title ?? "")} | ${note} |`,
  );
  return ["| outcome | resource | name | took |", "|---|---|---|---|", ...lines].join("\n");
}

function toRows(results: readonly ApplyResult[]): Row[] {
  return results.map(({ kind, key, title, outcome, milliseconds }) => ({
    kind,
    key,
    ...(title === undefined ? {} : { title }),
    state: outcome,
    note: `${(milliseconds / 1000).toFixed(1)} s`,
  }));
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}
