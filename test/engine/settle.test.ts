import { describe, expect, it } from "vitest";
import type { Entity, Kind, Reader, SettleRule } from "../../src/domain/ports.ts";
import { failure } from "../../src/domain/problem.ts";
import { createSettler, type Settled, type Settler } from "../../src/engine/settle.ts";
import {
  createLatch,
  createStoppedClock,
  createVirtualClock,
  letOthersRun,
} from "../support/pbx/clock.ts";
import { catchProblem } from "../support/pbx/problems.ts";
import { widget } from "../support/kinds/widget-kind.ts";

/** Live once its notes are what was sent, refused when they say no. */
const RULE: SettleRule = {
  field: "notes",
  query: { collection: "Widgets", select: ["Id", "Code", "Notes"] },
  timeout: 60_000,
  reduce(_, sent, reading) {
    const { notes } = reading.fields;
    if (notes === "no") return { state: "refused", runnable: true };
    return { state: notes === sent ? "live" : "waiting" };
  },
  trace: () => null,
  explain: () => [],
};
const KIND: Kind = { ...widget, settle: RULE };

interface Bench {
  readonly clock: ReturnType<typeof createVirtualClock>;
  readonly settler: Settler;
  /** The ids each poll asked for. */
  readonly polls: readonly (readonly (string | number)[])[];
  readonly started: number;
}

/** `notes` says what the PBX has for that id, at so many milliseconds after the start; undefined: it is gone. */
function build(notes: (id: number, elapsed: number) => string | undefined): Bench {
  const clock = createVirtualClock();
  const started = clock.now();
  const polls: (readonly (string | number)[])[] = [];
  const reader: Reader = {
    async list({ where }) {
      const ids = where?.in ?? [];
      polls.push(ids);
      await letOthersRun();
      return ids.flatMap((id) =>
        describeWidget(Number(id), notes(Number(id), clock.now() - started)),
      );
    },
  };
  return { clock, polls, started, settler: createSettler(KIND, RULE, { reader, clock }) };
}

function describeWidget(id: number, notes: string | undefined): Entity[] {
  return notes === undefined ? [] : [{ Id: id, Code: `w${id}`, Notes: notes }];
}

function settle(settler: Settler, id: number, signal?: AbortSignal): Promise<Settled> {
  const resource = { kind: "Widget", key: `w${id}` };
  return settler.settle({ resource, id, sent: "new", before: undefined, signal });
}

/** New from that many milliseconds on. */
function after(milliseconds: number): (id: number, elapsed: number) => string {
  return (_, elapsed) => (elapsed >= milliseconds ? "new" : "old");
}

describe("waiting for the PBX's verdict", () => {
  it("ends with the verdict and the reading it was taken from", async () => {
    const { settler } = build(after(1000));
    expect(await settle(settler, 7)).toMatchObject({
      settlement: { state: "live" },
      reading: { key: "w7", fields: { notes: "new" } },
    });
  });

  it("ends with a refusal as well", async () => {
    const { settler } = build(() => "no");
    expect((await settle(settler, 7)).settlement).toEqual({ state: "refused", runnable: true });
  });

  it("asks after 150 ms, then ever more slowly, and at least once a second", async () => {
    const { settler, clock, polls } = build(after(20_000));
    await settle(settler, 7);
    const { sleeps } = clock;
    expect(sleeps.slice(0, 3)).toEqual([150, 150, 150]);
    expect(sleeps.toSorted((a, b) => a - b)).toEqual(sleeps);
    expect(sleeps.at(-1)).toBe(1000);
    expect(polls.length).toBeLessThan(27);
  });

  it("takes one request a tick for all that wait", async () => {
    const { settler, polls } = build(after(1000));
    await Promise.all(Array.from({ length: 200 }, (_, index) => settle(settler, index)));
    expect(polls.length).toBeLessThanOrEqual(6);
    expect(polls.every((ids) => ids.length === 200)).toBe(true);
  });

  it("asks no more about what has its verdict", async () => {
    const { settler, polls } = build((id, elapsed) => (elapsed >= id * 1000 ? "new" : "old"));
    await Promise.all([1, 2, 3].map((id) => settle(settler, id)));
    expect(polls[0]).toEqual([1, 2, 3]);
    expect(polls.at(-1)).toEqual([3]);
  });

  it("takes in who comes while others wait", async () => {
    const { settler, clock, polls } = build(after(3000));
    const first = settle(settler, 1);
    await clock.sleep(1000);
    await Promise.all([first, settle(settler, 2)]);
    expect(polls[0]).toEqual([1]);
    expect(polls.at(-1)).toEqual([1, 2]);
  });

  it("works for whoever comes the moment another is done, or any moment later", async () => {
    const { settler, clock, started } = build(after(0));
    for (let moments = 0; moments < 20; moments += 1) {
      await settle(settler, moments);
      for (let passed = 0; passed < moments; passed += 1) await Promise.resolve();
    }
    expect(clock.now() - started).toBe(20 * 150);
  });
});

