import { describe, expect, it } from "vitest";
import { alchemy } from "../../bench/peers/alchemy.ts";
import { auth0 } from "../../bench/peers/auth0.ts";
import { judgeBar } from "../../bench/peers/bar.ts";
import { callform } from "../../bench/peers/callform.ts";
import type { Contender, Shape, Work } from "../../bench/peers/contender.ts";
import type { Entry, Outcome } from "../../bench/peers/contest.ts";
import { directus } from "../../bench/peers/directus.ts";
import { compareWall, describeOutcome, writeReport } from "../../bench/peers/report.ts";
import { describeSpread } from "../../bench/statistics.ts";

const machine = { node: "v20.19.0", processors: 2, model: "A processor ", memory: 8 * 2 ** 30 };
const large: Shape = { objects: 1000, latency: 50 };
const small: Shape = { objects: 100, latency: 0 };

function entry(
  contender: Contender,
  work: Work,
  walls: readonly number[],
  shape: Shape = large,
): Entry {
  return {
    contender,
    shape,
    work,
    measurement: {
      runs: walls.length,
      wall: describeSpread(walls),
      cpu: 123,
      memory: 100 * 2 ** 20,
      tally: { requests: 11, writes: 0, peak: 9 },
    },
  };
}

function report(outcome: Partial<Outcome>): string {
  const whole = { entries: [], failures: [], ...outcome };
  return writeReport([callform, auth0], whole, judgeBar(whole.entries), machine);
}

describe("the bar beside the nearest peer", () => {
  it("holds from twenty times on", () => {
    const judge = (theirs: number) =>
      judgeBar([entry(callform, "look", [1000]), entry(auth0, "look", [theirs])]);
    expect(judge(20_000)).toMatchObject({ times: 20, holds: true });
    expect(judge(19_999)).toMatchObject({ holds: false });
    expect(judge(50_000)).toMatchObject({ times: 50, holds: true });
  });

  it("is about looking at 1,000 at 50 ms and nothing else", () => {
    const others = [
      entry(callform, "change", [1]),
      entry(auth0, "change", [1000]),
      entry(callform, "look", [1], small),
      entry(auth0, "look", [1000], small),
      entry(callform, "look", [1], { objects: 1000, latency: 0 }),
      entry(auth0, "look", [1000], { objects: 1000, latency: 0 }),
    ];
    expect(judgeBar(others)).toMatchObject({ times: undefined, holds: undefined });
  });

  it("is open where one of the two was not measured", () => {
    expect(judgeBar([entry(callform, "look", [1])])).toMatchObject({ holds: undefined });
    expect(report({ entries: [entry(auth0, "look", [1])] })).toContain("not measured.");
  });

  it("is printed with its verdict", () => {
    const [ours, theirs] = [entry(callform, "look", [1000]), entry(auth0, "look", [31_400])];
    expect(report({ entries: [ours, theirs] })).toMatch(/^Bar: .*20 times.*: yes, 31\.4 times\.$/m);
    const slow = entry(auth0, "look", [3140]);
    expect(report({ entries: [ours, slow] })).toMatch(/^Bar: .*: \*\*no\*\*, 3\.1 times\.$/m);
  });
});

describe("the ratio to Callform", () => {
  it("is taken from the same work of the same shape", () => {
    const entries = [
      entry(callform, "look", [100]),
      entry(callform, "change", [400]),
      entry(callform, "look", [50], small),
    ];
    expect(compareWall(entry(auth0, "look", [1000]), entries)).toBe(10);
    expect(compareWall(entry(auth0, "change", [1000]), entries)).toBe(2.5);
    expect(compareWall(entry(auth0, "look", [1000], small), entries)).toBe(20);
    expect(compareWall(entry(auth0, "change", [1000], small), entries)).toBeUndefined();
  });
});

