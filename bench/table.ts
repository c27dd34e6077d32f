import type { Comparison, Figures } from "./pair.ts";
import type { Measured, Row } from "./rows.ts";
import type { Spread } from "./statistics.ts";

export interface Machine {
  readonly node: string;
  readonly processors: number;
  readonly model: string;
  /** Bytes. */
  readonly memory: number;
}

/** Above this two runs of the bench may disagree by more than a tenth. */
export const MOST_DOUBT = 0.1;

/** The results as Markdown: a table of ratios, one of what was sent, and each bar with its verdict. */
export function writeTable(
  results: readonly { readonly row: Row; readonly measured: Measured }[],
  { node, processors, model, memory }: Machine,
): string {
  const compared = results.flatMap(({ row, measured: { comparison } }) =>
    comparison === undefined ? [] : [writeRatios(row.name, comparison)],
  );
  const counted = results.flatMap(({ row, measured: { counts } }) =>
    counts === undefined
      ? []
      : [
          `| ${row.name} | ${counts.requests} | ${counts.writes} | ${counts.polls} | ${counts.peak} |`,
        ],
  );
  const bars = results.flatMap(({ row, measured }) =>
    row.bars.map(
      ({ text, holds }) => `| ${row.name} | ${text} | ${holds(measured) ? "yes" : "**no**"} |`,
    ),
  );
  const notes = results.flatMap(({ row, measured: { note } }) =>
    note === undefined ? [] : [`- ${row.name}: ${note}`],
  );
  const noisy = results.filter(
    ({ measured: { comparison } }) =>
      comparison !== undefined && comparison.wall.doubt > MOST_DOUBT,
  );
  return [
    `Node ${node}, ${processors} x ${model.trim()}, ${(memory / 2 ** 30).toFixed(0)} GiB.`,
    "",
    ...list(results.map(({ row }) => `- \`${row.name}\`: ${row.work}`)),
    ...table(
      ["row", "wall: median (least to most)", "CPU", "peak memory", "Callform", "floor", "pairs"],
      compared,
    ),
    ...table(["row", "requests", "writes", "polls", "most in flight"], counted),
    ...table(["row", "bar", "holds"], bars),
    ...list(notes),
    ...(noisy.length === 0
      ? []
      : [
          `The machine was too noisy for ${noisy.map(({ row }) => row.name).join(", ")}: one half of the pairs differs from the other by more than a tenth.`,
          "",
        ]),
  ].join("\n");
}

function writeRatios(name: string, { wall, cpu, memory, ours, floor, pairs }: Comparison): string {
  return `| ${name} | ${writeSpread(wall)} | ${cpu.median.toFixed(2)} | ${memory.median.toFixed(2)} | ${writeFigures(ours)} | ${writeFigures(floor)} | ${pairs} |`;
}

function writeSpread({ median, least, most }: Spread): string {
  return `${median.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`;
}

function writeFigures({ wall, cpu, memory }: Figures): string {
  return `${wall.toFixed(0)} ms, ${cpu.toFixed(0)} ms CPU, ${(memory / 2 ** 20).toFixed(0)} MB`;
}

function table(head: readonly string[], lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return [`| ${head.join(" | ")} |`, `|${"---|".repeat(head.length)}`, ...lines, ""];
}

function list(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [...lines, ""];
}
