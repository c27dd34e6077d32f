import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Arena, Complaint, Contender, Work } from "../../bench/peers/contender.ts";
import { holdContest, listHeats, nameShape, type Heat } from "../../bench/peers/contest.ts";
import { dropWarmUp, mayRunAgain, measureWork } from "../../bench/peers/measure.ts";
import type { Usage } from "../../bench/run-process.ts";

interface FakeOptions {
  readonly name?: string;
  readonly installed?: boolean;
  readonly judge?: (work: Work) => Complaint;
  readonly onOpen?: () => void;
  readonly onClose?: () => void;
}

function makeArena(log: string[], { name = "tool", judge, onClose }: FakeOptions = {}): Arena {
  const commands = { look: command(`${name} look`), change: command(`${name} change`) };
  return {
    commands,
    changeOne: async () => void log.push("edit"),
    judge: async (work) => judge?.(work),
    tally: async () => ({ requests: 3, writes: 1, peak: 2 }),
    clear: async () => void log.push("clear"),
    async close() {
      log.push(`${name} closed`);
      onClose?.();
    },
  };
}

function makeContender(log: string[], options: FakeOptions = {}): Contender {
  const { name = "tool", installed = true, onOpen } = options;
  return {
    name,
    version: "1.0.0",
    typed: { look: `${name} diff`, change: `${name} push` },
    caveat: "reads nothing",
    installed,
    async open() {
      onOpen?.();
      log.push(`${name} opened`);
      return makeArena(log, options);
    },
  };
}

function command(name: string) {
  return { args: [name], cwd: "/", env: {} };
}

/** Runs that take so long, one after the other; the last again and again. */
function takeTurns(log: string[], ...walls: readonly number[]) {
  let turn = 0;
  return async ({ args }: { readonly args: readonly string[] }): Promise<Usage> => {
    const wall = walls[Math.min(turn, walls.length - 1)] ?? 0;
    turn += 1;
    log.push(args.at(-1) ?? "");
    return { wall, cpu: wall / 2, memory: wall * 10, stdout: "" };
  };
}

const heats: readonly Heat[] = [
  { shape: { objects: 100, latency: 50 }, works: ["look", "change"] },
];

describe("the repetition of a run", () => {
  it("ends, however short the runs are", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), (wall) => {
        const runs: { wall: number }[] = [];
        while (mayRunAgain(runs)) runs.push({ wall });
        expect(runs.length).toBeGreaterThanOrEqual(1);
        expect(runs.length).toBeLessThanOrEqual(6);
      }),
    );
  });

  it("leaves out the first, unless there is no other", () => {
    expect(dropWarmUp([9, 1, 2])).toEqual([1, 2]);
    expect(dropWarmUp([9])).toEqual([9]);
  });

  it("does not repeat what took long", () => {
    expect(mayRunAgain([{ wall: 20_000 }])).toBe(false);
    expect(mayRunAgain([{ wall: 5000 }])).toBe(true);
    expect(mayRunAgain([{ wall: 9000 }, { wall: 9000 }])).toBe(false);
  });
});

describe("the measurement of a work", () => {
  it("has the medians without the warm-up, and what the last run sent", async () => {
    const run = takeTurns([], 900, 100, 300, 200, 500, 400);
    const measured = await measureWork(makeArena([]), "look", run);
    expect(measured).toMatchObject({
      runs: 5,
      wall: { median: 300, least: 100, most: 500 },
      cpu: 150,
      memory: 3000,
      tally: { requests: 3, writes: 1, peak: 2 },
    });
  });

  it("changes one object before every run of a change, and none before a look", async () => {
    const log: string[] = [];
    await measureWork(makeArena(log), "change", takeTurns(log, 8000));
    expect(log).toEqual(["edit", "clear", "tool change", "edit", "clear", "tool change"]);
    log.length = 0;
    await measureWork(makeArena(log), "look", takeTurns(log, 20_000));
    expect(log).toEqual(["clear", "tool look"]);
  });

  it("is void when the tool did not do its work", async () => {
    const arena = makeArena([], { judge: () => "its diff found changes" });
    await expect(measureWork(arena, "look", takeTurns([], 1))).rejects.toThrow(
      "its diff found changes",
    );
  });

  it("gives every process a deadline", async () => {
    const seen: (readonly string[])[] = [];
    await measureWork(makeArena([]), "look", async ({ args }) => {
      seen.push(args);
      return { wall: 20_000, cpu: 1, memory: 1, stdout: "" };
    });
    expect(seen).toEqual([["--require", expect.stringMatching(/deadline\.cjs$/), "tool look"]]);
  });
});

