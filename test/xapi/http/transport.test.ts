import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { onTestFinished, describe, expect, it } from "vitest";
import {
  createTransport,
  type Exchange,
  type Request,
  type Transport,
  type TransportOptions,
} from "../../../src/xapi/http/transport.ts";
import { createLatch, createStoppedClock, createVirtualClock } from "../../support/pbx/clock.ts";
import {
  findDeafOrigin,
  serve,
  startSilentServer,
  type PbxServer,
  type Reply,
} from "../../support/pbx/server.ts";
import { failure } from "../../../src/domain/problem.ts";
import { catchProblem } from "../../support/pbx/problems.ts";

const GET: Request = { method: "GET", path: "/xapi/v1/CallFlowApps?$top=1", retry: "always" };
const POST: Request = { method: "POST", path: "/xapi/v1/CallFlowApps", retry: "unprocessed" };
const OK: Reply = { status: 200, json: { value: [] } };

/** The replies one after the other, the last of them for ever. */
async function serveInTurn(...replies: readonly Reply[]): Promise<PbxServer> {
  return serve((_, index) => replies[Math.min(index, replies.length - 1)] ?? OK);
}

function connect(options: Pick<TransportOptions, "origin"> & Partial<TransportOptions>): Transport {
  const transport = createTransport({
    clock: createVirtualClock(),
    random: () => 0.999,
    ...options,
  });
  onTestFinished(() => transport.close());
  return transport;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

describe("a request", () => {
  it("goes out as it was given, and asks for JSON", async () => {
    const { origin, requests } = await serveInTurn(OK);
    const headers = { authorization: "Bearer t", "content-type": "application/json" };
    const answer = await connect({ origin }).request({
      ...POST,
      headers,
      body: '{"Number":"806"}',
    });
    expect(answer).toEqual({ state: "answered", status: 200, body: { value: [] } });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: "POST",
      path: POST.path,
      body: '{"Number":"806"}',
      headers: { ...headers, accept: "application/json" },
    });
  });

  it.each([200, 201, 204, 400, 401, 403, 404, 405, 409])(
    "answered with %i is sent once",
    async (status) => {
      const json = status === 204 ? undefined : { said: status };
      const { origin, requests } = await serveInTurn({ status, json });
      const answer = await connect({ origin }).request(GET);
      expect(answer).toEqual({ state: "answered", status, body: json });
      expect(requests).toHaveLength(1);
    },
  );

  it("refused with a text that is no JSON is answered without a body", async () => {
    const { origin } = await serveInTurn({ status: 404, text: "<html>" });
    expect(await connect({ origin }).request(GET)).toEqual({
      state: "answered",
      status: 404,
      body: undefined,
    });
  });

  it.each(["PATCH", "DELETE"] as const)(
    "to %s is done when the answer is empty",
    async (method) => {
      const { origin, requests } = await serveInTurn({ status: 200 });
      await connect({ origin }).request({ ...GET, method });
      expect(requests).toHaveLength(1);
    },
  );
});

