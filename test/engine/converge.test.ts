import { describe, expect, it } from "vitest";
import type { Entity } from "../../src/domain/ports.ts";
import type { DesiredResource } from "../../src/domain/resource.ts";
import type { Planned } from "../../src/engine/plan.ts";
import { createBench, desireApp, listOutcomes, type Bench } from "../support/pbx/bench.ts";

const GOOD = "class Good {}";
const BAD = "class Bad {\n  REFUSE;\n}";
const HALF_MADE = "callformnew900";

function app(scriptCode: string | undefined, more = {}): DesiredResource {
  const script = scriptCode === undefined ? {} : { scriptCode };
  return desireApp("900", { name: "hotline", routingType: "Forward", ...script, ...more });
}

/** A PBX with these rows of 900, as a run that was cut off left them. */
function benchWith(row: Entity, more: Parameters<typeof createBench>[0] = {}): Bench {
  const fresh = { InvalidScript: true, CompilationSucceeded: false, CompilationLastSuccess: null };
  return createBench({ apps: [{ Number: "900", ...fresh, ...row }], ...more });
}

function codesOf({ plan }: Planned): string[] {
  return plan.problems.map(({ code, severity }) => `${severity} ${code}`);
}

describe("what a run that was cut off has half made", () => {
  it("is planned as if it were not there, so that a reviewed plan stays what it was", async () => {
    const [empty, cut] = [createBench(), benchWith({ Name: HALF_MADE })];
    const [before, after] = [await empty.plan([app(GOOD)]), await cut.plan([app(GOOD)])];
    expect(after.plan).toEqual(before.plan);
  });

  it.each<[string, Entity, string[]]>([
    ["without a script", {}, ["PATCH ScriptCode", "PATCH Name RoutingType"]],
    ["whose script runs", running(), ["PATCH Name RoutingType"]],
    [
      "whose script is another by now",
      { ScriptCode: "class Other {}" },
      ["PATCH ScriptCode", "PATCH Name RoutingType"],
    ],
  ])("%s is finished with what is missing", async (_, row, writes) => {
    const { pbx, plan, apply } = benchWith({ Name: HALF_MADE, ...row });
    const planned = await plan([app(GOOD)]);
    const before = pbx.requests.length;
    expect(listOutcomes(await apply(planned))).toEqual(["900 applied"]);
    expect(listWrites(pbx.requests.slice(before))).toEqual(writes);
    expect(pbx.rows("CallFlowApps")).toMatchObject([
      { Name: "hotline", RoutingType: "Forward", ScriptCode: GOOD, InvalidScript: false },
    ]);
  });

  it("gets the fields as well that are left to the console once it exists", async () => {
    const { pbx, plan, apply } = benchWith({ Name: HALF_MADE, ...running() });
    const lifecycle = { protect: false, ignore: ["name", "routingType", "scriptCode"] };
    await apply(await plan([{ ...app(GOOD), lifecycle }]));
    expect(pbx.rows("CallFlowApps")).toMatchObject([{ Name: "hotline", RoutingType: "Forward" }]);
  });

  it("without a script in its manifest is finished, and keeps nothing else from being done", async () => {
    const { pbx, plan, apply } = benchWith({ Name: HALF_MADE });
    const planned = await plan([app(undefined), desireApp("901", { name: "b", scriptCode: GOOD })]);
    expect(codesOf(planned)).toEqual(["warning no-script"]);
    expect(listOutcomes(await apply(planned))).toEqual(["900 applied", "901 applied"]);
    expect(pbx.rows("CallFlowApps")[0]).toMatchObject({ Name: "hotline", RoutingType: "Forward" });
  });

  it("with a refused script is removed again, with the compiler's words", async () => {
    const { pbx, plan, apply } = benchWith({ Name: HALF_MADE, ...refused() });
    const [result] = await apply(await plan([app(BAD)]));
    expect(result).toMatchObject({
      op: "create",
      outcome: "refused",
      problems: [
        { code: "script-refused", at: { file: "apps/900.cs", line: 2, column: 3 } },
        { message: "the new resource was removed again" },
      ],
    });
    expect(pbx.rows("CallFlowApps")).toEqual([]);
  });

  it("with a refused script stays under its name where that is wished", async () => {
    const { pbx, plan, apply } = benchWith({ Name: HALF_MADE, ...refused() });
    const results = await apply(await plan([app(BAD)]), { keepFailed: true });
    expect(listOutcomes(results)).toEqual(["900 refused"]);
    expect(pbx.rows("CallFlowApps")).toMatchObject([{ Name: "hotline", ScriptCode: BAD }]);
  });

  it("is nobody's once its manifest is gone", async () => {
    const { plan } = benchWith({ Name: HALF_MADE });
    expect((await plan([])).plan.unmanaged).toEqual([
      { kind: "CallFlowApp", key: "900", title: HALF_MADE },
    ]);
  });
});

