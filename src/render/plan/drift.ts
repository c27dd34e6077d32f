import type { Drift } from "../../domain/plan/drift.ts";
import { escapeMarkdown, renderSections as renderMarkdownSections } from "./markdown.ts";
import type { Paint } from "../paint.ts";
import { renderSections, renderTarget } from "./terminal.ts";
import { writeNotes } from "../view.ts";

/** `Drift: 2 changed, 1 missing, 0 not in Git, 14 as Git says.`, from where the PBX stands. */
export function writeDriftSummary({ summary, unmanaged, unsettled = [] }: Drift): string {
  const { create, update, unchanged } = summary;
  const strange = summary.delete + unmanaged.length;
  const alone = unmanaged.length === 0 ? "" : ` (${unmanaged.length} of them left alone)`;
  const silent =
    unsettled.length === 0 ? "" : `, ${unsettled.length} with a script that does not run`;
  return `Drift: ${update} changed, ${create} missing, ${strange} not in Git${alone}, ${unchanged} as Git says${silent}.`;
}

function writeNoDrift({ unmanaged, unsettled = [] }: Drift): string {
  if (unsettled.length > 0)
    return "No field differs. The PBX has what Git says, but not all of it runs.";
  return unmanaged.length === 0
    ? "No drift. The PBX is as Git says."
    : "No drift. What Git describes is on the PBX as Git says.";
}

/** What differs from Git, each change as applying would put it back. */
export function renderDrift(drift: Drift, paint: Paint): string {
  const parts = [
    renderTarget(drift.target, paint),
    ...renderSections(drift, paint),
    ...(drift.changes.length === 0 ? [writeNoDrift(drift)] : []),
    ...writeNotes(drift).map((note) => paint("dim", note)),
    paint("bold", writeDriftSummary(drift)),
  ];
  return `${parts.join("\n\n")}\n`;
}

export function renderDriftMarkdown(drift: Drift): string {
  const parts = [
    `## Callform drift of ${escapeMarkdown(drift.target.name)}`,
    `**${writeDriftSummary(drift)}**`,
    ...renderMarkdownSections(drift),
    ...((drift.unsettled ?? []).length > 0 && drift.changes.length === 0
      ? [escapeMarkdown(writeNoDrift(drift))]
      : []),
    ...writeNotes(drift).map(escapeMarkdown),
  ];
  return `${parts.join("\n\n")}\n`;
}
