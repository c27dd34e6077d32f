import { SCRIPTS } from "../../../src/sandbox/behaviours/scripts.ts";
import type { SandboxOptions } from "../../../src/sandbox/server.ts";
import { BAD_SCRIPT, GOOD_SCRIPT, manualClock, openSandbox } from "../../support/pbx/raw-client.ts";
import type { Entity } from "../../support/pbx/raw-client.ts";
import { proveAll } from "./prove.ts";

const OTHER_SCRIPT = GOOD_SCRIPT.replaceAll("Greeter", "Other");
const STATUS =
  "$select=ScriptCode,CompilationSucceeded,CompilationResult,CompilationLastSuccess,InvalidScript,RejectedCode";

interface Bench {
  /** Sends a script to app 806. */
  readonly write: (script: string) => Promise<void>;
  /** Sends a script and lets the time for its compilation pass. */
  readonly compile: (script: string) => Promise<Entity>;
  readonly read: () => Promise<Entity>;
  readonly advance: (milliseconds: number) => void;
  readonly runnable: () => string | null | undefined;
}

async function openBench(options: Pick<SandboxOptions, "quirks"> = {}): Promise<Bench> {
  const clock = manualClock();
  const seed = { apps: [{ number: "806", name: "desk" }] };
  const { at, get, send, sandbox } = await openSandbox({ clock, seed, ...options });
  const path = await at("CallFlowApps", "806");
  const write = async (script: string): Promise<void> => {
    const { status } = await send("PATCH", path, { ScriptCode: script });
    if (status !== 204) throw new Error(`the script was answered with ${status}`);
  };
  const read = async (): Promise<Entity> => (await get(`${path}?${STATUS}`)).json;
  return {
    write,
    read,
    advance: clock.advance,
    async compile(script) {
      await write(script);
      clock.advance(300);
      return read();
    },
    runnable: () => sandbox.console.get("806")?.runnable,
  };
}