describe("a verdict that does not come", () => {
  it("is given up after the kind's time, with advice", async () => {
    const { settler, clock, started } = build(() => "old");
    const problem = await catchProblem(settle(settler, 7));
    expect(problem).toMatchObject({
      code: "compile-timeout",
      subject: "Widget w7",
      message: expect.stringContaining("within 60 seconds"),
      hint: expect.stringContaining("callform status"),
    });
    expect(clock.now() - started).toBeGreaterThanOrEqual(60_000);
    expect(clock.now() - started).toBeLessThanOrEqual(61_000);
  });

  it("because somebody removed it says that", async () => {
    const { settler } = build((id) => (id === 1 ? undefined : "new"));
    const [gone, stays] = [catchProblem(settle(settler, 1)), settle(settler, 2)];
    expect((await gone).message).toBe("Widget w1 was removed by somebody else meanwhile");
    expect((await stays).settlement.state).toBe("live");
  });

  it("because the PBX cannot be asked fails those who wait, and later ones can still settle", async () => {
    let down = true;
    const { settler } = build(() => {
      if (down) throw failure("pbx-unreachable", "the line is dead");
      return "new";
    });
    const waiting = [settle(settler, 1), settle(settler, 2)].map(catchProblem);
    for (const problem of await Promise.all(waiting))
      expect(problem.message).toBe("the line is dead");
    down = false;
    expect((await settle(settler, 3)).settlement.state).toBe("live");
  });

  it("because the answer makes no sense fails those who wait too", async () => {
    const clock = createVirtualClock();
    const reader: Reader = { list: async () => [{ Id: "seven" }] };
    const settler = createSettler(KIND, RULE, { reader, clock });
    expect((await catchProblem(settle(settler, 7))).code).toBe("pbx-answer");
  });

  it("because of a mistake in the clock is not waited for for ever", async () => {
    const broken = new Error("no time");
    const reader: Reader = { list: async () => [] };
    const clock = { now: () => 0, sleep: () => Promise.reject(broken) };
    const settler = createSettler(KIND, RULE, { reader, clock });
    await expect(settle(settler, 7)).rejects.toBe(broken);
  });
});

describe("a signal", () => {
  const reason = new Error("enough");

  it("ends the wait at once, and nothing more is asked", async () => {
    const clock = createStoppedClock();
    let polls = 0;
    const reader: Reader = {
      async list() {
        polls += 1;
        return [];
      },
    };
    const cut = new AbortController();
    const waiting = settle(createSettler(KIND, RULE, { reader, clock }), 7, cut.signal);
    await clock.asleep;
    cut.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(polls).toBe(0);
  });

  it("ends the wait of those it belongs to, and the others go on", async () => {
    const { settler, polls } = build(after(5000));
    const cut = new AbortController();
    const [gone, stays] = [settle(settler, 1, cut.signal), settle(settler, 2)];
    cut.abort(reason);
    await expect(gone).rejects.toBe(reason);
    expect((await stays).settlement.state).toBe("live");
    expect(polls.every((ids) => !ids.includes(1))).toBe(true);
  });

  it("lets a poll in flight finish", async () => {
    const [arrived, held] = [createLatch(), createLatch()];
    const reader: Reader = {
      async list() {
        arrived.open();
        await held.opened;
        return describeWidget(7, "new");
      },
    };
    const cut = new AbortController();
    const settler = createSettler(KIND, RULE, { reader, clock: createVirtualClock() });
    const waiting = settle(settler, 7, cut.signal);
    await arrived.opened;
    cut.abort(reason);
    held.open();
    expect((await waiting).settlement.state).toBe("live");
  });

  it("to drop everything ends a poll in flight too", async () => {
    const drop = new AbortController();
    const reader: Reader = {
      list: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(reason));
          drop.abort(reason);
        }),
    };
    const ports = { reader, clock: createVirtualClock(), abort: drop.signal };
    await expect(settle(createSettler(KIND, RULE, ports), 7)).rejects.toBe(reason);
  });
});