describe("another try", () => {
  it.each<[string, Reply]>([
    ["408", { status: 408 }],
    ["425", { status: 425 }],
    ["429", { status: 429 }],
    ["500", { status: 500, json: { error: { message: "restarting" } } }],
    ["503", { status: 503, text: "<html>" }],
    ["a reset", "reset"],
    ["a reset amid the answer", "cut"],
    ["truncated JSON", { status: 200, text: '{"value":[{"Id":1' }],
    ["an empty answer", { status: 200 }],
  ])("follows %s", async (_, bad) => {
    const clock = createVirtualClock();
    const { origin, requests } = await serveInTurn(bad, bad, OK);
    const answer = await connect({ origin, clock }).request(GET);
    expect(answer).toEqual({ state: "answered", status: 200, body: { value: [] } });
    expect(requests).toHaveLength(3);
    expect(clock.sleeps).toEqual([250, 500]);
  });

  it.each(["<html>", "<!DOCTYPE html><p>", " \n<HTML>"])(
    "does not follow a web page, which will not turn into an API: %s",
    async (text) => {
      const { origin, requests } = await serveInTurn({ status: 200, text }, OK);
      const transport = connect({ origin, clock: createVirtualClock() });
      await expect(transport.request(GET)).rejects.toThrow(/a web page answered/);
      expect(requests).toHaveLength(1);
    },
  );

  it("follows a refused connection", async () => {
    const clock = createVirtualClock();
    const transport = connect({ origin: await findDeafOrigin(), clock });
    await expect(transport.request(GET)).rejects.toThrow(/nothing listens at localhost/);
    expect(clock.sleeps.length).toBeGreaterThan(2);
  });

  it("waits as long as the server asks, in seconds and as a date", async () => {
    const clock = createVirtualClock(Date.UTC(2026, 0, 5, 8));
    const { origin } = await serveInTurn(
      { status: 429, headers: { "retry-after": "17" } },
      { status: 503, headers: { "retry-after": "Mon, 05 Jan 2026 08:00:50 GMT" } },
      OK,
    );
    await connect({ origin, clock }).request(GET);
    expect(clock.sleeps).toEqual([17_000, 33_000]);
  });

  it("is not made at all when the server asks for more time than there is", async () => {
    const clock = createVirtualClock();
    const { origin, requests } = await serveInTurn({
      status: 503,
      headers: { "retry-after": "3600" },
    });
    expect(await connect({ origin, clock }).request(GET)).toMatchObject({
      status: 503,
      retryAfter: 3_600_000,
    });
    expect(requests).toHaveLength(1);
    expect(clock.sleeps).toEqual([]);
  });

  it("is announced, with the reason and the wait", async () => {
    const told: unknown[] = [];
    const { origin } = await serveInTurn({ status: 503 }, "reset", OK);
    const onRetry = (...words: readonly unknown[]): void => void told.push(words);
    await connect({ origin, onRetry }).request(GET);
    expect(told).toEqual([
      ["the PBX answered 503", 250],
      [expect.stringContaining("closed the connection before it answered"), 500],
    ]);
  });

  it("is not made a thirteenth time", async () => {
    const clock = createVirtualClock();
    const { origin, requests } = await serveInTurn({ status: 503 });
    expect(await connect({ origin, clock }).request(GET)).toMatchObject({ status: 503 });
    expect(requests).toHaveLength(12);
    expect(sum(clock.sleeps)).toBeLessThanOrEqual(120_000);
  });

  it("ends within 15 seconds where the PBX has never answered", async () => {
    const clock = createVirtualClock();
    const { origin, requests } = await serveInTurn("reset");
    const problem = await catchProblem(connect({ origin, clock }).request(GET));
    expect(problem.code).toBe("pbx-unreachable");
    expect(problem.message).toMatch(/^GET \/xapi\/v1\/CallFlowApps: localhost:\d+ closed/);
    expect(requests).toHaveLength(6);
    expect(sum(clock.sleeps)).toBeLessThanOrEqual(15_000);
  });

  it("goes on for longer once it has, so that a restart is waited for", async () => {
    const clock = createVirtualClock();
    const { origin, requests } = await serveInTurn(OK, "reset");
    const transport = connect({ origin, clock });
    await transport.request(GET);
    await catchProblem(transport.request(GET));
    expect(requests).toHaveLength(1 + 12);
    expect(sum(clock.sleeps)).toBeGreaterThan(15_000);
    expect(sum(clock.sleeps)).toBeLessThanOrEqual(120_000);
  });

  it("ends within two minutes when the server draws out the waits", async () => {
    const clock = createVirtualClock();
    const { origin, requests } = await serveInTurn({
      status: 503,
      headers: { "retry-after": "30" },
    });
    await connect({ origin, clock }).request(GET);
    expect(clock.sleeps).toEqual([30_000, 30_000, 30_000, 30_000]);
    expect(requests).toHaveLength(5);
  });
});

