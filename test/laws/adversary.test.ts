import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contested, judgeContested, runContested } from "../support/worlds/adversary.ts";
import { worldsByKind } from "../support/worlds/engine.ts";

/** The same worlds in every run. */
const RUNS = { numRuns: 1_000 };

const KEYS: Readonly<Record<string, readonly string[]>> = {
  CallFlowApp: Array.from({ length: 14 }, (_, index) => String(800 + index)),
  Widget: Array.from({ length: 14 }, (_, index) => `w${index + 10}`),
};

describe.each(Object.entries(worldsByKind))(
  "in 1,000 random worlds of kind %s, while somebody acts between any two requests",
  (name, world) => {
    it(
      "the report explains every state, and nothing that could be seen is undone",
      { timeout: 300_000 },
      async () => {
        const seen = new Map<string, number>();
        const add = (what: string, by = 1): void => void seen.set(what, (seen.get(what) ?? 0) + by);
        await fc.assert(
          fc.asyncProperty(contested(world, KEYS[name] ?? []), async (given) => {
            const run = await runContested(given);
            add(
              "acts",
              [...run.touched.values()].reduce((sum, count) => sum + count, 0),
            );
            add("undone unseen", run.losses.length);
            for (const { outcome, op, problems } of run.results ?? []) {
              add(`${op} ${outcome}`);
              if (problems.some(({ code }) => code === "moved-since-plan")) add(`${op} moved`);
            }
            expect(judgeContested(run)).toEqual([]);
          }),
          RUNS,
        );
        const told = [...seen].toSorted(([a], [b]) => (a < b ? -1 : 1));
        process.stdout.write(
          `${name}: 1,000 worlds, ${told.map(([what, count]) => `${what} ${count}`).join(", ")}\n`,
        );
        for (const what of [
          "create moved",
          "update moved",
          "delete moved",
          "update applied",
          "delete applied",
        ])
          expect(seen.get(what), what).toBeGreaterThan(5);
      },
    );
  },
);
