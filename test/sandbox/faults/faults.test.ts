import { setTimeout as pause } from "node:timers/promises";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { readFaults } from "../../../src/sandbox/faults/read.ts";
import type { Fault } from "../../../src/sandbox/faults/read.ts";
import { startSandbox } from "../../../src/sandbox/server.ts";
import { createFaults } from "../../../src/sandbox/faults/strikes.ts";
import {
  createClient,
  GOOD_SCRIPT,
  manualClock,
  openSandbox,
} from "../../support/pbx/raw-client.ts";

const SEED = { apps: [{ number: "806", name: "desk" }] };

describe("which requests a fault strikes", () => {
  const target = { method: "PATCH", path: "/xapi/v1/CallFlowApps(7)", query: "$select=Id" };
  const delay = { type: "delay", milliseconds: 1 } as const;

  test.each([
    [{}, true],
    [{ method: "patch" }, true],
    [{ method: "GET" }, false],
    [{ path: "CallFlowApps(7)" }, true],
    [{ path: "CallFlowApps(*)" }, true],
    [{ path: "callflowapps*" }, true],
    [{ path: "/xapi/v1/*" }, true],
    [{ path: "CallFlowApps" }, false],
    [{ path: "CallFlowApps." }, false],
    [{ path: "/connect/token" }, false],
    [{ query: "$select" }, true],
    [{ query: "$filter" }, false],
    [{ method: "PATCH", path: "Groups*" }, false],
  ])("%o strikes a PATCH of CallFlowApps(7): %s", (match, expected) => {
    expect(createFaults([{ match, action: delay }]).strike(target)).toHaveLength(expected ? 1 : 0);
  });

  test("from the nth matching request on, as many times as it says, and never otherwise", () => {
    const times = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant("always" as const));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        times,
        fc.array(fc.boolean()),
        (nth, count, requests) => {
          const faults = createFaults([
            { match: { method: "PATCH" }, nth, times: count, action: delay },
          ]);
          let matching = 0;
          for (const matches of requests) {
            const method = matches ? "PATCH" : "GET";
            if (matches) matching++;
            const last = count === "always" ? Infinity : nth + count - 1;
            const struck = matches && matching >= nth && matching <= last;
            expect(faults.strike({ ...target, method })).toHaveLength(struck ? 1 : 0);
          }
        },
      ),
    );
  });

  test("several faults strike the same request; cleared ones strike none", () => {
    const faults = createFaults([{ action: delay }]);
    faults.add({ action: { type: "truncate" } });
    expect(faults.strike(target)).toEqual([delay, { type: "truncate" }]);
    faults.add({ action: delay });
    faults.clear();
    expect(faults.strike(target)).toEqual([]);
  });
});

