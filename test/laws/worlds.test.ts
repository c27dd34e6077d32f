import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeRun, judgeRun } from "../support/world-laws.ts";
import { worldsByKind } from "../support/world-engine.ts";
import { runWorld } from "../support/world-run.ts";

/** The same worlds in every run; fast-check names the seed and the smallest world that breaks a law. */
const RUNS = { numRuns: 1000, seed: 20_260_105 };

/** What must come up among the worlds, or they would prove nothing. */
const COMMON = [
  "create applied",
  "update applied",
  "delete applied",
  "update failed",
  "update interrupted",
  "intended",
  "drift",
  "conflict",
  "renumbering",
  "finished",
  "guard-max-deletes",
  "guard-change-percent",
  "guard-protected",
];
const TYPICAL: Readonly<Record<string, readonly string[]>> = {
  CallFlowApp: [...COMMON, "create refused", "update refused", "guard-unhealthy", "unhealthy"],
  Widget: [...COMMON, "create skipped"],
};

function tell(seen: ReadonlyMap<string, number>): string {
  const sorted = [...seen].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([what, count]) => `${what} ${count}`).join(", ");
}

describe.each(Object.entries(worldsByKind))("in 1,000 random worlds of kind %s", (name, world) => {
  it("every law holds, and all that can happen does", { timeout: 300_000 }, async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        const run = await runWorld(given);
        for (const what of describeRun(run)) seen.set(what, (seen.get(what) ?? 0) + 1);
        expect(judgeRun(run)).toEqual([]);
      }),
      RUNS,
    );
    process.stdout.write(`${name}: 1,000 worlds, ${tell(seen)}\n`);
    expect(TYPICAL[name]?.filter((what) => (seen.get(what) ?? 0) < 5)).toEqual([]);
  });
});
