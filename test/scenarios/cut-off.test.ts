import pLimit from "p-limit";
import { expect, it, onTestFinished } from "vitest";
import { startSandbox, type Sandbox } from "../../src/sandbox/server.ts";
import { makeFolder, type Folder } from "../support/project/folder.ts";
import { writeApp } from "../support/project/pbx-project.ts";
import { writeBrokenScript, writeScript } from "../support/project/scripts.ts";
import { runInline } from "../support/program/inline.ts";
import { runProgram, type Ran } from "../support/program/run.ts";

const ARGS = ["apply", "--yes"];
const PARALLEL = 4;
/** Everything, when it is asked for by name: it takes minutes. */
const WHOLE = process.env["CALLFORM_SWEEP"] === "whole";
/** At most so many boundaries, evenly spread, are tried with a process each. */
const MOST = WHOLE ? Infinity : 24;
const DELAYS = WHOLE ? [0, 60, 1_500, 6_000] : [60, 1_500];
/** How often the number of requests is looked at while waiting to kill. Milliseconds. */
const WATCH = 2;

/** An app whose new script is refused, a new one that is refused, a new one without a script, and good ones beside them. */
function makeProject(): Folder {
  const broken = (name: string, file: string): Record<string, string> => ({
    [`apps/${file}.cs`]: writeBrokenScript(name),
  });
  return makeFolder({
    ...writeApp("800", "first", "  routingType: Forward\n"),
    ...broken("First", "first"),
    ...writeApp("801", "second"),
    ...broken("Second", "second"),
    ...writeApp("900", "third", "  routingType: Forward\n"),
    ...broken("Third", "third"),
    ...writeApp("901", "fourth", "  groups: [{ name: DEFAULT }]\n"),
    "apps/plain.yaml": (
      writeApp("902", "plain", "  routingType: Forward\n")["apps/plain.yaml"] ?? ""
    )
      .split("\n")
      .filter((line) => !line.includes("scriptFile"))
      .join("\n"),
  });
}

async function openPbx(delay: number, killAt?: number): Promise<Sandbox> {
  const apps = ["800", "801"].map((number, index) => ({
    number,
    name: index === 0 ? "first" : "second",
    scriptCode: writeScript(index === 0 ? "First" : "Second"),
  }));
  const hold = { type: "delay", milliseconds: 20 } as const;
  const faults = killAt === undefined ? [] : [{ nth: killAt, action: hold }];
  const pbx = await startSandbox({ seed: { apps, compile: { delay } }, faults });
  onTestFinished(() => pbx.close());
  return pbx;
}

function envOf({ url, clientId, clientSecret }: Sandbox, state: string): Record<string, string> {
  return {
    CALLFORM_URL: url,
    CALLFORM_CLIENT_ID: clientId,
    CALLFORM_CLIENT_SECRET: clientSecret,
    XDG_STATE_HOME: state,
  };
}

function describePbx(pbx: Sandbox): unknown {
  return pbx.console
    .list()
    .map(({ Number: number, Name, RoutingType, ScriptCode, runnable }) => ({
      number,
      Name,
      RoutingType,
      ScriptCode,
      runnable,
    }))
    .toSorted((a, b) => (a.number < b.number ? -1 : 1));
}

function listRefusals({ stderr }: Ran): string[] {
  return [...new Set(stderr.match(/apps\/\w+\.cs:\d+:\d+ error script-refused/g))].toSorted();
}

it.each(DELAYS)(
  "killed as a process at any request and run again at once, it ends the same, with a compiler that takes %i ms",
  { timeout: 300_000 },
  async (delay) => {
    const project = makeProject();
    const whole = await openPbx(delay);
    const env = envOf(whole, project.path("state"));
    const uncut = await runInline(ARGS, { cwd: project.root, env });
    expect(uncut.code).toBe(1);
    expect(listRefusals(uncut)).toHaveLength(3);
    const goal = describePbx(whole);
    const step = Math.max(1, Math.ceil(whole.requests.length / MOST));
    const limit = pLimit(PARALLEL);
    const tries: Promise<void>[] = [];
    for (let at = 1; at <= whole.requests.length; at += step)
      tries.push(
        limit(async () => {
          const pbx = await openPbx(delay, at);
          const place = { cwd: project.root, env: envOf(pbx, project.path(`state-${at}`)) };
          await runProgram(ARGS, {
            ...place,
            onStart: (child) => {
              const watch = setInterval(() => {
                if (pbx.requests.length >= at) child.kill("SIGKILL");
              }, WATCH);
              child.once("close", () => clearInterval(watch));
            },
          });
          const again = await runInline(ARGS, place);
          expect({ at, code: again.code, pbx: describePbx(pbx) }).toEqual({
            at,
            code: 1,
            pbx: goal,
          });
        }),
      );
    await Promise.all(tries);
    process.stdout.write(`killed with a compiler of ${delay} ms: ${tries.length} processes\n`);
  },
);
