import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entity, Query } from "../../../src/domain/ports.ts";
import type { Send } from "../../../src/xapi/odata/answer.ts";
import { createReader } from "../../../src/xapi/odata/reader.ts";
import type { Outcome } from "../../../src/xapi/http/transport.ts";
import { letOthersRun } from "../../support/pbx/clock.ts";
import { catchProblem } from "../../support/pbx/problems.ts";

const QUERY: Query = { collection: "CallFlowApps", select: ["Id", "Number"] };

interface Page {
  readonly top: number;
  readonly skip: number;
  readonly count: boolean;
  readonly filter: string | undefined;
  readonly orderby: string | undefined;
}

interface Bench {
  readonly send: Send;
  readonly pages: readonly Page[];
  readonly peak: () => number;
}

interface Behaviour {
  /** The collection at the time of the request with that index. */
  readonly at: (index: number) => readonly Entity[];
  readonly counts?: boolean;
}

function readPage(path: string): Page {
  const options = new URLSearchParams(path.slice(path.indexOf("?") + 1));
  return {
    top: Number(options.get("$top")),
    skip: Number(options.get("$skip") ?? 0),
    count: options.get("$count") === "true",
    filter: options.get("$filter") ?? undefined,
    orderby: options.get("$orderby") ?? undefined,
  };
}

/** A collection behind a made-up line; each request takes a turn of the event loop. */
function serve({ at, counts = true }: Behaviour): Bench {
  const pages: Page[] = [];
  let [open, peak] = [0, 0];
  const send: Send = async ({ path, method }) => {
    expect(method).toBe("GET");
    const page = readPage(path);
    const index = pages.push(page) - 1;
    open += 1;
    peak = Math.max(peak, open);
    await letOthersRun();
    open -= 1;
    const all = at(index).filter((entity) => matches(entity, page.filter));
    return answer({
      value: all.slice(page.skip, page.skip + page.top),
      ...(page.count && counts ? { "@odata.count": all.length } : {}),
    });
  };
  return { send, pages, peak: () => peak };
}

function matches(entity: Entity, filter: string | undefined): boolean {
  return filter === undefined || filter.split(" or ").includes(`Number eq '${numberOf(entity)}'`);
}

function numberOf(entity: Entity): string {
  return typeof entity["Number"] === "string" ? entity["Number"] : "";
}

function where(...values: readonly (string | number)[]): Query {
  return { ...QUERY, where: { property: "Number", in: values } };
}

function answer(body: unknown): Outcome {
  return { state: "answered", status: 200, body };
}

function makeEntities(count: number, from = 1): Entity[] {
  return Array.from({ length: count }, (_, index) => ({
    Id: from + index,
    Number: `N${from + index}`,
  }));
}

describe("a whole collection", () => {
  it.each([
    [0, 1],
    [1, 1],
    [99, 1],
    [100, 1],
    [101, 2],
    [1000, 10],
    [2550, 26],
  ])("of %i is read in %i requests, each entity once and in order", async (size, requests) => {
    const all = makeEntities(size);
    const { send, pages } = serve({ at: () => all });
    expect(await createReader(send, undefined).list(QUERY)).toEqual(all);
    expect(pages).toHaveLength(requests);
  });

  it("is asked for in a fixed order, a hundred at a time, and counted once", async () => {
    const { send, pages } = serve({ at: () => makeEntities(250) });
    await createReader(send, undefined).list(QUERY);
    expect(pages.map(({ skip }) => skip).toSorted((a, b) => a - b)).toEqual([0, 100, 200]);
    expect(pages.every(({ top, orderby }) => top === 100 && orderby === "Id")).toBe(true);
    expect(pages.map(({ count }) => count)).toEqual([true, false, false]);
  });

  it("is read in parallel once the count is known, twelve pages at most", async () => {
    const few = serve({ at: () => makeEntities(500) });
    await createReader(few.send, undefined).list(QUERY);
    expect(few.peak()).toBe(4);
    const many = serve({ at: () => makeEntities(10_000) });
    await createReader(many.send, undefined).list(QUERY);
    expect(many.pages).toHaveLength(100);
    expect(many.peak()).toBe(12);
  });

  it("tells how far it is", async () => {
    const told: [number, number][] = [];
    const { send } = serve({ at: () => makeEntities(250) });
    await createReader(send, (read, total) => told.push([read, total])).list(QUERY);
    expect(told[0]).toEqual([100, 250]);
    expect(told.at(-1)).toEqual([250, 250]);
    expect(told).toHaveLength(3);
  });

  it("of any size comes back whole, from a PBX that counts and from one that does not", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 450 }), fc.boolean(), async (size, counts) => {
        const all = makeEntities(size);
        const { send } = serve({ at: () => all, counts });
        expect(await createReader(send, undefined).list(QUERY)).toEqual(all);
      }),
      { numRuns: 25 },
    );
  });
});

