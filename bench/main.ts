// Measures Callform against the floor, row by row of what it promises.
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { drawChart } from "./chart.ts";
import { rows, type Measured, type Row } from "./rows.ts";
import { writeTable } from "./table.ts";

export interface Result {
  readonly row: Row;
  readonly measured: Measured;
}

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    json: { type: "string" },
    chart: { type: "string" },
    pairs: { type: "string" },
  },
});

const chosen = rows.filter(({ name }) => values.only === undefined || values.only.includes(name));
if (chosen.length === 0)
  throw new Error(`no such row; there are: ${rows.map(({ name }) => name).join(", ")}`);

const results: Result[] = [];
for (const row of chosen) {
  const pairs = values.pairs === undefined ? row.pairs : Number(values.pairs);
  const onPair = (done: number, of: number): void =>
    void process.stderr.write(`\r${row.name}: pair ${done} of ${of} `);
  process.stderr.write(`${row.name}: warming up `);
  results.push({ row, measured: await row.run({ pairs, onPair }) });
  process.stderr.write("\r\u001B[2K");
}

const machine = {
  node: process.version,
  processors: cpus().length,
  model: cpus()[0]?.model ?? "",
  memory: totalmem(),
};
process.stdout.write(writeTable(results, machine));
if (values.json !== undefined) {
  const report = results.map(({ row, measured }) => ({
    row: row.name,
    work: row.work,
    bars: row.bars.map(({ text, holds }) => ({ text, holds: holds(measured) })),
    ...measured,
  }));
  writeFileSync(values.json, `${JSON.stringify({ machine, rows: report }, null, 2)}\n`);
}
if (values.chart !== undefined) writeFileSync(values.chart, drawChart(results));
process.exitCode = results.every(({ row, measured }) =>
  row.bars.every(({ holds }) => holds(measured)),
)
  ? 0
  : 1;
