import type { FieldChange } from "../../domain/plan/diff.ts";
import type { Change, Plan } from "../../domain/plan/plan.ts";
import type { Problem } from "../../domain/problem.ts";
import { cutLines, fitText } from "./budget.ts";
import type { Earlier } from "./hidden-header.ts";
import {
  escapeHtml,
  escapeMarkdown,
  renderProblemList,
  renderTable,
  writeCode,
  writeFence,
} from "../plan/markdown.ts";
import { drawNumbers } from "./number-picture.ts";
import { toPrintable } from "../printable.ts";
import { OP_SIGNS, splitByOrigin, writeChangeName, writeFieldLine } from "../view.ts";

/** Everything that a text about changes says, secrets replaced already. */
export interface ChangesText extends Pick<Plan, "base" | "changes"> {
  /** Undefined for a text of one line. */
  readonly heading: string | undefined;
  /** What it comes to, in one line. */
  readonly summary: string;
  /** What a reader must know beside the changes, a sentence each. */
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
  /** Of the operations; empty for what cannot be applied. */
  readonly digest: string;
  /** The commit it is about. */
  readonly commit: string;
  readonly runUrl: string;
  /** What the same text said before, newest first. */
  readonly earlier: readonly Earlier[];
}

/** How much of it is said. */
interface Detail {
  readonly diffLines: number;
  readonly details: boolean;
  readonly rows: number;
  readonly problems: number;
  /** Of a message. */
  readonly letters: number;
}

const WHOLE: Detail = {
  diffLines: Infinity,
  details: true,
  rows: Infinity,
  problems: Infinity,
  letters: Infinity,
};
const BRIEF: Detail = { ...WHOLE, diffLines: 0, details: false, problems: 50, letters: 500 };

/** What is given up, in this order, until the text fits. */
const DETAILS: readonly Detail[] = [
  WHOLE,
  ...[2000, 1000, 600, 400, 250, 150, 100, 60, 30].map((diffLines) => ({ ...WHOLE, diffLines })),
  { ...WHOLE, diffLines: 12 },
  { ...WHOLE, diffLines: 0 },
  { ...WHOLE, diffLines: 0, details: false },
  BRIEF,
  { ...BRIEF, rows: 400, problems: 20 },
  { ...BRIEF, rows: 200, problems: 20 },
  { ...BRIEF, rows: 100, problems: 20 },
  { ...BRIEF, rows: 50, problems: 10 },
  { ...BRIEF, rows: 20, problems: 10 },
  { ...BRIEF, rows: 0, problems: 5, letters: 200 },
];

/**
 * Changes as Markdown for a comment, an issue, a check run or a job summary, at most `limit` bytes, after a first line
 * `header` (may be empty). The summary comes first. Of what does not fit the least important is left out first, and the text
 * says so.
 */
export function renderChangesText(text: ChangesText, header: string, limit: number): string {
  return fitText(
    DETAILS.map((detail) => () => renderAt(text, header, detail)),
    limit,
  );
}

function renderAt(text: ChangesText, header: string, detail: Detail): string {
  const { heading, summary, notes, earlier } = text;
  const parts = [
    ...(heading === undefined
      ? [`**${escapeMarkdown(summary)}** ${renderFoot(text)}`]
      : [`## ${escapeMarkdown(heading)}`, `**${escapeMarkdown(summary)}**`]),
    ...notes.map(escapeMarkdown),
    ...renderProblems(text.problems, detail),
    ...renderChanges(text, detail),
    ...explainGaps(text, detail),
    ...(heading === undefined ? [] : [renderFoot(text)]),
    ...renderEarlier(earlier),
  ];
  const body = parts.join("\n\n");
  return header === "" ? body : `${header}\n${body}`;
}

function renderProblems(problems: readonly Problem[], detail: Detail): string[] {
  if (problems.length === 0) return [];
  const shown = problems
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, detail.problems)
    .map((problem) => ({ ...problem, message: cutLetters(problem.message, detail.letters) }));
  return [renderProblemList(shown)];
}

/** What stops a plan stands before what is merely worth knowing, and guards before all. */
function rank({ severity, code }: Problem): number {
  if (code.startsWith("guard-")) return 0;
  return { error: 1, warning: 2, info: 3 }[severity];
}

function cutLetters(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}