describe("a collection that changes while it is read", () => {
  const before = makeEntities(150);

  it("is read again when an entity shows twice, even if their number is right", async () => {
    const moved = [{ Id: 0, Number: "N0" }, ...before.slice(0, -1)];
    const { send, pages } = serve({ at: (index) => (index === 0 ? before : moved) });
    expect(await createReader(send, undefined).list(QUERY)).toEqual(moved);
    expect(pages).toHaveLength(4);
  });

  it("is read again when one is missing", async () => {
    const shrunk = before.slice(1);
    const { send, pages } = serve({ at: (index) => (index === 0 ? before : shrunk) });
    expect(await createReader(send, undefined).list(QUERY)).toEqual(shrunk);
    expect(pages).toHaveLength(4);
  });

  it("is read again when one was added at the end", async () => {
    const grown = makeEntities(151);
    const { send, pages } = serve({ at: (index) => (index === 0 ? before : grown) });
    expect(await createReader(send, undefined).list(QUERY)).toEqual(grown);
    expect(pages).toHaveLength(4);
  });

  it("all the time is given up after four readings, with the reason", async () => {
    const { send, pages } = serve({ at: (index) => makeEntities(150 + index) });
    const problem = await catchProblem(createReader(send, undefined).list(QUERY));
    expect(problem.code).toBe("pbx-changing");
    expect(problem.message).toContain("CallFlowApps changed during each of 4 readings");
    expect(problem.hint).toContain("try again");
    expect(pages).toHaveLength(8);
  });
});

describe("a PBX that does not count", () => {
  it.each([
    [0, 1],
    [99, 1],
    [100, 2],
    [250, 3],
  ])("with %i entities is read page after page until a short one", async (size, requests) => {
    const { send, pages, peak } = serve({ at: () => makeEntities(size), counts: false });
    expect(await createReader(send, undefined).list(QUERY)).toHaveLength(size);
    expect(pages).toHaveLength(requests);
    expect(peak()).toBe(1);
  });

  it("is read again when an entity shows twice", async () => {
    const { send, pages } = serve({
      at: (index) => makeEntities(150, index === 0 ? 2 : 1),
      counts: false,
    });
    expect(await createReader(send, undefined).list(QUERY)).toHaveLength(150);
    expect(pages).toHaveLength(4);
  });
});

