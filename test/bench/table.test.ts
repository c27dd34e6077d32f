import { describe, expect, it } from "vitest";
import { drawChart } from "../../bench/chart.ts";
import type { Comparison } from "../../bench/pair.ts";
import type { Measured, Row } from "../../bench/rows.ts";
import { describeSpread } from "../../bench/statistics.ts";
import { writeTable } from "../../bench/table.ts";

const machine = { node: "v20.19.0", processors: 2, model: "A processor", memory: 8 * 2 ** 30 };

describe("the table of a bench", () => {
  it("has the ratios, what was sent, and the verdict on every bar", () => {
    const text = writeTable([result("plan-1000", [1.1, 1.2, 1.15], 1.25)], machine);
    expect(text).toContain("| plan-1000 | 1.15 (1.10 to 1.20) |");
    expect(text).toContain("| plan-1000 | 11 | 0 | 0 | 9 |");
    expect(text).toContain("| plan-1000 | wall at most 1.25 x the floor | yes |");
    expect(text).not.toContain("too noisy");
  });

  it("says that a bar does not hold", () => {
    expect(writeTable([result("plan-1000", [1.6, 1.6], 1.25)], machine)).toContain(
      "| plan-1000 | wall at most 1.25 x the floor | **no** |",
    );
  });

  it("says when the machine was too noisy for another run to agree within a tenth", () => {
    const text = writeTable([result("version", [1, 1.5, 1, 1.5], 1.6)], machine);
    expect(text).toContain("The machine was too noisy for version");
  });
});

describe("the chart of a bench", () => {
  it("draws a bar for each ratio, with what was promised as a line", () => {
    const svg = drawChart([result("version", [1.2], 1.6), result("plan-1000", [1.1], 1.25)]);
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg.match(/fill="#2da44e"/g)).toHaveLength(2);
    expect(svg.match(/stroke="#cf222e"/g)).toHaveLength(2);
    expect(svg).toContain("1.20 x");
  });
});

function result(
  name: string,
  ratios: readonly number[],
  most: number,
): { row: Row; measured: Measured } {
  const spread = describeSpread(ratios);
  const figures = { wall: 100, cpu: 80, memory: 2 ** 26 };
  const comparison: Comparison = {
    pairs: ratios.length,
    wall: spread,
    cpu: spread,
    memory: spread,
    ours: figures,
    floor: figures,
  };
  const row: Row = {
    name,
    work: `the work of ${name}`,
    bars: [
      {
        text: `wall at most ${most} x the floor`,
        holds: (measured) => (measured.comparison?.wall.median ?? Infinity) <= most,
      },
    ],
    pairs: ratios.length,
    run: () => Promise.reject(new Error("not here")),
  };
  return { row, measured: { comparison, counts: { requests: 11, writes: 0, polls: 0, peak: 9 } } };
}