describe("what a fault does", () => {
  test("a reset before the write loses the request, one after it loses only the answer", async () => {
    const { at, send, sandbox } = await openSandbox({ seed: SEED });
    const path = await at("CallFlowApps", "806");
    const name = (): unknown => sandbox.console.get("806")?.Name;
    sandbox.addFault({ match: { method: "PATCH" }, action: { type: "reset", when: "before" } });
    await expect(send("PATCH", path, { Name: "first" })).rejects.toThrow("fetch failed");
    expect(name()).toBe("desk");
    sandbox.addFault({ match: { method: "PATCH" }, action: { type: "reset", when: "after" } });
    await expect(send("PATCH", path, { Name: "second" })).rejects.toThrow("fetch failed");
    expect(name()).toBe("second");
    expect(
      sandbox.requests.filter(({ method }) => method === "PATCH").map(({ status }) => status),
    ).toEqual([0, 0]);
  });

  test("a status comes before the write or after it, with its headers and body", async () => {
    const { create, send, sandbox } = await openSandbox();
    const action = {
      type: "status",
      status: 503,
      headers: { "retry-after": "7" },
      body: "{}",
    } as const;
    sandbox.addFault({ match: { method: "POST" }, action });
    sandbox.addFault({ match: { method: "POST" }, nth: 2, action: { ...action, when: "after" } });
    const before = await send("POST", "Groups", { Name: "one" });
    expect([before.status, before.headers.get("retry-after"), before.text]).toEqual([
      503,
      "7",
      "{}",
    ]);
    expect((await send("POST", "Groups", { Name: "two" })).status).toBe(503);
    expect(await create("Groups", { Name: "three" })).toMatchObject({ Number: "GRP0002" });
    expect(sandbox.console.state()["Groups"]?.map((group) => group["Name"])).toEqual([
      "DEFAULT",
      "two",
      "three",
    ]);
  });

  test("a body is cut short, or does not parse", async () => {
    const { get, sandbox } = await openSandbox();
    sandbox.addFault({ match: { path: "Defs" }, action: { type: "truncate" } });
    await expect(get("Defs")).rejects.toThrow("terminated");
    sandbox.addFault({ match: { path: "Defs" }, action: { type: "malformed" } });
    await expect(get("Defs")).rejects.toThrow(SyntaxError);
    expect((await get("Defs")).status).toBe(200);
  });

  test("a superseded token is refused from that request on", async () => {
    const { get, login, sandbox } = await openSandbox();
    sandbox.addFault({ nth: 2, action: { type: "supersede" } });
    const statuses = [
      (await get("Defs")).status,
      (await get("Defs")).status,
      (await get("Defs")).status,
    ];
    await login();
    expect([...statuses, (await get("Defs")).status]).toEqual([200, 401, 401, 200]);
  });

  test("a compilation can be made to fail or never to end, for one write", async () => {
    const clock = manualClock();
    const { at, send, sandbox } = await openSandbox({ clock, seed: SEED });
    const path = await at("CallFlowApps", "806");
    const write = async (script: string) => {
      await send("PATCH", path, { ScriptCode: script });
      clock.advance(300);
      return sandbox.console.get("806");
    };
    const refuse: Fault = {
      match: { method: "PATCH" },
      action: { type: "compile", verdict: "refuse", message: "out of luck" },
    };
    sandbox.addFault(refuse);
    expect(await write(GOOD_SCRIPT)).toMatchObject({
      InvalidScript: true,
      CompilationResult: expect.stringContaining("out of luck"),
    });
    sandbox.addFault({ match: { method: "PATCH" }, action: { type: "compile", verdict: "never" } });
    expect(await write(`${GOOD_SCRIPT} `)).toMatchObject({ compiling: true });
    clock.advance(1e6);
    expect(sandbox.console.get("806")).toMatchObject({ compiling: true, runnable: null });
    expect(await write(`${GOOD_SCRIPT}  `)).toMatchObject({
      compiling: false,
      InvalidScript: false,
    });
  });

  test("a restart refuses connections, then comes back with its state and without the write it fell on", async () => {
    const clock = manualClock();
    const { create, send, sandbox } = await openSandbox({ clock });
    await create("Groups", { Name: "kept" });
    sandbox.addFault({
      match: { method: "POST" },
      action: { type: "restart", milliseconds: 1000 },
    });
    await expect(send("POST", "Groups", { Name: "lost" })).rejects.toThrow("fetch failed");
    await expect(send("GET", "Groups")).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
    const back = await reconnect(sandbox.url, () => clock.advance(1000));
    expect(back.status).toBe(404);
    const client = createClient(sandbox);
    await client.login();
    expect((await client.list("Groups?$select=Name")).map(({ Name: name }) => name)).toEqual([
      "DEFAULT",
      "kept",
    ]);
  });

  test("a restart after the write keeps it", async () => {
    const clock = manualClock();
    const { send, sandbox } = await openSandbox({ clock });
    sandbox.addFault({
      match: { method: "POST" },
      action: { type: "restart", milliseconds: 10, when: "after" },
    });
    await expect(send("POST", "Groups", { Name: "kept" })).rejects.toThrow("fetch failed");
    await reconnect(sandbox.url, () => clock.advance(10));
    expect(sandbox.console.state()["Groups"]).toMatchObject([{}, { Name: "kept" }]);
  });

  test("a delay is waited by the clock, on top of the latency of every answer", async () => {
    const clock = manualClock();
    const sandbox = await startSandbox({ clock, latency: 100 });
    onTestFinished(async () => sandbox.close());
    sandbox.addFault({ match: { path: "/nowhere" }, action: { type: "delay", milliseconds: 500 } });
    let done = false;
    const answer = fetch(`${sandbox.url}/nowhere`).then((response) => {
      done = true;
      return response.status;
    });
    while (sandbox.requests.length === 0) await pause(1);
    await pause(1);
    clock.advance(599);
    await pause(20);
    expect(done).toBe(false);
    clock.advance(1);
    expect(await answer).toBe(404);
  });
});

