import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change } from "../../src/domain/plan/plan.ts";
import { describeRun, judgeRun, laws } from "../support/worlds/laws.ts";
import { worldsByKind } from "../support/worlds/engine.ts";
import { runWorld, type WorldRun } from "../support/worlds/run.ts";

const RUNS = { numRuns: 1000 };

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
  CallFlowApp: [...COMMON, "create refused", "update refused", "guard-unhealthy", "compiling"],
  Widget: [...COMMON, "create skipped"],
};

function tell(seen: ReadonlyMap<string, number>): string {
  const sorted = [...seen].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([what, count]) => `${what} ${count}`).join(", ");
}

describe.each(Object.entries(worldsByKind))("in 1,000 random worlds of kind %s", (name, world) => {
  it("every law holds, and all that can happen does", async () => {
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

/** What makes a run break each law. */
const breaches: Readonly<Record<string, (run: WorldRun) => Partial<WorldRun>>> = {
  "planning sends no write": () => ({ planned: ["PATCH CallFlowApps(3) Name"] }),
  "the order of manifests does not matter": ({ mirrored }) => ({
    mirrored: { ...mirrored, digest: "another" },
  }),
  "a plan that may not be applied says why": () => ({ results: undefined }),
  "there is one result for every change, and each that is not applied says why": ({ results }) => ({
    results: results?.slice(1),
  }),
  "after an apply, only what was not applied is left to do": ({ plan }) => ({ again: plan }),
  "what the plan does not name is as it was": ({ plan }) => ({
    after: new Map(),
    plan: { ...plan, changes: [] },
  }),
  "fields that the plan does not name are as they were": ({ after, plan }) => ({
    after: new Map([...after].map(([key, row]) => [key, { ...row, Name: "another" }])),
    plan: { ...plan, changes: plan.changes.map((change) => ({ ...change, fields: [] })) },
  }),
  "a plan that may not be applied changes nothing": () => ({
    results: undefined,
    after: new Map(),
  }),
  "protected numbers are never deleted": ({ world }) => ({
    world: { ...world, protect: ["8*"], unprotect: [] },
    after: new Map(),
  }),
  "nothing is deleted without both keys": ({ world }) => ({
    world: { ...world, prune: "never" },
    after: new Map(),
  }),
  "no more is deleted than the target allows": ({ world }) => ({
    world: { ...world, maxDeletes: 0 },
    after: new Map(),
  }),
  "what had a script to run has one": ({ world }) => ({
    world: { ...world, losesOldScript: false },
    silenced: new Set(["800"]),
  }),
  "a number stays until what takes its place has something to run": ({ world, plan, before }) => {
    const head = world.head.find(({ fields }) => "scriptCode" in fields);
    const key = head?.key ?? "";
    const old = [...before.keys()].find((number) => number !== key) ?? "800";
    const change = {
      kind: "CallFlowApp",
      key,
      op: "create",
      renumbers: old,
      fields: [],
      patch: [],
    };
    return {
      world: { ...world, allowUnhealthy: [] },
      plan: { ...plan, changes: [change as Change] },
      last: new Map([[key, { InvalidScript: true }]]),
    };
  },
  "one more run, undisturbed, leaves only what the compiler will not take": ({ plan }) => ({
    finally: { ...plan, changes: plan.changes.map((change) => ({ ...change, op: "delete" })) },
  }),
};

/** A run in which something was applied and something updated. */
async function findRun(): Promise<WorldRun> {
  const world = worldsByKind["CallFlowApp"];
  for (const given of world === undefined ? [] : fc.sample(world, RUNS)) {
    const run = await runWorld(given);
    const updated = run.results?.some(
      ({ op, outcome }) => op === "update" && outcome === "applied",
    );
    if (updated === true && run.plan.changes.length > 1 && run.again.problems.length === 0)
      return run;
  }
  throw new Error("no such world");
}

describe("the judge of worlds", () => {
  it("finds a breach of every law, and none in an honest run", async () => {
    const run = await findRun();
    expect(judgeRun(run)).toEqual([]);
    expect(Object.keys(breaches)).toEqual(Object.keys(laws));
    for (const [name, breach] of Object.entries(breaches)) {
      const found = laws[name]?.({ ...run, ...breach(run) }) ?? [];
      expect(found, name).not.toEqual([]);
    }
  });
});
