import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalizeField } from "../../src/domain/plan/canonical.ts";
import type { Json } from "../../src/domain/json.ts";
import type { Plan, Snapshot } from "../../src/domain/plan/plan.ts";
import type { Entity } from "../../src/domain/ports.ts";
import { nameResource, type DesiredResource } from "../../src/domain/resource.ts";
import type { ApplyResult } from "../../src/domain/result.ts";
import type { Planned } from "../../src/engine/plan.ts";
import { refresh } from "../../src/engine/refresh.ts";
import { BENCH_KINDS, createBench, desireApp, type Bench } from "../support/pbx/bench.ts";
import type { MemoryRequest } from "../support/pbx/memory.ts";
import { world } from "../support/worlds/engine-cases.ts";

const RUNS = { numRuns: 60 };

/** Every field as it is compared, by resource and field. */
function listFields(snapshot: Snapshot): Map<string, Json> {
  const found = new Map<string, Json>();
  for (const live of snapshot.values())
    for (const kind of BENCH_KINDS.filter(({ name }) => name === live.kind))
      for (const { name, comparison } of kind.fields)
        found.set(
          `${nameResource(live)} ${name}`,
          canonicalizeField(comparison, kind.complete(name, live.fields[name] ?? null)),
        );
  return found;
}

function isTouched(plan: Plan, place: string): boolean {
  return plan.changes.some((change) =>
    change.fields.some(({ field }) => place === `${nameResource(change)} ${field}`),
  );
}

/** What the PBX has, without what differs from one run to the next. */
function describeState({ pbx }: Bench): readonly (readonly string[])[] {
  const passing = new Set(["Id", "CompilationLastSuccess", "CompilationResult", "RejectedCode"]);
  const write = (row: Entity): string =>
    JSON.stringify(Object.entries(row).filter(([name]) => !passing.has(name)));
  return ["CallFlowApps", "Widgets"].map((name) => pbx.rows(name).map(write).toSorted());
}

/** A plan in which broken apps may be changed too. */
async function planAll(bench: Bench, desired: readonly DesiredResource[]): Promise<Planned> {
  const allowUnhealthy = desired.map(({ key }) => key);
  const limits = { maxDeletes: 0, protect: [], unprotect: [], allowUnhealthy };
  return bench.plan(desired, { limits });
}

/** Plans and applies, and lets the PBX finish what it is at. */
async function converge(bench: Bench, desired: readonly DesiredResource[]): Promise<ApplyResult[]> {
  const results = await bench.apply(await planAll(bench, desired));
  await bench.clock.sleep(5000);
  return results;
}

function isRunning(row: Entity): boolean {
  return row["InvalidScript"] === false;
}

/** Fields that are left to the console are written at creation and never again, so a cut right after it loses them. */
function manageAll(desired: readonly DesiredResource[]): DesiredResource[] {
  const lifecycle = { protect: false, ignore: [] };
  return desired.map((resource) => Object.assign({}, resource, { lifecycle }));
}

function isSpoilt({ fields }: DesiredResource): boolean {
  const { scriptCode } = fields;
  return typeof scriptCode === "string" && scriptCode.startsWith("REFUSE");
}

/** The same manifests, the scripts of the chosen ones such that no compiler takes them. */
function spoil(desired: readonly DesiredResource[], chosen: readonly boolean[]): DesiredResource[] {
  return desired.map((resource, index) =>
    chosen[index] === true && typeof resource.fields["scriptCode"] === "string"
      ? desireApp(resource.key, { ...resource.fields, scriptCode: `REFUSE ${index}` })
      : resource,
  );
}