/** Asks until there is an answer; time passes between the attempts. */
async function reconnect(url: string, pass: () => void): Promise<Response> {
  for (let attempt = 0; attempt < 500; attempt++) {
    pass();
    const answer = await fetch(`${url}/nowhere`).catch(() => undefined);
    if (answer !== undefined) return answer;
  }
  throw new Error("the sandbox did not come back");
}

describe("a file of faults", () => {
  const FAULTS: readonly Fault[] = [
    {
      match: { method: "POST", path: "CallFlowApps" },
      nth: 2,
      action: { type: "reset", when: "after" },
    },
    { times: "always", action: { type: "delay", milliseconds: 20 } },
    {
      times: 3,
      action: { type: "status", status: 503, headers: { "Retry-After": "1" }, when: "before" },
    },
    { action: { type: "truncate" } },
    { action: { type: "malformed" } },
    { action: { type: "supersede" } },
    { action: { type: "restart", milliseconds: 100 } },
    { action: { type: "compile", verdict: "refuse", message: "no" } },
  ];

  test("is read as it was written, in JSON as in YAML", () => {
    expect(readFaults(JSON.stringify(FAULTS, undefined, 2), "faults.json")).toEqual(FAULTS);
    const yaml = "- nth: 2\n  match: { method: PATCH }\n  action: { type: reset, when: before }\n";
    expect(readFaults(yaml, "faults.yaml")).toEqual([
      { nth: 2, match: { method: "PATCH" }, action: { type: "reset", when: "before" } },
    ]);
  });

  test("with mistakes is refused with all of them, each with its place", () => {
    const text = `- nth: 0
  action: { type: reset }
- match: { verb: GET }
  times: sometimes
  action: { type: explode }
- action: { type: status, status: ok, headers: [] }
- {}
`;
    expect(errorOf(() => readFaults(text, "faults.yaml"))).toBe(
      [
        "faults.yaml:1:8: [0].nth must be a whole number of at least 1, not 0",
        "faults.yaml:2:11: [0].action lacks when",
        "faults.yaml:3:18: [1].match.verb is not known here; known are method, path, query",
        'faults.yaml:4:10: [1].times must be one of always, not "sometimes"',
        'faults.yaml:5:19: [1].action.type must be one of delay, reset, status, truncate, malformed, supersede, restart, compile, not "explode"',
        'faults.yaml:6:35: [2].action.status must be a whole number of at least 200, not "ok"',
        "faults.yaml:6:48: [2].action.headers must be a map of names to values, not a list",
        "faults.yaml:7:3: [3] lacks action",
      ].join("\n"),
    );
  });

  test("that is no list, or no YAML, is refused with its place", () => {
    expect(errorOf(() => readFaults("a: 1", "f.yaml"))).toBe(
      "f.yaml:1:1: must be a list, not a map",
    );
    expect(errorOf(() => readFaults("- [", "f.yaml"))).toMatch(/^f\.yaml:1:\d+: /u);
  });
});

function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error("nothing was thrown");
}