describe("a request that must not be repeated blindly", () => {
  it.each<[string, Reply]>([
    ["408", { status: 408 }],
    ["500", { status: 500 }],
    ["504", { status: 504 }],
    ["a reset", "reset"],
    ["a reset amid the answer", "cut"],
    ["truncated JSON", { status: 201, text: '{"Id":' }],
    ["an empty answer", { status: 201 }],
  ])("is lost after %s", async (_, bad) => {
    const { origin, requests } = await serveInTurn(bad, OK);
    const outcome = await connect({ origin }).request(POST);
    expect(outcome).toMatchObject({ state: "lost", reason: expect.stringMatching(/\w/) });
    expect(requests).toHaveLength(1);
  });

  it.each([425, 429])("is repeated after %i, which says that nothing was done", async (status) => {
    const { origin, requests } = await serveInTurn({ status }, OK);
    expect(await connect({ origin }).request(POST)).toMatchObject({ state: "answered" });
    expect(requests).toHaveLength(2);
  });

  it("is repeated after a refused connection, which it cannot have left on", async () => {
    const clock = createVirtualClock();
    const transport = connect({ origin: await findDeafOrigin(), clock });
    expect((await catchProblem(transport.request(POST))).code).toBe("pbx-unreachable");
    expect(clock.sleeps.length).toBeGreaterThan(2);
  });
});

describe("a write that somebody may have overtaken", () => {
  const PATCH: Request = { method: "PATCH", path: "/xapi/v1/CallFlowApps(3)", retry: "always" };
  const GONE: Reply = { status: 503 };
  const DONE: Reply = { status: 204 };

  it("asks before each further try what to send by then", async () => {
    const { origin, requests } = await serveInTurn(GONE, GONE, DONE);
    let asked = 0;
    const outcome = await connect({ origin }).request({
      ...PATCH,
      headers: { authorization: "Bearer t", "if-match": "1" },
      body: "{}",
      async again() {
        asked += 1;
        return { body: `{"Name":"${asked}"}`, headers: { "if-match": "2" } };
      },
    });
    expect(outcome).toMatchObject({ state: "answered", status: 204 });
    expect(requests.map(({ body }) => body)).toEqual(["{}", '{"Name":"1"}', '{"Name":"2"}']);
    expect(requests.at(-1)?.headers).toMatchObject({ authorization: "Bearer t", "if-match": "2" });
  });

  it("is not sent again once it is seen to have taken effect", async () => {
    const { origin, requests } = await serveInTurn(GONE, DONE);
    const outcome = await connect({ origin }).request({ ...PATCH, again: async () => "done" });
    expect(outcome).toEqual({ state: "done" });
    expect(requests).toHaveLength(1);
  });

  it("is not sent again when that would undo somebody's work", async () => {
    const { origin, requests } = await serveInTurn(GONE, DONE);
    const again = (): Promise<never> => Promise.reject(failure("moved-since-plan", "it moved"));
    const problem = await catchProblem(connect({ origin }).request({ ...PATCH, again }));
    expect(problem.code).toBe("moved-since-plan");
    expect(requests).toHaveLength(1);
  });
});

describe("a redirect", () => {
  it.each([301, 302, 307, 308])(
    "%i is refused, and nothing goes where it leads",
    async (status) => {
      const elsewhere = await serveInTurn(OK);
      const location = `${elsewhere.origin}/xapi/v1/CallFlowApps`;
      const { origin, requests } = await serveInTurn({ status, headers: { location } });
      const headers = { authorization: "Bearer t" };
      const problem = await catchProblem(connect({ origin }).request({ ...GET, headers }));
      expect(problem.code).toBe("pbx-redirect");
      expect(problem.hint).toContain("the token is never sent elsewhere");
      expect(requests).toHaveLength(1);
      expect(elsewhere.requests).toEqual([]);
    },
  );
});

describe("the log of requests", () => {
  it("has every try, with status or fault, and neither header nor body", async () => {
    const told: Exchange[] = [];
    const { origin } = await serveInTurn("reset", { status: 503 }, OK);
    const request = { ...GET, headers: { authorization: "Bearer t0k3n" }, body: "b0dy" };
    await connect({ origin, onExchange: (exchange) => told.push(exchange) }).request(request);
    expect(told).toEqual([
      { ...pick(GET), attempt: 1, milliseconds: 0, fault: expect.stringContaining("closed") },
      { ...pick(GET), attempt: 2, milliseconds: 0, status: 503 },
      { ...pick(GET), attempt: 3, milliseconds: 0, status: 200 },
    ]);
    expect(JSON.stringify(told)).not.toMatch(/t0k3n|b0dy/);
  });
});

