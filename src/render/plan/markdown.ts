import type { FieldChange } from "../../domain/plan/diff.ts";
import type { Change, Plan } from "../../domain/plan/plan.ts";
import type { Problem } from "../../domain/problem.ts";
import { toPrintable, toPrintableLine } from "../printable.ts";
import {
  OP_SIGNS,
  splitByOrigin,
  writeBlocks,
  writeChangeName,
  writeFieldLine,
  writeNotes,
  writeNothing,
  writePlace,
  writeSummary,
  type Section,
} from "../view.ts";

/** A plan for a review: the summary first, a table of what changes, then every change with its script diff collapsed. */
export function renderPlanMarkdown(plan: Plan): string {
  const parts = [
    `## Callform plan for ${escapeMarkdown(plan.target.name)}`,
    `**${writeSummary(plan.summary)}**`,
    ...renderSections(plan),
    ...((plan.unsettled ?? []).length > 0 && plan.changes.length === 0
      ? [escapeMarkdown(writeNothing(plan))]
      : []),
    ...writeNotes(plan).map(escapeMarkdown),
    ...(plan.problems.length === 0 ? [] : [renderProblemList(plan.problems)]),
    ...writeBlocks(plan).map((text) => `**${escapeMarkdown(text)}**`),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Every change, drift and conflicts under headings of their own: a table and the details, a paragraph each. */
export function renderSections(plan: Pick<Plan, "base" | "changes">): string[] {
  return splitByOrigin(plan).flatMap(renderSection);
}

function renderSection({ heading, changes }: Section): string[] {
  return [
    ...(heading === undefined ? [] : [`### ${escapeMarkdown(heading)}`]),
    renderTable(changes),
    ...changes.map(renderChange),
  ];
}

/** Problems as a list, errors first as they come. */
export function renderProblemList(problems: readonly Problem[]): string {
  return problems
    .map(({ severity, code, message, hint, at, subject }) => {
      const place = at === undefined ? (subject ?? "") : writePlace(at);
      const where = place === "" ? "" : ` ${writeCode(place)}`;
      const advice = hint === undefined ? "" : ` (${escapeMarkdown(hint)})`;
      return `- **${severity}**${where} ${writeCode(code)} ${escapeMarkdown(message)}${advice}`;
    })
    .join("\n");
}

/** A row for each change: what happens, to what, in which fields. */
export function renderTable(changes: readonly Change[]): string {
  const rows = changes.map((change) => {
    const fields = change.fields.map(({ field }) => field).join(", ");
    return `| ${OP_SIGNS[change.op]} ${change.op} | ${escapeMarkdown(writeChangeName(change))} | ${escapeMarkdown(fields)} |`;
  });
  return ["| change | resource | fields |", "|---|---|---|", ...rows].join("\n");
}

function renderChange(change: Change): string {
  const lines = change.fields.flatMap((field) => renderLine(field, change.op));
  const diffs = change.fields.flatMap((field) => renderDiff(field));
  const summary = `${OP_SIGNS[change.op]} ${escapeHtml(writeChangeName(change))}`;
  return [
    "<details>",
    `<summary>${summary}</summary>`,
    "",
    ...lines,
    "",
    ...diffs,
    "</details>",
  ].join("\n");
}

function renderLine(field: FieldChange, op: Change["op"]): string[] {
  const line = writeFieldLine(field, op);
  return line === undefined ? [] : [`- ${writeCode(field.field)}: ${writeCode(line)}`];
}

function renderDiff(field: FieldChange): string[] {
  if (field.diff === undefined || field.diff === "") return [];
  const text = toPrintable(field.diff);
  const fence = writeFence(text);
  return [`${fence}diff`, text, fence, ""];
}

/** A fence longer than any run of backticks inside, so that the text cannot end it. */
export function writeFence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return "`".repeat(longest + 1);
}

/** Inline code that its content cannot leave. */
export function writeCode(text: string): string {
  const line = toPrintableLine(text);
  const fence = "`".repeat(
    Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)) + 1,
  );
  return line.includes("`") ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

/** After these GitHub goes on to a mention, an address or a number of an issue, which a joiner of no width prevents. */
const LIVE = /@|:(?=\/\/)|\bwww(?=\.)|#(?=\d)|\bGH-(?=\d)/gi;

/** Text that stays text: no markup, no HTML, no mention. */
export function escapeMarkdown(text: string): string {
  return escapeHtml(toPrintableLine(text).replaceAll(/[\\`*_{}[\]()#+!|~$]/g, String.raw`\$&`));
}

/** The same for where Markdown is not read, as between HTML tags. */
export function escapeHtml(text: string): string {
  return toPrintableLine(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(LIVE, "$&\u2060");
}
