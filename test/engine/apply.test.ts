import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../src/domain/json.ts";
import type { Entity } from "../../src/domain/ports.ts";
import { failure } from "../../src/domain/problem.ts";
import { Secret } from "../../src/domain/secret.ts";
import { createBench, desireApp, desireWidget, listOutcomes } from "../support/pbx/bench.ts";
import { createLatch, letOthersRun } from "../support/pbx/clock.ts";
import type { MemoryRequest } from "../support/pbx/memory.ts";

const OLD = "class Old {}";
const NEW = "class New {}";
const BAD = "class Bad {\n  REFUSE;\n}";

/** How it is now, right before a write; and what the compiler has made of a script. */
const [LOOK, POLL] = ["GET CallFlowApps by Number", "GET CallFlowApps by Id"];

/** One app that runs, under 800, and one department; their ids are 2 and 1. */
function runningApp(more: Entity = {}): { departments: string[]; apps: Entity[] } {
  const app = { Number: "800", Name: "hotline", RoutingType: "Forward", ScriptCode: OLD, ...more };
  return { departments: ["DEFAULT"], apps: [app] };
}

function isPoll(request: string): boolean {
  return request === POLL;
}

/** What was asked for after planning, runs of polls as one. */
function afterPlanning(requests: readonly string[], planned: number): string[] {
  return requests
    .slice(planned)
    .filter((request, index, all) => !isPoll(request) || !isPoll(all[index - 1] ?? ""));
}

/** A hook that fails the requests a test picks. */
function failing(picks: (request: MemoryRequest) => boolean, words = "refused with 500") {
  return {
    before(request: MemoryRequest): void {
      if (picks(request)) throw failure("pbx-refused", words);
    },
  };
}

describe("creating", () => {
  it("posts the least, writes the script, waits for the verdict, then writes the rest", async () => {
    const { pbx, plan, apply, events } = createBench({ departments: ["DEFAULT"] });
    const app = desireApp("900", {
      name: "hotline",
      routingType: "DialCode",
      transcriptionMode: "Both",
      groups: [{ name: "DEFAULT", role: "managers" }],
      scriptCode: NEW,
    });
    const planned = await plan([app]);
    const before = pbx.requests.length;
    expect(listOutcomes(await apply(planned))).toEqual(["900 applied"]);
    expect(afterPlanning(pbx.requests, before)).toEqual([
      "POST CallFlowApps 900",
      LOOK,
      "PATCH CallFlowApps(2) ScriptCode",
      POLL,
      LOOK,
      "PATCH CallFlowApps(2) Name RoutingType TranscriptionMode Groups",
    ]);
    expect(pbx.rows("CallFlowApps")).toMatchObject([
      {
        Number: "900",
        Name: "hotline",
        RoutingType: "DialCode",
        TranscriptionMode: "Both",
        Groups: [{ GroupId: 1, Rights: { RoleName: "managers" } }],
        ScriptCode: NEW,
        CompilationSucceeded: true,
      },
    ]);
    expect(events).toEqual([
      "creating CallFlowApp 900",
      "compiling CallFlowApp 900",
      "updating CallFlowApp 900",
      "applied CallFlowApp 900",
    ]);
  });

  it.each<[string, Record<string, Json>, string[]]>([
    ["a name is one request", { name: "x" }, ["POST CallFlowApps 900"]],
    [
      "no script waits for nothing",
      { name: "x", routingType: "DialCode" },
      ["POST CallFlowApps 900", LOOK, "PATCH CallFlowApps(1) Name RoutingType"],
    ],
  ])("with %s", async (_, fields, requests) => {
    const { pbx, plan, apply } = createBench();
    const planned = await plan([desireApp("900", fields)]);
    const before = pbx.requests.length;
    await apply(planned);
    expect(pbx.requests.slice(before)).toEqual(requests);
  });

  it("that the PBX refuses is a failure, with its words and the manifest's place", async () => {
    const app = desireApp("900", { name: "x" });
    const { plan, apply } = createBench({
      queues: [{ Number: "900", Name: "Support" }],
    });
    const [result] = await apply(await plan([app]));
    expect(result).toMatchObject({ kind: "CallFlowApp", key: "900", op: "create", title: "x" });
    expect(result).toMatchObject({
      outcome: "failed",
      problems: [
        {
          message: expect.stringContaining("ALREADY_IN_USE"),
          subject: "CallFlowApp 900",
          at: app.at,
        },
      ],
    });
  });
});

