import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isRetryableStatus,
  waitBeforeRetry,
  writeRetryAfter,
} from "../../../src/xapi/http/retry.ts";

const NOW = Date.UTC(2026, 0, 5, 8);
const clock = { now: () => NOW, sleep: () => Promise.resolve() };

function wait(attempt: number, retryAfter?: string, random = 0): number {
  return waitBeforeRetry(attempt, retryAfter, clock, () => random);
}

describe("a status worth another try", () => {
  it.each([408, 425, 429, 500, 502, 503, 504])("is %i", (status) => {
    expect(isRetryableStatus(status)).toBe(true);
  });

  it.each([200, 201, 204, 301, 400, 401, 403, 404, 405, 409, 412])("is not %i", (status) => {
    expect(isRetryableStatus(status)).toBe(false);
  });
});

describe("the wait before another try", () => {
  it("doubles from a quarter of a second to ten", () => {
    const most = [1, 2, 3, 4, 5, 6, 7, 12].map((attempt) => wait(attempt, undefined, 1));
    expect(most).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  it("is between half and the whole of that, so that clients do not come back in step", () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), random, (attempt, chance) => {
        const whole = wait(attempt, undefined, 1);
        expect(wait(attempt, undefined, chance)).toBeGreaterThanOrEqual(whole / 2);
        expect(wait(attempt, undefined, chance)).toBeLessThanOrEqual(whole);
      }),
    );
  });

  it("is what the server asks for, in seconds", () => {
    expect(wait(1, "7")).toBe(7000);
    expect(wait(9, " 0 ")).toBe(0);
  });

  it("is what the server asks for, as a date", () => {
    expect(wait(1, new Date(NOW + 90_000).toUTCString())).toBe(90_000);
  });

  it("is nothing when that date has passed", () => {
    expect(wait(1, "Wed, 21 Oct 2015 07:28:00 GMT")).toBe(0);
  });

  it.each(["", "soon", "-5", "1e9", "0x10", "2026-01-05", "Infinity", "12 monkeys"])(
    "is its own when the server asks for %j",
    (retryAfter) => {
      expect(wait(3, retryAfter)).toBe(500);
    },
  );

  it("is a number from zero up, whatever the server asks for", () => {
    fc.assert(
      fc.property(fc.string(), (retryAfter) => {
        expect(wait(1, retryAfter)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("a wait that is too long", () => {
  it.each([
    [1000, "1 second"],
    [119_001, "2 minutes"],
    [150_000, "3 minutes"],
    [3_600_000, "60 minutes"],
    [7_200_000, "2 hours"],
  ])("of %i ms is named as %s", (milliseconds, expected) => {
    expect(writeRetryAfter(milliseconds)).toBe(`it asks to be left alone for ${expected}`);
  });
});
