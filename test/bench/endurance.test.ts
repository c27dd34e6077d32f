import { describe, expect, it } from "vitest";
import { endure } from "../../bench/endurance/endure.ts";
import { createRandom, pickOne } from "../../bench/endurance/random.ts";
import { judgeRounds } from "../../bench/endurance/verdict.ts";
import type { EndurancePbx } from "../../bench/endurance/world.ts";
import { startSandbox } from "../../src/sandbox/server.ts";
import { makeFolder } from "../support/project/folder.ts";

const ROUNDS = 12;

async function startPbx() {
  const pbx = await startSandbox({ seed: { compile: { delay: 5 } } });
  const reached: EndurancePbx = {
    env: {
      CALLFORM_URL: pbx.url,
      CALLFORM_CLIENT_ID: pbx.clientId,
      CALLFORM_CLIENT_SECRET: pbx.clientSecret,
    },
    list: async () => pbx.console.list(),
    async edit(number, properties) {
      await pbx.console.edit(number, { ...properties });
    },
    async setFaults(faults) {
      pbx.clearFaults();
      for (const fault of faults) pbx.addFault(fault);
    },
  };
  return { pbx, reached };
}

describe("a long life of plan, edit, apply and drift", () => {
  it.each([3, 11])("loses nothing under faults (seed %i)", async (seed) => {
    const { pbx, reached } = await startPbx();
    const { root } = makeFolder();
    const rounds = await endure({ root, pbx: reached, seed, goOn: (done) => done < ROUNDS });
    await pbx.close();
    expect(rounds).toHaveLength(ROUNDS);
    // Some apply was refused or cut off, or the faults would have struck nothing.
    expect(rounds.some(({ applies }) => applies > 1)).toBe(true);
  });

  it("notices an update that was lost", async () => {
    const { pbx, reached } = await startPbx();
    const { root } = makeFolder();
    const forgetful: EndurancePbx = {
      ...reached,
      list: async () => (await reached.list()).map((app) => ({ ...app, runnable: "another" })),
    };
    await expect(
      endure({ root, pbx: forgetful, seed: 1, goOn: (done) => done < 1 }),
    ).rejects.toThrow("seed 1, round 1: 800 runs another script");
    await pbx.close();
  });
});

describe("the verdict on memory", () => {
  const rounds = (heap: (round: number) => number, handles: (round: number) => number = () => 3) =>
    Array.from({ length: 50 }, (_, index) => ({
      number: index + 1,
      applies: 1,
      heap: heap(index) * 2 ** 20,
      handles: handles(index),
    }));

  it("is flat where only the first rounds grow", () => {
    expect(judgeRounds(rounds((round) => 20 + 10 * (1 - Math.exp(-round))))).toMatchObject({
      flat: true,
      rounds: 50,
      applies: 50,
    });
  });

  it("is not where every round leaves something", () => {
    expect(judgeRounds(rounds((round) => 20 + round * 0.2)).flat).toBe(false);
  });

  it("counts the handles that stay open", () => {
    const verdict = judgeRounds(
      rounds(
        () => 20,
        (round) => 3 + Math.floor(round / 10),
      ),
    );
    expect(verdict.lateHandles).toBeGreaterThan(verdict.earlyHandles);
  });
});

describe("the numbers of a story", () => {
  it("are the same for the same seed and others for another", () => {
    const draw = (seed: number): number[] => {
      const random = createRandom(seed);
      return Array.from({ length: 20 }, random);
    };
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
    expect(draw(5).every((value) => value >= 0 && value < 1)).toBe(true);
  });

  it("pick one of some values, and none of none", () => {
    const random = createRandom(1);
    const picked = new Set(Array.from({ length: 60 }, () => pickOne(random, ["a", "b", "c"])));
    expect([...picked].toSorted()).toEqual(["a", "b", "c"]);
    expect(() => pickOne(random, [])).toThrow("nothing to pick from");
  });
});