describe("updating", () => {
  it.each<[string, Record<string, Json>, string]>([
    ["a name", { name: "other" }, "Name"],
    ["the routing", { routingType: "Trunk" }, "RoutingType"],
    ["the departments", { groups: [{ name: "DEFAULT" }] }, "Groups"],
    ["two fields", { name: "other", routingType: "Trunk" }, "Name RoutingType"],
  ])("%s is a look and exactly one write", async (_, fields, properties) => {
    const { pbx, plan, apply } = createBench(runningApp());
    const planned = await plan([desireApp("800", fields)]);
    const before = pbx.requests.length;
    expect(listOutcomes(await apply(planned))).toEqual(["800 applied"]);
    expect(pbx.requests.slice(before)).toEqual([LOOK, `PATCH CallFlowApps(2) ${properties}`]);
  });

  it("a script is one write and the wait for its verdict", async () => {
    const { pbx, plan, apply } = createBench(runningApp());
    const planned = await plan([desireApp("800", { name: "hotline", scriptCode: NEW })]);
    const before = pbx.requests.length;
    const [result] = await apply(planned);
    expect(afterPlanning(pbx.requests, before)).toEqual([
      LOOK,
      "PATCH CallFlowApps(2) ScriptCode",
      POLL,
    ]);
    expect(result?.milliseconds).toBeGreaterThanOrEqual(1000);
    expect(result?.milliseconds).toBeLessThan(2000);
  });

  it("more than the script writes the script first", async () => {
    const { pbx, plan, apply } = createBench(runningApp());
    const planned = await plan([desireApp("800", { name: "other", scriptCode: NEW })]);
    const before = pbx.requests.length;
    await apply(planned);
    expect(afterPlanning(pbx.requests, before)).toEqual([
      LOOK,
      "PATCH CallFlowApps(2) ScriptCode",
      POLL,
      LOOK,
      "PATCH CallFlowApps(2) Name",
    ]);
  });

  it("sends what a secret hides, and shows it nowhere", async () => {
    const { pbx, plan, apply } = createBench(runningApp());
    const planned = await plan([
      desireApp("800", {
        name: new Secret("s3cr3tname"),
        scriptCode: new Secret("class Pin4711 {}"),
      }),
    ]);
    const shown: unknown[] = [];
    const results = await apply(planned, { onEvent: (event) => shown.push(event) });
    expect(pbx.rows("CallFlowApps")).toMatchObject([
      { Name: "s3cr3tname", ScriptCode: "class Pin4711 {}" },
    ]);
    expect(JSON.stringify([planned.plan, results, shown])).not.toMatch(/s3cr3tname|4711/);
  });

  it("nothing makes no request", async () => {
    const { pbx, plan, apply } = createBench(runningApp());
    const planned = await plan([desireApp("800", { name: "hotline", scriptCode: OLD })]);
    const before = pbx.requests.length;
    expect(await apply(planned)).toEqual([]);
    expect(pbx.requests).toHaveLength(before);
  });
});