describe("applying a plan", () => {
  it("leaves nothing to plan, whatever the manifests say and the PBX has", async () => {
    const concurrencies = fc.integer({ min: 1, max: 6 });
    await fc.assert(
      fc.asyncProperty(world, concurrencies, async ({ desired, live }, concurrency) => {
        const bench = createBench(live);
        const planned = await planAll(bench, desired);
        expect(planned.plan.problems.filter(({ code }) => code !== "no-script")).toEqual([]);
        const results = await bench.apply(planned, { concurrency });
        expect(results.map(({ kind, key, op }) => [kind, key, op])).toEqual(
          planned.plan.changes.map(({ kind, key, op }) => [kind, key, op]),
        );
        expect(results.filter(({ outcome }) => outcome !== "applied")).toEqual([]);
        const { plan: again } = await planAll(bench, desired);
        expect(again.changes).toEqual([]);
        const { length: unchanged } = desired;
        expect(again.summary).toEqual({ create: 0, update: 0, delete: 0, unchanged });
      }),
      RUNS,
    );
  });

  it("touches no field that the plan did not name, and nothing unmanaged", async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ desired, live }) => {
        const bench = createBench(live);
        const before = listFields(await refresh(bench.pbx.reader, BENCH_KINDS));
        const planned = await planAll(bench, desired);
        await bench.apply(planned);
        const after = listFields(await refresh(bench.pbx.reader, BENCH_KINDS));
        const spared = [...before].filter(([place]) => !isTouched(planned.plan, place));
        expect(spared.map(([place]) => [place, after.get(place)])).toEqual(spared);
        const strangers = new Set(planned.plan.unmanaged.map(nameResource));
        expect(desired.filter((resource) => strangers.has(nameResource(resource)))).toEqual([]);
      }),
      RUNS,
    );
  });

  it("gives the same end in whatever order the manifests come", async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ desired, live }) => {
        const [one, other] = [createBench(live), createBench(live)];
        await converge(one, desired);
        await converge(other, desired.toReversed());
        expect(describeState(other)).toEqual(describeState(one));
      }),
      RUNS,
    );
  });

  it("that is refused in part leaves exactly that part to plan, and what ran before runs", async () => {
    const choice = fc.array(fc.boolean(), { minLength: 13, maxLength: 13 });
    await fc.assert(
      fc.asyncProperty(world, choice, fc.boolean(), async (given, chosen, losesOldScript) => {
        const bench = createBench({ ...given.live, losesOldScript });
        const runners = bench.pbx.rows("CallFlowApps").filter(isRunning);
        const desired = spoil(given.desired, chosen);
        const results = await converge(bench, desired);
        const spoilt = desired.filter(isSpoilt).map(nameResource);
        const refused = results.filter(({ outcome }) => outcome === "refused");
        expect(refused.map(nameResource)).toEqual(spoilt.toSorted());
        expect(results.filter(({ outcome }) => outcome === "failed")).toEqual([]);
        const running = bench.pbx.rows("CallFlowApps").filter(isRunning);
        const ids = new Set(running.map((row) => row["Id"]));
        expect(runners.filter((row) => !ids.has(row["Id"]))).toEqual([]);
      }),
      RUNS,
    );
  });

  it("that is cut off at any write, before or after it took effect, ends the same when run again", async () => {
    const cuts = fc.record({ at: fc.integer({ min: 1, max: 25 }), effective: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(world, cuts, async (given, { at, effective }) => {
        const { live } = given;
        const desired = manageAll(given.desired);
        const whole = createBench(live);
        await converge(whole, desired);
        const kill = new AbortController();
        let [writes, dead] = [0, false];
        const hook = ({ method }: MemoryRequest): void => {
          if (method !== "GET") writes += 1;
          if (writes === at && !dead) kill.abort();
          if (kill.signal.aborted && !dead) kill.signal.throwIfAborted();
        };
        const cut = createBench({ ...live, ...(effective ? { after: hook } : { before: hook }) });
        const planned = await planAll(cut, desired);
        await cut.apply(planned, { stop: kill.signal, abort: kill.signal });
        dead = true;
        await cut.clock.sleep(5000);
        await converge(cut, desired);
        expect((await planAll(cut, desired)).plan.changes).toEqual([]);
        expect(describeState(cut)).toEqual(describeState(whole));
      }),
      RUNS,
    );
  });
});
