import type { Drift } from "../../domain/plan/drift.ts";
import { escapeMarkdown, renderSections as renderMarkdownSections } from "./markdown.ts";
import type { Paint } from "../paint.ts";
import { renderSections, renderTarget } from "./terminal.ts";
import { writeNotes } from "../view.ts";

/** `Drift: 2 changed, 1 missing, 0 not in Git, 14 as Git says.`, from where the PBX stands. */
export function writeDriftSummary({ summary }: Drift): string {
  const { create, update, unchanged } = summary;
  return `Drift: ${update} changed, ${create} missing, ${summary.delete} not in Git, ${unchanged} as Git says.`;
}

/** What differs from Git, each change as applying would put it back. */
export function renderDrift(drift: Drift, paint: Paint): string {
  const parts = [
    renderTarget(drift.target, paint),
    ...renderSections(drift, paint),
    ...(drift.changes.length === 0 ? ["No drift. The PBX is as Git says."] : []),
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
    ...writeNotes(drift).map(escapeMarkdown),
  ];
  return `${parts.join("\n\n")}\n`;
}