describe("a script that the PBX refuses", () => {
  it("leaves the old one running, and nothing else has moved", async () => {
    const { pbx, plan, apply } = createBench(runningApp());
    const app = desireApp("800", { name: "other", routingType: "Trunk", scriptCode: BAD });
    const [result] = await apply(await plan([app]));
    expect(result).toMatchObject({
      outcome: "refused",
      problems: [
        {
          severity: "error",
          code: "script-refused",
          message: expect.stringContaining("'REFUSE' does not exist here"),
          at: { file: "apps/800.cs", line: 2, column: 3 },
        },
        { severity: "info", message: "the script before it is still running" },
      ],
    });
    expect(pbx.rows("CallFlowApps")).toMatchObject([
      { Name: "hotline", RoutingType: "Forward", ScriptCode: OLD, InvalidScript: false },
    ]);
  });

  it("is taken out again with its new app", async () => {
    const { pbx, plan, apply, events } = createBench();
    const app = desireApp("900", { name: "x", routingType: "Trunk", scriptCode: BAD });
    const [result] = await apply(await plan([app]));
    expect(result).toMatchObject({
      outcome: "refused",
      problems: [{ code: "script-refused" }, { message: "the new resource was removed again" }],
    });
    expect(pbx.rows("CallFlowApps")).toEqual([]);
    expect(events.slice(-2)).toEqual(["removing CallFlowApp 900", "refused CallFlowApp 900"]);
  });

  it("stays with its new app when that is to be kept", async () => {
    const { pbx, plan, apply } = createBench();
    const planned = await plan([desireApp("900", { name: "x", scriptCode: BAD })]);
    const [result] = await apply(planned, { keepFailed: true });
    expect(result?.problems.at(-1)?.message).toContain("was kept");
    expect(pbx.rows("CallFlowApps")).toMatchObject([{ Number: "900", InvalidScript: true }]);
    expect(pbx.requests.some((request) => request.startsWith("DELETE"))).toBe(false);
  });

  it("and takes the old one with it gives way to the old one again", async () => {
    const { pbx, plan, apply, events } = createBench({ ...runningApp(), losesOldScript: true });
    const [result] = await apply(
      await plan([desireApp("800", { scriptCode: BAD, name: "other" })]),
    );
    expect(result?.outcome).toBe("refused");
    expect(result?.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining("REFUSE"),
      "the script before it was put back and is running",
    ]);
    expect(pbx.rows("CallFlowApps")).toMatchObject([
      { Name: "hotline", ScriptCode: OLD, InvalidScript: false, CompilationSucceeded: true },
    ]);
    expect(events).toContain("restoring CallFlowApp 800");
  });

  it("is worse still when the old one is refused as well, and that is an error of its own", async () => {
    const { plan, apply } = createBench({
      ...runningApp(),
      losesOldScript: true,
      judge: (text) => `:[1..6)E:CS0103:\nno ${text.split(" ")[1]}`,
    });
    const [result] = await apply(await plan([desireApp("800", { scriptCode: NEW })]));
    expect(result?.problems).toMatchObject([
      { severity: "error", message: expect.stringContaining("no New") },
      { severity: "error", message: expect.stringContaining("the PBX refused that too") },
    ]);
  });

  it("where nothing ran before leaves nothing to put back", async () => {
    const broken = { InvalidScript: true, CompilationSucceeded: false };
    const { pbx, plan, apply } = createBench(runningApp(broken));
    const [result] = await apply(await plan([desireApp("800", { scriptCode: BAD })]));
    expect(result?.problems.at(-1)?.message).toBe("it had no script that runs before, either");
    expect(pbx.requests.filter((request) => request.startsWith("PATCH"))).toHaveLength(1);
  });

  it("is reported even when taking out its new app fails", async () => {
    const { plan, apply } = createBench(failing(({ method }) => method === "DELETE"));
    const [result] = await apply(await plan([desireApp("900", { name: "x", scriptCode: BAD })]));
    expect(result?.outcome).toBe("failed");
    expect(result?.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining("REFUSE"),
      "refused with 500",
    ]);
  });

  it("keeps no other app from being changed", async () => {
    const { plan, apply } = createBench(runningApp());
    const planned = await plan([
      desireApp("800", { scriptCode: BAD }),
      desireApp("900", { name: "fine", scriptCode: NEW }),
      desireApp("901", { name: "bad", scriptCode: BAD }),
      desireApp("902", { name: "plain" }),
    ]);
    expect(listOutcomes(await apply(planned))).toEqual([
      "800 refused",
      "900 applied",
      "901 refused",
      "902 applied",
    ]);
  });
});