function renderChanges(text: ChangesText, detail: Detail): string[] {
  const picture = drawNumbers(text.changes);
  const fence = writeFence(picture);
  let left = detail.rows;
  return [
    ...(picture === "" ? [] : [`${fence}mermaid\n${picture}\n${fence}`]),
    ...splitByOrigin(text).flatMap(({ heading, changes }) => {
      const shown = changes.slice(0, left);
      left -= shown.length;
      return [
        ...(heading === undefined ? [] : [`### ${escapeMarkdown(heading)}`]),
        ...(shown.length === 0 ? [] : [renderTable(shown)]),
        ...(detail.details ? shown.map((change) => renderChange(change, detail.diffLines)) : []),
      ];
    }),
  ];
}

function renderChange(change: Change, diffLines: number): string {
  const lines = change.fields.map((field) => renderField(field, change.op, diffLines));
  const name = escapeHtml(`${OP_SIGNS[change.op]} ${writeChangeName(change)}`);
  return [`<details><summary>${name}</summary>`, "", ...lines, "", "</details>"].join("\n");
}

function renderField(field: FieldChange, op: Change["op"], diffLines: number): string {
  const diff = field.diff ?? "";
  const line = writeFieldLine(field, op);
  const value = line === undefined ? countEdits(diff) : writeCode(line);
  const lead = `- ${writeCode(field.field)}: ${value}`;
  if (diff === "" || diffLines === 0) return lead;
  const text = toPrintable(cutLines(diff, diffLines));
  const fence = writeFence(text);
  return `${lead}\n\n${fence}diff\n${text}\n${fence}\n`;
}

function countEdits(diff: string): string {
  const lines = diff.split("\n");
  const count = (sign: string): number => lines.filter((line) => line.startsWith(sign)).length;
  const added = count("+");
  return `${added} ${added === 1 ? "line" : "lines"} added, ${count("-")} removed`;
}

/** What is left out at this detail, and where it can be read. */
function explainGaps({ changes, problems, runUrl }: ChangesText, detail: Detail): string[] {
  const longest = Math.max(0, ...changes.flatMap(({ fields }) => fields.map(countDiffLines)));
  const cut = longest > detail.diffLines;
  const gaps = [
    ...(cut && detail.details
      ? [
          detail.diffLines === 0
            ? "script diffs are left out"
            : `script diffs end after ${detail.diffLines} lines`,
        ]
      : []),
    ...(changes.length > 0 && !detail.details ? ["the details of each change are left out"] : []),
    ...(changes.length > detail.rows
      ? [`the table has ${detail.rows} of ${changes.length} changes`]
      : []),
    ...(problems.length > detail.problems
      ? [`${problems.length - detail.problems} of ${problems.length} problems are left out`]
      : []),
    ...(problems.some(({ message }) => message.length > detail.letters)
      ? ["long messages are cut"]
      : []),
  ];
  if (gaps.length === 0) return [];
  return [
    `**Shortened, because GitHub takes no longer text:** ${gaps.join("; ")}. The [job summary](${runUrl}) has more, and the files that the outputs \`plan-file\` and \`report-file\` name have all of it.`,
  ];
}

function countDiffLines({ diff }: FieldChange): number {
  return diff === undefined || diff === "" ? 0 : diff.split("\n").length;
}

function renderFoot({ digest, commit, runUrl }: ChangesText): string {
  const signed = digest === "" ? "" : ` · digest \`${shortenId(digest)}\``;
  return `<sub>Commit ${shortenId(commit)}${signed} · [run](${runUrl})</sub>`;
}

function renderEarlier(earlier: readonly Earlier[]): string[] {
  if (earlier.length === 0) return [];
  const rows = earlier.map(
    ({ commit, digest, outcome }) =>
      `| ${escapeMarkdown(shortenId(commit))} | ${escapeMarkdown(shortenId(digest))} | ${escapeMarkdown(outcome)} |`,
  );
  return [
    [
      `<details><summary>Earlier plans (${earlier.length})</summary>`,
      "",
      "| commit | digest | outcome |",
      "|---|---|---|",
      ...rows,
      "",
      "</details>",
    ].join("\n"),
  ];
}

const SHORT = 12;

function shortenId(id: string): string {
  return id.slice(0, SHORT);
}
