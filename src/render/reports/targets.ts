import type { Paint } from "../paint.ts";
import { toPrintableLine } from "../printable.ts";

export interface TargetRow {
  readonly name: string;
  readonly wave: number;
  /** As the project file has it, references and all. */
  readonly url: string | undefined;
}

/** A line for each target, in the order of waves. */
export function renderTargets(rows: readonly TargetRow[], paint: Paint): string {
  if (rows.length === 0) return "The project file names no target.\n";
  const widest = Math.max(...rows.map(({ name }) => name.length));
  return rows
    .toSorted((a, b) => a.wave - b.wave)
    .map(({ name, wave, url }) => {
      const address = url === undefined ? "" : `  ${paint("dim", toPrintableLine(url))}`;
      return `${toPrintableLine(name).padEnd(widest)}  wave ${wave}${address}\n`;
    })
    .join("");
}

/**
 * `{"include":[{"target":"berlin","wave":1}]}` in one line: what `strategy.matrix` of a GitHub workflow takes through
 * `fromJSON`, and what fits on one line of `$GITHUB_OUTPUT`.
 */
export function renderTargetMatrix(rows: readonly TargetRow[]): string {
  const include = rows.map(({ name, wave }) => ({ target: name, wave }));
  return `${JSON.stringify({ include })}\n`;
}
