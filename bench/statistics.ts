/** The middle of the values. Throws for none. */
export function takeMedian(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) throw new Error("no values");
  return (low + high) / 2;
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /**
   * How far the medians of every other value and of the rest lie apart, as a share of the median: what another run of the same
   * bench may be off by.
   */
  readonly doubt: number;
}

export function describeSpread(values: readonly number[]): Spread {
  const median = takeMedian(values);
  const halves = [0, 1].map((rest) => values.filter((_, index) => index % 2 === rest));
  const [even = median, odd = median] = halves.map((half) =>
    half.length === 0 ? median : takeMedian(half),
  );
  return {
    median,
    least: Math.min(...values),
    most: Math.max(...values),
    doubt: median === 0 ? 0 : Math.abs(even - odd) / median,
  };
}

/** The exponent k of time ~ size^k between the first and the last of the sizes. */
export function fitExponent(
  points: readonly { readonly size: number; readonly value: number }[],
): number {
  const logs = points.map(({ size, value }) => [Math.log(size), Math.log(value)] as const);
  const mean = (pick: 0 | 1): number => logs.reduce((sum, log) => sum + log[pick], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const above = logs.reduce((sum, log) => sum + (log[0] - x) * (log[1] - y), 0);
  return above / logs.reduce((sum, log) => sum + (log[0] - x) ** 2, 0);
}
