import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeSpread, fitExponent, takeMedian } from "../../bench/statistics.ts";

const values = fc.array(fc.double({ min: 0.1, max: 1000, noNaN: true }), { minLength: 1 });

describe("the median", () => {
  it("has as many values above as below, whatever their order", () => {
    fc.assert(
      fc.property(values, (numbers) => {
        const median = takeMedian(numbers);
        const below = numbers.filter((value) => value < median).length;
        const above = numbers.filter((value) => value > median).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(numbers.length / 2);
        expect(takeMedian(numbers.toReversed())).toBe(median);
      }),
    );
  });

  it("of none is a mistake", () => {
    expect(() => takeMedian([])).toThrow("no values");
  });
});

describe("the spread", () => {
  it("holds the median, and has no doubt where all is the same", () => {
    fc.assert(
      fc.property(values, (numbers) => {
        const { median, least, most } = describeSpread(numbers);
        expect(least).toBeLessThanOrEqual(median);
        expect(most).toBeGreaterThanOrEqual(median);
      }),
    );
    expect(describeSpread([2, 2, 2, 2, 2])).toEqual({ median: 2, least: 2, most: 2, doubt: 0 });
    expect(describeSpread([2])).toMatchObject({ doubt: 0 });
  });

  it("doubts what differs from one half of the runs to the other", () => {
    expect(describeSpread([1, 2, 1, 2, 1, 2]).doubt).toBeGreaterThan(0.5);
    expect(describeSpread([1, 1.01, 0.99, 1, 1.02, 1]).doubt).toBeLessThan(0.05);
  });
});

describe("the exponent of growth", () => {
  it("is found for any power, whatever its factor", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (power, factor) => {
          const points = [100, 1000, 10_000].map((size) => ({
            size,
            value: factor * size ** power,
          }));
          expect(fitExponent(points)).toBeCloseTo(power, 6);
        },
      ),
    );
  });
});