describe("a script that the compiler refused, and nothing runs", () => {
  it("is reported with its place, run after run, though there is nothing to write", async () => {
    const { pbx, plan, apply } = benchWith({
      Name: "hotline",
      RoutingType: "Forward",
      ...refused(),
    });
    for (let run = 1; run <= 2; run += 1) {
      const planned = await plan([app(BAD), desireApp("901", { name: "b", scriptCode: GOOD })]);
      expect(planned.plan.unsettled).toMatchObject([{ key: "900", state: "refused" }]);
      expect(codesOf(planned)).toEqual(["warning unhealthy"]);
      const results = await apply(planned);
      expect(results.find(({ key }) => key === "900")).toMatchObject({
        op: "check",
        outcome: "refused",
        problems: [
          { code: "script-refused", at: { file: "apps/900.cs", line: 2, column: 3 } },
          { message: "it has no script that runs" },
        ],
      });
    }
    expect(pbx.rows("CallFlowApps")).toMatchObject([{ ScriptCode: BAD }, { ScriptCode: GOOD }]);
  });

  it("holds back the other fields, unless this run allows them; then they are written and it is reported all the same", async () => {
    const { pbx, plan, apply } = benchWith({
      Name: "hotline",
      RoutingType: "DialCode",
      ...refused(),
    });
    expect(listOutcomes(await apply(await plan([app(BAD)])))).toEqual(["900 refused"]);
    expect(pbx.rows("CallFlowApps")).toMatchObject([{ RoutingType: "DialCode" }]);
    const limits = { maxDeletes: 0, protect: [], unprotect: [], allowUnhealthy: ["900"] };
    expect(listOutcomes(await apply(await plan([app(BAD)], { limits })))).toEqual(["900 refused"]);
    expect(pbx.rows("CallFlowApps")).toMatchObject([{ RoutingType: "Forward" }]);
  });
});

describe("a script without a verdict", () => {
  /** An app that was given a script this moment. */
  async function openPending(script: string, compileTime = 6000): Promise<Bench> {
    const bench = benchWith({ Name: "hotline", RoutingType: "Forward" }, { compileTime });
    const body = { ScriptCode: script };
    await bench.pbx.writer.update("CallFlowApps", 1, body, async () => body);
    return bench;
  }

  it.each([
    [GOOD, "900 applied"],
    [BAD, "900 refused"],
  ])("is waited for, and what it comes to is told: %j", async (script, outcome) => {
    const bench = await openPending(script);
    const planned = await bench.plan([app(script)]);
    expect(planned.plan.changes).toEqual([]);
    expect(planned.plan.unsettled).toMatchObject([{ key: "900", state: "compiling" }]);
    expect(codesOf(planned)).toEqual(["warning compiling"]);
    const before = bench.pbx.requests.length;
    expect(listOutcomes(await bench.apply(planned))).toEqual([outcome]);
    expect(listWrites(bench.pbx.requests.slice(before))).toEqual([]);
    expect(bench.events[0]).toBe("waiting CallFlowApp 900");
  });

  it("comes before anything else of that app is written, and holds up nobody else", async () => {
    const bench = await openPending(BAD);
    const planned = await bench.plan([
      app(BAD, { routingType: "Trunk" }),
      desireApp("901", { name: "b", scriptCode: GOOD }),
    ]);
    const results = await bench.apply(planned, { concurrency: 2 });
    expect(listOutcomes(results)).toEqual(["900 refused", "901 applied"]);
    expect(bench.pbx.rows("CallFlowApps")[0]).toMatchObject({ RoutingType: "Forward" });
  });

  it("of somebody else's is waited for before calls are sent there", async () => {
    const [good, bad] = [await openPending(GOOD), await openPending(BAD)];
    const change = app(undefined, { routingType: "Trunk" });
    expect(codesOf(await good.plan([change]))).toEqual([]);
    expect(listOutcomes(await good.apply(await good.plan([change])))).toEqual(["900 applied"]);
    const [result] = await bad.apply(await bad.plan([change]));
    expect(result).toMatchObject({
      outcome: "skipped",
      problems: [{ severity: "error", code: "guard-unhealthy" }],
    });
  });

  it("that never comes is given up after the kind's time, and that is no success", async () => {
    const bench = await openPending("class HANG {}");
    const [result] = await bench.apply(await bench.plan([app("class HANG {}")]));
    expect(result).toMatchObject({ outcome: "failed", problems: [{ code: "compile-timeout" }] });
  });

  it("is no longer waited for on Ctrl-C", async () => {
    const bench = await openPending(GOOD);
    const stop = new AbortController();
    const results = await bench.apply(await bench.plan([app(GOOD)]), {
      stop: stop.signal,
      onEvent: () => setImmediate(() => stop.abort()),
    });
    expect(listOutcomes(results)).toEqual(["900 interrupted"]);
  });
});

function running(): Entity {
  return {
    ScriptCode: GOOD,
    InvalidScript: false,
    CompilationSucceeded: true,
    CompilationLastSuccess: "2026-01-05T07:00:00.000Z",
  };
}

function refused(): Entity {
  return {
    ScriptCode: BAD,
    RejectedCode: BAD,
    InvalidScript: true,
    CompilationSucceeded: false,
    CompilationResult: `:[${BAD.indexOf("REFUSE") + 1}..20)E:CS0103:\nno such name`,
  };
}

function listWrites(requests: readonly string[]): string[] {
  return requests
    .filter((request) => !request.startsWith("GET"))
    .map((request) => request.replace(/ CallFlowApps\(\d+\)/, ""));
}
