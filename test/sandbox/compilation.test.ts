import { expect, test } from "vitest";
import type { SandboxOptions } from "../../src/sandbox/server.ts";
import { BAD_SCRIPT, GOOD_SCRIPT, manualClock, openSandbox } from "../support/pbx/raw-client.ts";
import type { ManualClock, RawClient } from "../support/pbx/raw-client.ts";

const STATUS =
  "$select=ScriptCode,CompilationSucceeded,CompilationResult,CompilationLastSuccess,InvalidScript,RejectedCode";
const OTHER_SCRIPT = GOOD_SCRIPT.replaceAll("Greeter", "Other");

interface Bench extends RawClient {
  readonly clock: ManualClock;
  readonly write: (script: string) => Promise<number>;
  readonly read: () => Promise<Record<string, unknown>>;
}

/** A sandbox with one app, 806, without a script. */
async function openBench(options: SandboxOptions = {}): Promise<Bench> {
  const clock = manualClock();
  const client = await openSandbox({
    clock,
    seed: { apps: [{ number: "806", name: "desk" }] },
    ...options,
  });
  const [app] = await client.list("CallFlowApps?$filter=Number eq '806'");
  const path = `CallFlowApps(${String(app?.["Id"])})`;
  return {
    ...client,
    clock,
    write: async (ScriptCode) => (await client.send("PATCH", path, { ScriptCode })).status,
    read: async () => (await client.get(`${path}?${STATUS}`)).json,
  };
}

test("a later script that is refused leaves the old one running", async () => {
  const { clock, read, write, sandbox } = await openBench();
  await write(GOOD_SCRIPT);
  clock.advance(300);
  await write(BAD_SCRIPT);
  expect(await read()).toMatchObject({ ScriptCode: BAD_SCRIPT, CompilationSucceeded: true });
  clock.advance(300);
  expect(await read()).toMatchObject({
    ScriptCode: GOOD_SCRIPT,
    CompilationSucceeded: false,
    InvalidScript: false,
    RejectedCode: BAD_SCRIPT,
  });
  expect(sandbox.console.history("806").map(({ event, runnable }) => [event, runnable])).toEqual([
    ["created", null],
    ["compiled", GOOD_SCRIPT],
    ["refused", GOOD_SCRIPT],
  ]);
});

test("a newer script takes the place of one that is still being compiled", async () => {
  const { clock, read, write, sandbox } = await openBench();
  await write(BAD_SCRIPT);
  clock.advance(200);
  await write(OTHER_SCRIPT);
  clock.advance(200);
  expect(await read()).toMatchObject({ CompilationSucceeded: false, RejectedCode: null });
  clock.advance(100);
  expect(await read()).toMatchObject({ CompilationSucceeded: true, ScriptCode: OTHER_SCRIPT });
  expect(sandbox.console.history("806").map(({ event }) => event)).toEqual(["created", "compiled"]);
});

test("the seed can order a refusal, an endless compilation and a delay for one number", async () => {
  const apps = [
    {
      number: "806",
      name: "desk",
      compile: { verdict: "refuse", message: "no such thing" } as const,
    },
    { number: "807", name: "never", compile: { verdict: "never" } as const },
    { number: "808", name: "slow", compile: { delay: 5000 } },
  ];
  const { clock, list, send, read, write } = await openBench({ seed: { apps } });
  await write(GOOD_SCRIPT);
  for (const app of await list("CallFlowApps?$filter=Number ne '806'"))
    await send("PATCH", `CallFlowApps(${String(app["Id"])})`, { ScriptCode: GOOD_SCRIPT });
  clock.advance(4999);
  expect(await read()).toMatchObject({
    InvalidScript: true,
    CompilationResult: expect.stringContaining("no such thing"),
  });
  const succeeded = async (): Promise<unknown> =>
    (await list("CallFlowApps?$filter=CompilationSucceeded eq true")).map((app) => app["Number"]);
  expect(await succeeded()).toEqual([]);
  clock.advance(1e6);
  expect(await succeeded()).toEqual(["808"]);
});

test("a seeded script runs from the start, with the refused one beside it", async () => {
  const app = { number: "806", name: "desk", scriptCode: GOOD_SCRIPT, rejectedCode: BAD_SCRIPT };
  const { read, sandbox } = await openBench({ seed: { apps: [app] } });
  expect(await read()).toMatchObject({
    ScriptCode: GOOD_SCRIPT,
    RejectedCode: BAD_SCRIPT,
    CompilationSucceeded: false,
    InvalidScript: false,
  });
  expect(sandbox.console.get("806")?.runnable).toBe(GOOD_SCRIPT);
});

test("a removed app's compilation is never finished", async () => {
  const { clock, list, send, write, sandbox } = await openBench();
  await write(GOOD_SCRIPT);
  const [app] = await list("CallFlowApps");
  await send("DELETE", `CallFlowApps(${String(app?.["Id"])})`);
  clock.advance(300);
  expect(sandbox.console.list()).toEqual([]);
  expect(sandbox.console.history("806").map(({ event }) => event)).toEqual(["created", "removed"]);
});