describe("waiting for verdicts", () => {
  it("ends after the kind's time, for that app alone", async () => {
    const { plan, apply } = createBench();
    const planned = await plan([
      desireApp("900", { name: "a", scriptCode: "class HANG {}" }),
      desireApp("901", { name: "b", scriptCode: NEW }),
    ]);
    const [late, fine] = await apply(planned);
    expect(late).toMatchObject({ outcome: "failed", problems: [{ code: "compile-timeout" }] });
    expect(late?.milliseconds).toBeGreaterThanOrEqual(60_000);
    expect(fine).toMatchObject({ outcome: "applied" });
    expect(fine?.milliseconds).toBeLessThan(2_000);
  });

  it("ends when somebody removes the app meanwhile", async () => {
    const bench = createBench({
      ...runningApp(),
      after({ method }) {
        if (method === "PATCH") bench.pbx.drop("CallFlowApps", 2);
      },
    });
    const app = desireApp("800", { name: "other", scriptCode: NEW });
    const [result] = await bench.apply(await bench.plan([app]));
    expect(result).toMatchObject({
      outcome: "failed",
      problems: [
        {
          code: "pbx-conflict",
          message: "CallFlowApp 800 was removed by somebody else meanwhile",
          at: app.at,
        },
      ],
    });
  });

  it("fails with a poll, and later apps settle all the same", async () => {
    let polls = 0;
    const { plan, apply } = createBench({
      before({ by }) {
        if (by === "Id") polls += 1;
        if (by === "Id" && polls === 1) throw failure("pbx-unreachable", "the line is dead");
      },
    });
    const apps = ["900", "901", "902"].map((key) => desireApp(key, { name: "x", scriptCode: NEW }));
    const results = await apply(await plan(apps), { concurrency: 2 });
    expect(listOutcomes(results)).toEqual(["900 failed", "901 failed", "902 applied"]);
    expect(results[0]?.problems[0]?.message).toBe("the line is dead");
  });

  it.each([
    [50, 4],
    [200, 4],
    [200, 50],
    [200, 200],
  ])(
    "for %i apps, %i at a time, takes polls by the time and not by the apps",
    async (size, concurrency) => {
      const { pbx, clock, plan, apply } = createBench({ latency: 5 });
      const apps = Array.from({ length: size }, (_, index) =>
        desireApp(String(1000 + index), { name: `app${index}`, scriptCode: `${NEW} // ${index}` }),
      );
      const planned = await plan(apps);
      const [before, started] = [pbx.requests.length, clock.now()];
      const results = await apply(planned, { concurrency });
      expect(results.every(({ outcome }) => outcome === "applied")).toBe(true);
      const polls = pbx.requests.slice(before).filter(isPoll).length;
      const elapsed = clock.now() - started;
      expect(polls).toBeLessThanOrEqual(elapsed / 150 + 1);
      expect(polls).toBeLessThanOrEqual(Math.ceil(size / concurrency) * 8);
      expect(elapsed).toBeLessThan(Math.ceil(size / concurrency) * 2000);
    },
  );
});

describe("what depends on what", () => {
  const widgets = [
    desireWidget("bolt", []),
    desireWidget("wheel", ["bolt"]),
    desireWidget("car", ["wheel"]),
    desireWidget("lamp", []),
  ];

  it("is done in order", async () => {
    const { plan, apply, events } = createBench();
    expect(listOutcomes(await apply(await plan(widgets)))).toEqual([
      "bolt applied",
      "car applied",
      "lamp applied",
      "wheel applied",
    ]);
    const ends = events.filter((event) => event.startsWith("applied"));
    const place = (key: string): number => ends.indexOf(`applied Widget ${key}`);
    expect(place("bolt")).toBeLessThan(place("wheel"));
    expect(place("wheel")).toBeLessThan(place("car"));
  });

  it("is skipped after a failure, all the way, and the rest goes on", async () => {
    const { pbx, plan, apply } = createBench(
      failing(({ method, body }) => method === "POST" && body?.["Code"] === "bolt"),
    );
    const results = await apply(await plan(widgets));
    expect(listOutcomes(results)).toEqual([
      "bolt failed",
      "car skipped",
      "lamp applied",
      "wheel skipped",
    ]);
    expect(results[1]?.problems).toMatchObject([
      {
        severity: "warning",
        code: "dependency-failed",
        message: "skipped, because it needs Widget wheel, which was not applied",
        subject: "Widget car",
        at: { file: "apps/car.yaml" },
      },
    ]);
    expect(pbx.requests.filter((request) => /POST Widgets (wheel|car)/.test(request))).toEqual([]);
  });

  it("may depend on what is there already and does not change", async () => {
    const { plan, apply } = createBench({ widgets: [{ Code: "bolt", Title: "the bolt" }] });
    const results = await apply(await plan(widgets));
    expect(listOutcomes(results)).toContain("wheel applied");
    expect(listOutcomes(results)).not.toContain("bolt applied");
  });
});

