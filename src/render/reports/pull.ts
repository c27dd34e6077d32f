import type { Paint } from "../paint.ts";
import { toPrintable, toPrintableLine } from "../printable.ts";

/** What a pull made of the files, as its renderer needs it. */
export interface PulledFiles {
  readonly dryRun: boolean;
  readonly written: boolean;
  readonly files: readonly {
    readonly file: string;
    readonly state: "created" | "updated";
    readonly resources: readonly { readonly kind: string; readonly key: string }[];
    readonly diff: string;
  }[];
  readonly unchanged: number;
  readonly gone: readonly { readonly kind: string; readonly key: string; readonly file: string }[];
}

/** The files of a pull, or their diffs for a dry run, and a summary. */
export function renderPull(report: PulledFiles, paint: Paint): string {
  const body = report.dryRun ? renderDiffs(report, paint) : renderFiles(report, paint);
  return `${body}${paint("bold", summarize(report))}\n`;
}

function renderFiles({ files, gone, written }: PulledFiles, paint: Paint): string {
  const rows = files.map(({ file, state: done, resources }) => {
    const colour = done === "created" ? "green" : "yellow";
    const state = written ? done : done === "created" ? "create " : "update ";
    const about = resources.map(({ kind, key }) => `${kind} ${toPrintableLine(key)}`).join(", ");
    return `  ${paint(colour, state)}  ${toPrintableLine(file)}  ${paint("dim", about)}\n`;
  });
  const left = gone.map(
    ({ kind, key, file }) =>
      `  ${paint("red", "gone")}     ${toPrintableLine(file)}  ${paint("dim", `${kind} ${toPrintableLine(key)}`)}\n`,
  );
  return [...rows, ...left].join("");
}

function renderDiffs({ files }: PulledFiles, paint: Paint): string {
  const lines = files.flatMap(({ diff }) => diff.replaceAll("\r\n", "\n").split("\n").slice(0, -1));
  return lines.map((line) => `${paintLine(toPrintable(line), paint)}\n`).join("");
}

function paintLine(line: string, paint: Paint): string {
  if (line.startsWith("--- ") || line.startsWith("+++ ")) return paint("bold", line);
  if (line.startsWith("@@")) return paint("cyan", line);
  if (line.startsWith("+")) return paint("green", line);
  return line.startsWith("-") ? paint("red", line) : line;
}

function summarize({ dryRun, written, files, unchanged, gone }: PulledFiles): string {
  const count = (state: string): number => files.filter((file) => file.state === state).length;
  const [created, updated] = [count("created"), count("updated")];
  const apps = `${unchanged} unchanged${gone.length === 0 ? "" : `, ${gone.length} gone`}`;
  const to = written ? "" : "to be ";
  const end = written ? "" : dryRun ? " Nothing was written (--dry-run)." : " Nothing was written.";
  if (files.length === 0) return `Pull: nothing to write, ${apps}.${dryRun ? "" : end}`;
  return `Pull: ${created} ${plural(created)} ${to}created, ${updated} ${to}updated; ${apps}.${end}`;
}

function plural(count: number): string {
  return count === 1 ? "file" : "files";
}