describe("the report", () => {
  it("has a table for every shape, look before change", () => {
    const text = report({
      entries: [
        entry(callform, "look", [400, 500, 450]),
        entry(callform, "change", [1500]),
        entry(auth0, "look", [26_000]),
        entry(auth0, "change", [198_000]),
        entry(callform, "look", [300], small),
      ],
    });
    expect(text).toContain("Node v20.19.0, 2 x A processor, 8 GiB.");
    expect(text).toContain("**1,000 objects at 50 ms**");
    expect(text).toContain("**100 objects at 0 ms**");
    const rows = text.split("\n").filter((line) => /^\| (?:nothing|one) changed/.test(line));
    expect(rows).toEqual([
      "| nothing changed | callform | 450 ms (400 ms to 500 ms) | 123 ms | 100 MB | 11 | 0 | 9 | 1.00 | 3 |",
      "| nothing changed | auth0-deploy-cli | 26.0 s | 123 ms | 100 MB | 11 | 0 | 9 | 58 | 1 |",
      "| one changed | callform | 1.5 s | 123 ms | 100 MB | 11 | 0 | 9 | 1.00 | 1 |",
      "| one changed | auth0-deploy-cli | 198.0 s | 123 ms | 100 MB | 11 | 0 | 9 | 132 | 1 |",
      "| nothing changed | callform | 300 ms | 123 ms | 100 MB | 11 | 0 | 9 | 1.00 | 1 |",
    ]);
  });

  it("has as many cells in a row as in its head", () => {
    const lines = report({ entries: [entry(callform, "look", [1])] })
      .split("\n")
      .filter((line) => line.startsWith("|"));
    expect(new Set(lines.map((line) => line.split("|").length)).size).toBe(1);
  });

  it("says of each tool what it does and does not read", () => {
    const text = report({});
    for (const { name, caveat } of [callform, auth0]) {
      expect(text).toContain(`- **${name}** (`);
      expect(text).toContain(caveat);
    }
  });

  it("says on one line why a tool was left out", () => {
    const reason = `npm error code E404\nnpm error ${"very ".repeat(100)}long`;
    const text = report({ failures: [{ contender: auth0, where: "install", reason }] });
    const line = text.split("\n").find((one) => one.includes("left out"));
    expect(line).toContain("- **auth0-deploy-cli was left out** (install): npm error code E404");
    expect(line?.length).toBeLessThan(400);
    expect(line).toMatch(/…$/);
  });

  it("says when the machine was noisy, and nothing where it was not", () => {
    const noisy = entry(callform, "look", [100, 200, 100, 200]);
    const calm = entry(auth0, "look", [100, 101, 100, 101]);
    expect(report({ entries: [noisy, calm] })).toContain("noisy: in 1 of 2 rows");
    expect(report({ entries: [calm] })).not.toContain("noisy");
  });

  it("is also a value for JSON, with every figure, failure and verdict", () => {
    const outcome: Outcome = {
      entries: [entry(callform, "look", [1000]), entry(auth0, "look", [25_000])],
      failures: [{ contender: alchemy, where: "install", reason: "no network" }],
    };
    const value: unknown = JSON.parse(
      JSON.stringify(
        describeOutcome([callform, auth0], outcome, judgeBar(outcome.entries), machine),
      ),
    );
    expect(value).toMatchObject({
      machine: { node: "v20.19.0" },
      contenders: [{ name: "callform" }, { name: "auth0-deploy-cli", version: "8.44.0" }],
      entries: [
        { tool: "callform", objects: 1000, latency: 50, work: "look", timesCallform: 1 },
        { tool: "auth0-deploy-cli", wall: { median: 25_000 }, timesCallform: 25 },
      ],
      failures: [{ tool: "alchemy", where: "install", reason: "no network" }],
      bar: { times: 25, holds: true },
    });
  });
});

describe("the peers", () => {
  it("are pinned to one version each, and say what they run and what that is worth", () => {
    for (const { name, version, typed, caveat, installed } of [auth0, directus, alchemy]) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
      expect(installed, name).toBe(true);
      expect(typed.look.length * typed.change.length, name).toBeGreaterThan(0);
      expect(caveat, name).toMatch(/reads/);
    }
  });
});
