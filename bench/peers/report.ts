import type { Spread } from "../statistics.ts";
import { MOST_DOUBT, type Machine } from "../table.ts";
import type { Verdict } from "./bar.ts";
import { callform } from "./callform.ts";
import type { Contender } from "./contender.ts";
import { nameShape, type Entry, type Outcome } from "./contest.ts";

const HEAD = [
  "work",
  "tool",
  "wall (least to most)",
  "CPU",
  "peak memory",
  "requests",
  "writes",
  "most in flight",
  "wall, times Callform",
  "runs",
];

const WORKS = { look: "nothing changed", change: "one changed" } as const;

/** The outcome as Markdown: a table for each shape, what each tool does and does not read, what failed, and the bar. */
export function writeReport(
  contenders: readonly Contender[],
  { entries, failures }: Outcome,
  verdict: Verdict,
  { node, processors, model, memory }: Machine,
): string {
  const shapes = [...new Set(entries.map(({ shape }) => nameShape(shape)))];
  return [
    `Node ${node}, ${processors} x ${model.trim()}, ${(memory / 2 ** 30).toFixed(0)} GiB.`,
    "",
    ...shapes.flatMap((name) => [
      `**${name}**`,
      "",
      `| ${HEAD.join(" | ")} |`,
      `|${"---|".repeat(HEAD.length)}`,
      ...sortByWork(entries.filter(({ shape }) => nameShape(shape) === name)).map((entry) =>
        writeEntry(entry, entries),
      ),
      "",
    ]),
    ...writeNoise(entries),
    "What each does and does not read:",
    "",
    ...contenders.map(
      ({ name, version, typed, caveat }) =>
        `- **${name}** (${version}; ${[...new Set([typed.look, typed.change])].map((text) => `\`${text}\``).join(", ")}): ${caveat}`,
    ),
    "",
    ...failures.map(
      ({ contender, where, reason }) =>
        `- **${contender.name} was left out** (${where}): ${shorten(reason)}`,
    ),
    ...(failures.length === 0 ? [] : [""]),
    `Bar: ${verdict.text}: ${writeVerdict(verdict)}`,
    "",
  ].join("\n");
}

/** The outcome as a value for JSON: milliseconds, bytes and ratios. */
export function describeOutcome(
  contenders: readonly Contender[],
  { entries, failures }: Outcome,
  verdict: Verdict,
  machine: Machine,
): object {
  return {
    machine,
    contenders: contenders.map(({ name, version, caveat }) => ({ name, version, caveat })),
    entries: entries.map((entry) => ({
      tool: entry.contender.name,
      ...entry.shape,
      work: entry.work,
      command: entry.contender.typed[entry.work],
      ...entry.measurement,
      timesCallform: compareWall(entry, entries),
    })),
    failures: failures.map(({ contender, where, reason }) => ({
      tool: contender.name,
      where,
      reason,
    })),
    bar: verdict,
  };
}

/** How many times Callform's wall time for the same work, in the same run; undefined where that was not measured. */
export function compareWall(entry: Entry, entries: readonly Entry[]): number | undefined {
  const ours = entries.find(
    ({ contender, shape, work }) =>
      contender.name === callform.name &&
      work === entry.work &&
      nameShape(shape) === nameShape(entry.shape),
  );
  return ours === undefined
    ? undefined
    : entry.measurement.wall.median / ours.measurement.wall.median;
}

function sortByWork(entries: readonly Entry[]): readonly Entry[] {
  return (["look", "change"] as const).flatMap((work) =>
    entries.filter((entry) => entry.work === work),
  );
}

function writeEntry(entry: Entry, entries: readonly Entry[]): string {
  const { contender, work, measurement } = entry;
  const { wall, cpu, memory, tally, runs } = measurement;
  const times = compareWall(entry, entries);
  const cells = [
    WORKS[work],
    contender.name,
    writeSpread(wall, runs),
    writeTime(cpu),
    `${(memory / 2 ** 20).toFixed(0)} MB`,
    String(tally.requests),
    String(tally.writes),
    String(tally.peak),
    times === undefined ? "" : times.toFixed(times < 10 ? 2 : 0),
    String(runs),
  ];
  return `| ${cells.join(" | ")} |`;
}

function writeSpread({ median, least, most }: Spread, runs: number): string {
  if (runs === 1) return writeTime(median);
  return `${writeTime(median)} (${writeTime(least)} to ${writeTime(most)})`;
}

function writeNoise(entries: readonly Entry[]): readonly string[] {
  const noisy = entries.filter(({ measurement }) => measurement.wall.doubt > MOST_DOUBT);
  if (noisy.length === 0) return [];
  return [
    `The machine was noisy: in ${noisy.length} of ${entries.length} rows one half of the runs differs from the other by more than a tenth.`,
    "",
  ];
}

function writeTime(milliseconds: number): string {
  return milliseconds < 1000
    ? `${milliseconds.toFixed(0)} ms`
    : `${(milliseconds / 1000).toFixed(1)} s`;
}

function writeVerdict({ times, holds }: Verdict): string {
  if (times === undefined) return "not measured.";
  return `${holds === true ? "yes" : "**no**"}, ${times.toFixed(1)} times.`;
}

/** On one line, and as much of it as fits a list. */
function shorten(reason: string): string {
  const line = reason.replaceAll(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