describe("deleting", () => {
  const limits = { maxDeletes: 5, protect: [], unprotect: [], allowUnhealthy: [] };

  it("comes after everything else and is one request", async () => {
    const { pbx, plan, apply } = createBench(runningApp());
    const planned = await plan([desireApp("900", { name: "x", scriptCode: NEW })], {
      prune: "all",
      limits,
    });
    expect(listOutcomes(await apply(planned))).toEqual(["800 applied", "900 applied"]);
    expect(pbx.requests.at(-1)).toBe("DELETE CallFlowApps(2)");
    expect(pbx.rows("CallFlowApps").map(({ Number: number }) => number)).toEqual(["900"]);
  });

  it("that fails is one failure", async () => {
    const { plan, apply } = createBench({
      ...runningApp(),
      ...failing(({ method }) => method === "DELETE", "cannot be deleted"),
    });
    const [result] = await apply(await plan([], { prune: "all", limits }));
    expect(result).toMatchObject({
      op: "delete",
      outcome: "failed",
      problems: [{ message: "cannot be deleted", subject: "CallFlowApp 800" }],
    });
  });

  it("of the old number waits for the new one, and is skipped when that is refused", async () => {
    const { pbx, plan, apply } = createBench(runningApp());
    const was = desireApp("800", { name: "hotline", scriptCode: OLD });
    const base = { commit: "c0ffee", resources: new Map([["CallFlowApp 800", was]]) };
    const moved = desireApp("801", { name: "hotline", scriptCode: BAD });
    const results = await apply(await plan([moved], { base, prune: "removed", limits }));
    expect(listOutcomes(results)).toEqual(["800 skipped", "801 refused"]);
    expect(pbx.rows("CallFlowApps")).toMatchObject([{ Number: "800", InvalidScript: false }]);
  });
});

