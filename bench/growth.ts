// How a plan grows with the number of apps: wall time and memory, and the exponent.
import { parseArgs } from "node:util";
import { comparePlans } from "./rows.ts";
import { fitExponent } from "./statistics.ts";

const SIZES = [100, 1000, 10_000];
const LATENCIES = [0, 50];

const { values } = parseArgs({ options: { pairs: { type: "string", default: "3" } } });
const lines: string[] = [];
for (const latency of LATENCIES) {
  const points: { apps: number; wall: number; memory: number; floor: number }[] = [];
  for (const apps of SIZES) {
    const onPair = (done: number, of: number): void =>
      void process.stderr.write(`\r${apps} apps at ${latency} ms: pair ${done} of ${of} `);
    const options = { pairs: Number(values.pairs), onPair };
    const { comparison } = await comparePlans({ apps, latency, tls: false }, options);
    if (comparison === undefined) throw new Error("not measured");
    const { ours, floor } = comparison;
    points.push({ apps, wall: ours.wall, memory: ours.memory, floor: floor.wall });
    lines.push(
      `| ${latency} ms | ${apps} | ${ours.wall.toFixed(0)} ms | ${((ours.wall / apps) * 1000).toFixed(0)} µs | ${(ours.memory / 2 ** 20).toFixed(0)} MB | ${(ours.memory / 1024 / apps).toFixed(0)} KB | ${comparison.wall.median.toFixed(2)} |`,
    );
  }
  const exponent = (pick: "wall" | "memory"): string =>
    fitExponent(points.slice(1).map((point) => ({ size: point.apps, value: point[pick] }))).toFixed(
      2,
    );
  lines.push(
    `| ${latency} ms | exponent, 1,000 to 10,000 | ${exponent("wall")} | | ${exponent("memory")} | | |`,
  );
}
process.stderr.write("\r\u001B[2K");
process.stdout.write(
  `| latency | apps | wall | per app | peak memory | per app | wall / floor |\n|---|---|---|---|---|---|---|\n${lines.join("\n")}\n`,
);
