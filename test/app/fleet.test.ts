import { describe, expect, it } from "vitest";
import { runFleet, type FleetOutcome, type FleetTarget } from "../../src/app/fleet.ts";
import { resolveFleet, type Settings } from "../../src/app/settings/resolve.ts";
import { failure } from "../../src/domain/problem.ts";
import { makeFolder } from "../support/project/folder.ts";

const NAMES = ["a", "b", "c", "d", "e", "f"];

/** Settings of six targets; `c` and `d` share a PBX and its client. */
async function makeFleet(waves: readonly number[] = []): Promise<readonly Settings[]> {
  const targets = NAMES.map((name, index) => {
    const host = name === "d" ? "c" : name;
    return `  ${name}: { url: "https://${host}.example.com", clientId: x, clientSecret: "\${env:KEY}", wave: ${waves[index] ?? 1} }`;
  });
  const { root } = makeFolder({
    "callform.yaml": `apiVersion: callform/v1\nkind: Project\ntargets:\n${targets.join("\n")}\n`,
  });
  return resolveFleet({ target: ["*"] }, [], { env: { KEY: "key" }, cwd: root }, "look");
}

interface Trace {
  readonly outcomes: FleetOutcome<string>[];
  readonly log: readonly string[];
  readonly peak: number;
}

async function trace(
  fleet: readonly Settings[],
  work: (target: FleetTarget) => string,
  { parallel = 8, ...more }: { parallel?: number; waves?: boolean; stop?: AbortSignal } = {},
): Promise<Trace> {
  const log: string[] = [];
  let [running, peak] = [0, 0];
  const outcomes = await runFleet<string>({
    flags: {},
    fleet: fleet.map((settings) => ({ ...settings, parallel })),
    waves: false,
    stop: new AbortController().signal,
    succeeded: (value) => value !== "bad",
    onFinished: ({ name, state }, finished, total) =>
      log.push(`${name} ${state} ${finished}/${total}`),
    async work(target) {
      running += 1;
      peak = Math.max(peak, running);
      log.push(`${target.name} begins`);
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      running -= 1;
      return work(target);
    },
    ...more,
  });
  return { outcomes, log, peak };
}

describe("a fleet", () => {
  it("gives an outcome for each target, in the fleet's order", async () => {
    const { outcomes, log } = await trace(await makeFleet(), ({ name }) => name.toUpperCase());
    expect(outcomes).toEqual(
      NAMES.map((name) => ({ name, state: "done", value: name.toUpperCase() })),
    );
    expect(log.findLast((line) => line.includes("done"))).toMatch(/ 6\/6$/);
  });

  it("never works on more targets at a time than it may", async () => {
    const fleet = await makeFleet();
    for (const parallel of [1, 2, 3])
      expect((await trace(fleet, () => "ok", { parallel })).peak).toBeLessThanOrEqual(parallel);
    expect((await trace(fleet, () => "ok", { parallel: 8 })).peak).toBeGreaterThan(3);
  });

  it("lets two targets with one API client never overlap", async () => {
    const { log } = await trace(await makeFleet(), () => "ok");
    const [begins, ends] = [
      log.indexOf("d begins"),
      log.findIndex((line) => line.startsWith("c done")),
    ];
    expect(begins).toBeGreaterThan(log.indexOf("c begins"));
    // The second begins only after the first has given its value, which is before anybody is told.
    expect(begins).toBeGreaterThan(log.indexOf("f begins"));
    expect(ends).toBeGreaterThan(0);
  });

  it("keeps what went wrong with one to that one", async () => {
    const { outcomes } = await trace(await makeFleet(), ({ name }) => {
      if (name === "c") throw failure("pbx-down", "it is down");
      return "ok";
    });
    expect(outcomes.map(({ state }) => state)).toEqual([
      "done",
      "done",
      "failed",
      "done",
      "done",
      "done",
    ]);
    expect(outcomes[2]).toMatchObject({ problems: [{ message: "it is down" }] });
  });

  it("throws what is no problem of the user's, when all have come to rest", async () => {
    const log: string[] = [];
    const running = trace(await makeFleet(), ({ name }) => {
      if (name === "a") throw new TypeError("a bug");
      log.push(name);
      return "ok";
    });
    await expect(running).rejects.toThrow("a bug");
    expect(log).toHaveLength(5);
  });

  it("goes wave by wave, and skips all that follows one that failed", async () => {
    const fleet = await makeFleet([2, 1, 3, 1, 2, 4]);
    const good = await trace(fleet, () => "ok", { waves: true });
    const order = good.log.filter((line) => line.endsWith("begins")).map((line) => line[0]);
    expect(order).toEqual(["b", "d", "a", "e", "c", "f"]);

    const bad = await trace(fleet, ({ name }) => (name === "e" ? "bad" : "ok"), { waves: true });
    expect(bad.outcomes).toMatchObject([
      { name: "a", state: "done" },
      { name: "b", state: "done" },
      { name: "c", state: "skipped", reason: "wave 2 did not succeed" },
      { name: "d", state: "done" },
      { name: "e", state: "done", value: "bad" },
      { name: "f", state: "skipped", reason: "wave 2 did not succeed" },
    ]);
  });

  it("begins nothing more once it is stopped", async () => {
    const stopping = new AbortController();
    const { outcomes } = await trace(
      await makeFleet(),
      ({ name }) => {
        if (name === "b") stopping.abort();
        return "ok";
      },
      { parallel: 1, stop: stopping.signal },
    );
    expect(outcomes.map(({ state }) => state)).toEqual([
      "done",
      "done",
      "skipped",
      "skipped",
      "skipped",
      "skipped",
    ]);
  });

  it("tells what went wrong with a target, also when the run was stopped meanwhile", async () => {
    const stopping = new AbortController();
    const { outcomes } = await trace(
      await makeFleet(),
      ({ name }) => {
        stopping.abort();
        if (name === "a") throw failure("pbx-down", "it is down");
        return "ok";
      },
      { parallel: 1, stop: stopping.signal },
    );
    expect(outcomes[0]).toMatchObject({ state: "failed", problems: [{ code: "pbx-down" }] });
    expect(outcomes[1]).toMatchObject({ state: "skipped" });
  });

  it("tells a target that lacks a setting from the others", async () => {
    const fleet = (await makeFleet()).map((settings) =>
      settings.target?.name === "b"
        ? { ...settings, target: { ...settings.target, url: "ftp://nowhere" } }
        : settings,
    );
    const { outcomes } = await trace(fleet, () => "ok");
    expect(outcomes[1]).toMatchObject({ state: "failed", problems: [{ code: "invalid-url" }] });
    expect(outcomes.filter(({ state }) => state === "done")).toHaveLength(5);
  });
});