proveAll(SCRIPTS, {
  "invalid-at-birth": async ({ expect }) => {
    const { create } = await openSandbox();
    expect(await create("CallFlowApps", { Number: "806", Name: "desk" })).toMatchObject({
      InvalidScript: true,
      CompilationSucceeded: false,
      CompilationLastSuccess: null,
    });
  },

  "compiles-later": async ({ expect }) => {
    const { advance, read, runnable, write } = await openBench();
    await write(GOOD_SCRIPT);
    advance(299);
    expect(await read()).toMatchObject({ CompilationSucceeded: false, InvalidScript: true });
    expect(runnable()).toBeNull();
    advance(1);
    expect(await read()).toMatchObject({ CompilationSucceeded: true, InvalidScript: false });
    expect(runnable()).toBe(GOOD_SCRIPT);
  },

  "sent-text-shows-at-once": async ({ expect }) => {
    const bench = await openBench();
    await bench.compile(GOOD_SCRIPT);
    await bench.write(OTHER_SCRIPT);
    expect(await bench.read()).toMatchObject({
      ScriptCode: OTHER_SCRIPT,
      CompilationSucceeded: true,
    });
    expect(bench.runnable()).toBe(GOOD_SCRIPT);
    const late = await openBench({ quirks: { sentTextShowsAtOnce: false } });
    await late.compile(GOOD_SCRIPT);
    await late.write(OTHER_SCRIPT);
    expect(await late.read()).toMatchObject({ ScriptCode: GOOD_SCRIPT });
  },

  "refused-first-script": async ({ expect }) => {
    const { compile, runnable } = await openBench();
    expect(await compile(BAD_SCRIPT)).toMatchObject({
      ScriptCode: BAD_SCRIPT,
      CompilationSucceeded: false,
      CompilationLastSuccess: null,
      InvalidScript: true,
    });
    expect(runnable()).toBeNull();
    expect(await compile(GOOD_SCRIPT)).toMatchObject({
      CompilationSucceeded: true,
      RejectedCode: null,
    });
  },

  "rejected-code": async ({ expect }) => {
    const { compile } = await openBench();
    expect(await compile(BAD_SCRIPT)).toMatchObject({ RejectedCode: BAD_SCRIPT });
    await compile(GOOD_SCRIPT);
    expect(await compile(BAD_SCRIPT)).toMatchObject({ RejectedCode: BAD_SCRIPT });
    const other = await openBench({ quirks: { rejectedCodeOnFirstRefusal: false } });
    expect(await other.compile(BAD_SCRIPT)).toMatchObject({ RejectedCode: null });
  },

  "old-code-keeps-running": async ({ expect }) => {
    const { compile, runnable } = await openBench();
    const { CompilationLastSuccess } = await compile(GOOD_SCRIPT);
    expect(await compile(BAD_SCRIPT)).toMatchObject({
      ScriptCode: GOOD_SCRIPT,
      CompilationSucceeded: false,
      CompilationLastSuccess,
      InvalidScript: false,
    });
    expect(runnable()).toBe(GOOD_SCRIPT);
  },

  "identical-text": async ({ expect }) => {
    const { compile } = await openBench();
    const { CompilationLastSuccess } = await compile(GOOD_SCRIPT);
    expect(await compile(GOOD_SCRIPT)).toMatchObject({ CompilationLastSuccess });
    await compile(BAD_SCRIPT);
    expect(await compile(GOOD_SCRIPT)).toMatchObject({ CompilationSucceeded: false });
    expect(await compile(`${GOOD_SCRIPT} `)).toMatchObject({ CompilationSucceeded: true });
  },

  "success-has-its-time": async ({ expect }) => {
    const { compile } = await openBench();
    const times: string[] = [];
    for (const script of [GOOD_SCRIPT, OTHER_SCRIPT, GOOD_SCRIPT])
      times.push(String((await compile(script))["CompilationLastSuccess"]));
    expect(new Set(times).size).toBe(3);
    expect(times).toEqual(times.toSorted((a, b) => a.localeCompare(b)));

    const seed = { apps: [{ number: "806", name: "a" }] };
    const { console } = (await openSandbox({ clock: manualClock(), seed })).sandbox;
    const first = await console.edit("806", { ScriptCode: GOOD_SCRIPT });
    const second = await console.edit("806", { ScriptCode: OTHER_SCRIPT });
    expect(second.CompilationLastSuccess).not.toBe(first.CompilationLastSuccess);
  },

  "result-form": async ({ expect }) => {
    const at = BAD_SCRIPT.indexOf("Terminate()") + "Terminate()".length;
    const first = await openBench();
    const result = String((await first.compile(BAD_SCRIPT))["CompilationResult"]);
    const [, start, end] = /^:\[(\d+)\.\.(\d+)\)E:CS1002:\n[^\n:]+$/mu.exec(result) ?? [];
    expect(BAD_SCRIPT.slice(Number(start) - 1).startsWith(BAD_SCRIPT.slice(at))).toBe(true);
    expect(Number(end)).toBeGreaterThanOrEqual(Number(start));
    const zero = await openBench({ quirks: { spanBase: 0, severityLetter: false } });
    const other = String((await zero.compile(BAD_SCRIPT))["CompilationResult"]);
    expect(other).toMatch(
      new RegExp(`^:\\[${Number(start) - 1}\\.\\.\\d+\\):CS1002:Error\n`, "mu"),
    );
  },

  "hidden-lines": async ({ expect }) => {
    const { compile } = await openBench();
    const head = "using System.Linq;\nusing System;\nusing System;\n";
    const good = await compile(head + GOOD_SCRIPT.replace("using System;\n", ""));
    expect(good["CompilationSucceeded"]).toBe(true);
    expect(String(good["CompilationResult"]).split("\n")).toEqual([
      ":[1..19)H:CS8019:",
      "Unnecessary using directive.",
      ":[34..47)W:CS0105:",
      "The using directive for 'System' appeared previously in this namespace",
    ]);
    const bad = await compile(head + BAD_SCRIPT.replace("using System;\n", ""));
    expect(String(bad["CompilationResult"])).toMatch(/\)H:[^]*\)W:[^]*\)E:/u);
    const used = await compile(
      `using System.Linq;\n${GOOD_SCRIPT.replace("MyCall", "x.Select(y); MyCall")}`,
    );
    expect(used["CompilationResult"]).toBe("");
  },

  "text-as-sent": async ({ expect }) => {
    const script = `\uFEFF${GOOD_SCRIPT.replaceAll("\n", "\r\n")} \n\n`;
    const exact = await openBench();
    expect(await exact.compile(script)).toMatchObject({
      ScriptCode: script,
      CompilationSucceeded: true,
    });
    const crlf = await openBench({ quirks: { textReadBack: "crlf" } });
    expect(await crlf.compile(script)).toMatchObject({
      ScriptCode: `${script.slice(0, -2)}\r\n\r\n`,
    });
  },
});
