import type { Measured, Row } from "./rows.ts";

const WIDTH = 720;
const LEFT = 150;
const LINE = 34;
const TOP = 40;

/** Ratios to the floor as bars, the spread as a whisker, the bar that was promised as a line: an SVG. */
export function drawChart(
  results: readonly { readonly row: Row; readonly measured: Measured }[],
): string {
  const shown = results.flatMap(({ row, measured: { comparison } }) =>
    comparison === undefined ? [] : [{ row, wall: comparison.wall }],
  );
  const most = Math.max(2.5, ...shown.map(({ wall }) => wall.most));
  const scale = (value: number): number => LEFT + (value / most) * (WIDTH - LEFT - 70);
  const height = TOP + shown.length * LINE + 30;
  const marks = shown.map(({ row, wall }, index) => {
    const y = TOP + index * LINE;
    const promised = row.bars
      .map(({ text }) => /^wall at most ([\d.]+)/.exec(text)?.[1])
      .find(Boolean);
    const limit =
      promised === undefined
        ? ""
        : `<line x1="${scale(Number(promised))}" x2="${scale(Number(promised))}" y1="${y - 2}" y2="${y + 22}" stroke="#cf222e" stroke-width="2"/>`;
    return `  <text x="${LEFT - 8}" y="${y + 14}" text-anchor="end">${row.name}</text>
  <rect x="${LEFT}" y="${y}" width="${scale(wall.median) - LEFT}" height="20" fill="#2da44e"/>
  <line x1="${scale(wall.least)}" x2="${scale(wall.most)}" y1="${y + 10}" y2="${y + 10}" stroke="#1f2328"/>
  ${limit}<text x="${scale(wall.most) + 8}" y="${y + 14}">${wall.median.toFixed(2)} x</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">
  <rect width="100%" height="100%" fill="#ffffff"/>
  <text x="8" y="20" font-size="14">Callform against the floor: wall time, median and range; red: the bar</text>
  <line x1="${scale(1)}" x2="${scale(1)}" y1="${TOP - 8}" y2="${height - 20}" stroke="#8c959f" stroke-dasharray="4 3"/>
${marks.join("\n")}
  <text x="${scale(1)}" y="${height - 6}" text-anchor="middle">1 = the floor</text>
</svg>
`;
}
