import { describe, expect, it } from "vitest";
import { converge, convergeWorlds, type Cut, type Nature } from "../support/worlds/converge.ts";

const MOST = 30;
const natures: readonly Nature[] = [0, 60, 1_500, 6_000].flatMap((compileTime) =>
  [true, false].map((showsSentText) => ({ compileTime, showsSentText })),
);

describe("killed at any request and run again at once", () => {
  it.each(Object.entries(convergeWorlds))(
    "%s ends the same, exit code included",
    async (_, world) => {
      let tried = 0;
      for (const nature of natures) {
        const whole = await converge(world, nature);
        const { rows, code } = whole;
        // Past these there is nothing but the same question again and again.
        for (let at = 1; at <= Math.min(whole.requests, MOST); at += 1)
          for (const effective of [false, true]) {
            const cut: Cut = { at, effective };
            const again = await converge(world, nature, cut);
            expect({ ...nature, ...cut, rows: again.rows, code: again.code }).toEqual({
              ...nature,
              ...cut,
              rows,
              code,
            });
            tried += 1;
          }
      }
      expect(tried).toBeGreaterThanOrEqual(16);
    },
  );
});