describe("a contest", () => {
  const hold = (contenders: readonly Contender[], log: string[], broken: readonly string[] = []) =>
    holdContest(contenders, heats, {
      install: async ({ name }) => {
        if (broken.includes(name)) throw new Error("npm error network");
        return `/cache/${name}`;
      },
      onStep: () => undefined,
      run: takeTurns(log, 20_000),
    });

  it("runs every tool at every work of every heat, and closes what it opened", async () => {
    const log: string[] = [];
    const tools = ["one", "two"].map((name) => makeContender(log, { name }));
    const { entries, failures } = await hold(tools, log);
    expect(failures).toEqual([]);
    expect(entries.map(({ contender, work }) => `${contender.name} ${work}`)).toEqual([
      "one look",
      "one change",
      "two look",
      "two change",
    ]);
    const opened = log.filter((line) => /opened|closed/.test(line));
    expect(opened).toEqual(["one opened", "one closed", "two opened", "two closed"]);
  });

  it("goes on without a tool that cannot be installed, and says why", async () => {
    const log: string[] = [];
    const tools = ["one", "two"].map((name) => makeContender(log, { name }));
    const { entries, failures } = await hold(tools, log, ["one"]);
    expect(failures).toMatchObject([
      { contender: { name: "one" }, where: "install", reason: "npm error network" },
    ]);
    expect(entries.map(({ contender }) => contender.name)).toEqual(["two", "two"]);
  });

  it("installs nothing for what is not installed from npm", async () => {
    const { entries } = await hold([makeContender([], { installed: false })], [], ["tool"]);
    expect(entries).toHaveLength(2);
  });

  it("leaves out one work that fails, and keeps the other", async () => {
    const log: string[] = [];
    const judge = (work: Work): Complaint => (work === "look" ? "it found changes" : undefined);
    const { entries, failures } = await hold([makeContender(log, { judge })], log);
    expect(entries.map(({ work }) => work)).toEqual(["change"]);
    expect(failures).toMatchObject([
      { where: "tool diff, 100 objects at 50 ms", reason: "it found changes" },
    ]);
    expect(log).toContain("tool closed");
  });

  it("goes on when a stand-in cannot be opened or closed", async () => {
    const log: string[] = [];
    const trip = (): never => {
      throw new Error("no port");
    };
    const tools = [
      makeContender(log, { name: "one", onOpen: trip }),
      makeContender(log, { name: "two", onClose: trip }),
      makeContender(log, { name: "three" }),
    ];
    const { entries, failures } = await hold(tools, log);
    expect(failures.map(({ contender, where }) => `${contender.name}: ${where}`)).toEqual([
      "one: 100 objects at 50 ms",
      "two: tidying up, 100 objects at 50 ms",
    ]);
    expect(entries.filter(({ contender }) => contender.name === "three")).toHaveLength(2);
  });
});

describe("the heats", () => {
  it("are both sizes at both latencies, with both works", () => {
    expect(listHeats(false).map(({ shape }) => nameShape(shape))).toEqual([
      "100 objects at 0 ms",
      "100 objects at 50 ms",
      "1,000 objects at 0 ms",
      "1,000 objects at 50 ms",
    ]);
    expect(listHeats(false).every(({ works }) => works.length === 2)).toBe(true);
  });

  it("are fewer when it must be quick, and still decide the bar", () => {
    const quick = listHeats(true);
    const count = (all: readonly Heat[]): number => all.flatMap(({ works }) => works).length;
    expect(count(quick)).toBeLessThan(count(listHeats(false)));
    expect(quick).toContainEqual({ shape: { objects: 1000, latency: 50 }, works: ["look"] });
  });
});