describe("how much happens at once", () => {
  it("is never more than was allowed, and all of it gets done", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 20 }),
        async (concurrency, size) => {
          const { pbx, plan, apply } = createBench({ latency: 20, compileTime: 300 });
          const apps = Array.from({ length: size }, (_, index) =>
            desireApp(String(900 + index), { name: "x", scriptCode: NEW, routingType: "Trunk" }),
          );
          const working = new Set<string>();
          let most = 0;
          const results = await apply(await plan(apps), {
            concurrency,
            onEvent(event) {
              if (event.type === "step") working.add(event.resource.key);
              else working.delete(event.result.key);
              most = Math.max(most, working.size);
            },
          });
          expect(results.filter(({ outcome }) => outcome === "applied")).toHaveLength(size);
          expect(most).toBe(Math.min(concurrency, size));
          expect(pbx.peakWrites()).toBeLessThanOrEqual(concurrency);
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe("a stop", () => {
  it("starts nothing more and finishes the requests in flight", async () => {
    const stop = new AbortController();
    const [arrived, held] = [createLatch(), createLatch()];
    const { pbx, plan, apply } = createBench({
      async before({ method, body }) {
        if (method !== "POST") return;
        if (body?.["Number"] === "901") arrived.open();
        await held.opened;
      },
    });
    const apps = ["900", "901", "902", "903"].map((key) =>
      desireApp(key, { name: "x", scriptCode: NEW }),
    );
    const planned = await plan(apps);
    const before = pbx.requests.length;
    const applying = apply(planned, { concurrency: 2, stop: stop.signal });
    await arrived.opened;
    stop.abort();
    held.open();
    expect(listOutcomes(await applying)).toEqual([
      "900 interrupted",
      "901 interrupted",
      "902 interrupted",
      "903 interrupted",
    ]);
    expect(pbx.requests.slice(before)).toEqual(["POST CallFlowApps 900", "POST CallFlowApps 901"]);
    expect(pbx.rows("CallFlowApps")).toHaveLength(2);
  });

  it("during the wait for a verdict ends it, and another run gets there", async () => {
    const stop = new AbortController();
    const { pbx, plan, apply } = createBench(runningApp());
    const app = desireApp("800", { name: "other", scriptCode: NEW });
    const results = await apply(await plan([app]), {
      stop: stop.signal,
      onEvent(event) {
        if (event.type === "step" && event.step === "compiling") setImmediate(() => stop.abort());
      },
    });
    expect(listOutcomes(results)).toEqual(["800 interrupted"]);
    expect(pbx.rows("CallFlowApps")).toMatchObject([{ Name: "hotline" }]);
    expect(listOutcomes(await apply(await plan([app])))).toEqual(["800 applied"]);
    expect((await plan([app])).plan.changes).toEqual([]);
  });

  it("during the last look at a verdict leaves the rest of that app for another run", async () => {
    const stop = new AbortController();
    const { pbx, plan, apply } = createBench({
      ...runningApp(),
      compileTime: 100,
      before({ by }) {
        if (by === "Id") stop.abort();
      },
    });
    const planned = await plan([desireApp("800", { name: "other", scriptCode: NEW })]);
    expect(listOutcomes(await apply(planned, { stop: stop.signal }))).toEqual(["800 interrupted"]);
    expect(pbx.rows("CallFlowApps")).toMatchObject([{ ScriptCode: NEW, Name: "hotline" }]);
  });

  it("keeps what was done, and does not hide what failed", async () => {
    const stop = new AbortController();
    const { plan, apply } = createBench({
      before({ method, body }) {
        if (method !== "POST" || body?.["Number"] !== "901") return;
        stop.abort();
        throw failure("pbx-refused", "refused with 500");
      },
    });
    const apps = ["900", "901", "902"].map((key) => desireApp(key, { name: "x" }));
    const results = await apply(await plan(apps), { concurrency: 1, stop: stop.signal });
    expect(listOutcomes(results)).toEqual(["900 applied", "901 failed", "902 interrupted"]);
    expect(results[1]?.problems[0]?.message).toBe("refused with 500");
  });

  it("that came before starts nothing at all", async () => {
    const { pbx, plan, apply } = createBench();
    const planned = await plan([desireApp("900", { name: "x" })]);
    const before = pbx.requests.length;
    const results = await apply(planned, { stop: AbortSignal.abort() });
    expect(listOutcomes(results)).toEqual(["900 interrupted"]);
    expect(pbx.requests).toHaveLength(before);
  });

  it("after a refusal still tells what the compiler said", async () => {
    const stop = new AbortController();
    const { plan, apply } = createBench({ ...runningApp(), losesOldScript: true });
    const [result] = await apply(await plan([desireApp("800", { scriptCode: BAD })]), {
      stop: stop.signal,
      onEvent(event) {
        if (event.type === "step" && event.step === "restoring") setImmediate(() => stop.abort());
      },
    });
    expect(result?.outcome).toBe("interrupted");
    expect(result?.problems[0]?.message).toContain("REFUSE");
  });
});

describe("an abort", () => {
  it("drops the requests in flight too", async () => {
    const [stop, abort] = [new AbortController(), new AbortController()];
    const { pbx, plan, apply } = createBench({ latency: 1000 });
    const apps = ["900", "901"].map((key) => desireApp(key, { name: "x" }));
    const planned = await plan(apps);
    const applying = apply(planned, { stop: stop.signal, abort: abort.signal });
    await letOthersRun();
    stop.abort();
    abort.abort();
    expect(listOutcomes(await applying)).toEqual(["900 interrupted", "901 interrupted"]);
    expect(pbx.rows("CallFlowApps")).toEqual([]);
  });
});

describe("a bug", () => {
  it("is not taken for a problem of the user's", async () => {
    const { plan, apply } = createBench({
      before({ method }) {
        if (method === "POST") throw new TypeError("undefined is not a function");
      },
    });
    const planned = await plan([desireApp("900", { name: "x" })]);
    await expect(apply(planned)).rejects.toThrow(TypeError);
  });
});