describe("an abort", () => {
  const reason = new Error("the user has had enough");

  it("before the start sends nothing", async () => {
    const { origin, requests } = await serveInTurn(OK);
    const signal = AbortSignal.abort(reason);
    await expect(connect({ origin }).request({ ...GET, signal })).rejects.toBe(reason);
    expect(requests).toEqual([]);
  });

  it("ends a connection that does not come about", async () => {
    const server = await startSilentServer();
    onTestFinished(() => server.close());
    const cut = new AbortController();
    const waiting = connect({ origin: server.origin }).request({ ...GET, signal: cut.signal });
    setImmediate(() => cut.abort(reason));
    await expect(waiting).rejects.toBe(reason);
  });

  it.each<[string, Reply]>([
    ["an answer that does not come", "hang"],
    ["an answer that does not end", "stall"],
  ])("ends the wait for %s", async (_, reply) => {
    const arrived = createLatch();
    const { origin, requests } = await serve(() => {
      arrived.open();
      return reply;
    });
    const cut = new AbortController();
    const waiting = connect({ origin }).request({ ...GET, signal: cut.signal });
    await arrived.opened;
    setImmediate(() => cut.abort(reason));
    await expect(waiting).rejects.toBe(reason);
    expect(requests).toHaveLength(1);
  });

  it("ends the wait for another try, and none is made", async () => {
    const clock = createStoppedClock();
    const { origin, requests } = await serveInTurn({ status: 503 });
    const cut = new AbortController();
    const waiting = connect({ origin, clock }).request({ ...GET, signal: cut.signal });
    await clock.asleep;
    cut.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(requests).toHaveLength(1);
  });
});

function pick({ method, path }: Request): Pick<Request, "method" | "path"> {
  return { method, path };
}

describe("an answer as a whole", () => {
  it("has a deadline, also when it goes on a byte at a time", async () => {
    const { origin, requests } = await serve(() => "trickle");
    const transport = connect({ origin, answerDeadline: 60, clock: createVirtualClock() });
    const problem = await catchProblem(transport.request(GET));
    expect(problem.message).toContain("did not answer in full in time");
    expect(requests.length).toBeGreaterThan(1);
    expect(await transport.request(POST)).toMatchObject({ state: "lost" });
  });

  it.each<[string, (text: string) => Buffer]>([
    ["gzip", gzipSync],
    ["GZIP", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ])("is read in %s, although nobody asked for it", async (encoding, encode) => {
    const bytes = encode('{"value":["ü"]}');
    const { origin, requests } = await serveInTurn({
      status: 200,
      headers: { "content-encoding": encoding },
      bytes,
    });
    expect(await connect({ origin }).request(GET)).toMatchObject({ body: { value: ["ü"] } });
    expect(requests[0]?.headers["accept-encoding"]).toBe("identity");
  });

  it("in an encoding of others is named at once", async () => {
    const { origin, requests } = await serveInTurn({
      status: 200,
      headers: { "content-encoding": "zstd" },
      text: "x",
    });
    const problem = await catchProblem(connect({ origin }).request(GET));
    expect(problem.message).toContain('the answer is encoded as "zstd"');
    expect(requests).toHaveLength(1);
  });

  it("is bounded once it is unpacked", async () => {
    const { origin, requests } = await serveInTurn({
      status: 200,
      headers: { "content-encoding": "gzip" },
      bytes: gzipSync(Buffer.alloc(65 * 1024 * 1024, " ")),
    });
    const problem = await catchProblem(connect({ origin }).request(GET));
    expect(problem.message).toContain("the answer is too large");
    expect(requests).toHaveLength(1);
  });

  it.each([
    ["[".repeat(5_000_000), "is nested more than 64 levels deep"],
    [`{"a":`.repeat(65) + "1" + "}".repeat(65), "is nested more than 64 levels deep"],
    [`[${"[],".repeat(1_000_001)}1]`, "has more than 1000000 values"],
  ])("is judged before it is parsed", async (text, expected) => {
    const { origin, requests } = await serveInTurn({ status: 200, text });
    const problem = await catchProblem(connect({ origin }).request(GET));
    expect(problem.message).toContain(expected);
    expect(requests).toHaveLength(1);
  });

  it("may have any text in its strings", async () => {
    const json = { script: `"${"[{,\\".repeat(500_000)}"\\`, deep: [[[[{}]]]] };
    const { origin } = await serveInTurn({ status: 200, json });
    expect(await connect({ origin }).request(GET)).toMatchObject({ body: json });
  });
});