describe("a filtered list", () => {
  it("of nothing needs no request", async () => {
    const { send, pages } = serve({ at: () => makeEntities(5) });
    expect(await createReader(send, undefined).list(where())).toEqual([]);
    expect(pages).toEqual([]);
  });

  it.each([
    [1, 1],
    [100, 1],
    [101, 2],
    [250, 3],
  ])("of %i values takes %i requests of a hundred at most", async (size, requests) => {
    const numbers = makeEntities(size).map(numberOf);
    const { send, pages } = serve({ at: () => makeEntities(300) });
    expect(await createReader(send, undefined).list(where(...numbers))).toHaveLength(size);
    expect(pages).toHaveLength(requests);
    const terms = pages.map(({ filter }) => filter?.split(" or ").length ?? 0);
    expect(Math.max(...terms)).toBeLessThanOrEqual(100);
  });

  it("that the PBX finds too long is asked in pieces of sixteen, from then on at once", async () => {
    const { send, pages } = serve({ at: () => makeEntities(300) });
    const terms: number[] = [];
    const strict: Send = async (request, body) => {
      terms.push(decodeURIComponent(request.path).split(" eq ").length - 1);
      return (terms.at(-1) ?? 0) > 20
        ? { state: "answered", status: 400, body: { error: { message: "too many nodes" } } }
        : send(request, body);
    };
    const reader = createReader(strict, undefined);
    const numbers = makeEntities(100).map(numberOf);
    for (let time = 1; time <= 2; time += 1)
      expect(await reader.list(where(...numbers))).toHaveLength(100);
    const sixteens = Array.from({ length: 6 }, () => 16);
    expect(terms).toEqual([100, ...sixteens, 4, ...sixteens, 4]);
    expect(pages).toHaveLength(14);
  });

  it("of long names is cut so that no request line grows beyond what servers take", async () => {
    const lengths: number[] = [];
    const send: Send = async ({ path }) => {
      lengths.push(path.length);
      return { state: "answered", status: 200, body: { value: [], "@odata.count": 0 } };
    };
    const names = Array.from(
      { length: 100 },
      (_, index) => `Bürö 'größer' ${"ä".repeat(40)}${index}`,
    );
    const reader = createReader(send, undefined);
    await reader.list({ ...QUERY, where: { property: "Name", in: names } });
    expect(Math.max(...lengths)).toBeLessThan(7_000);
    expect(lengths.length).toBeGreaterThan(1);
  });

  it("comes in the order of Id, each entity once, however the values are given", async () => {
    const all = makeEntities(120);
    const some = fc.shuffledSubarray(all.map(numberOf));
    const values = fc.tuple(some, some).map((lists) => lists.flat());
    await fc.assert(
      fc.asyncProperty(values, async (numbers) => {
        const { send } = serve({ at: () => all });
        const found = await createReader(send, undefined).list(where(...numbers));
        expect(found).toEqual(all.filter((entity) => numbers.includes(numberOf(entity))));
      }),
      { numRuns: 25 },
    );
  });

  it("with more matches than a page holds is read whole", async () => {
    const all = makeEntities(230).map(({ Id }) => ({ Id: Id ?? null, Number: "same" }));
    const { send, pages } = serve({ at: () => all });
    expect(await createReader(send, undefined).list(where("same"))).toHaveLength(230);
    expect(pages).toHaveLength(3);
  });
});

describe("a list that cannot be read", () => {
  it("because the PBX refuses is a problem with its words", async () => {
    const error = { message: "Could not find a property named 'Nmber' on type 'Pbx.CallFlowApp'." };
    const send: Send = async () => ({ state: "answered", status: 400, body: { error } });
    const problem = await catchProblem(createReader(send, undefined).list(QUERY));
    expect(problem.message).toBe(`the PBX refused GET CallFlowApps with 400: ${error.message}`);
  });

  it.each([undefined, {}, [], { value: "all" }, "text"])(
    "because the answer is %j says so",
    async (body) => {
      const send: Send = async () => answer(body);
      const problem = await catchProblem(createReader(send, undefined).list(QUERY));
      expect(problem.code).toBe("pbx-answer");
      expect(problem.message).toContain("GET CallFlowApps with something that is no list");
    },
  );

  it("after its first page is a problem too, and no part of it is given", async () => {
    const bench = serve({ at: () => makeEntities(1000) });
    const send: Send = (request) =>
      request.path.includes("$skip=500")
        ? Promise.resolve({ state: "answered", status: 404, body: undefined })
        : bench.send(request);
    const problem = await catchProblem(createReader(send, undefined).list(QUERY));
    expect(problem.message).toContain("refused GET CallFlowApps with 404");
  });

  it("is not read any further", async () => {
    const bench = serve({ at: () => makeEntities(10_000) });
    const send: Send = (request) =>
      request.path.includes("$skip=300")
        ? Promise.resolve({ state: "answered", status: 404, body: undefined })
        : bench.send(request);
    await catchProblem(createReader(send, undefined).list(QUERY));
    for (let turn = 0; turn < 5; turn += 1) await letOthersRun();
    expect(bench.pages.length).toBeLessThan(20);
  });

  it("hands its signal to every request", async () => {
    const bench = serve({ at: () => makeEntities(300) });
    const signals: unknown[] = [];
    const send: Send = (request) => {
      signals.push(request.signal);
      return bench.send(request);
    };
    const { signal } = new AbortController();
    await createReader(send, undefined).list(QUERY, signal);
    expect(signals).toEqual([signal, signal, signal]);
  });
});

describe("a PBX that asks to be left alone for longer than can be waited", () => {
  it("is quoted, with the time", async () => {
    const send: Send = () =>
      Promise.resolve({ state: "answered", status: 503, body: undefined, retryAfter: 3_600_000 });
    const problem = await catchProblem(createReader(send, undefined).list(QUERY));
    expect(problem.message).toBe(
      "the PBX refused GET CallFlowApps with 503; it asks to be left alone for 60 minutes",
    );
    expect(problem.hint).toContain("run again after that time");
  });
});
