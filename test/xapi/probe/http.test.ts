import { describe, expect, it, onTestFinished } from "vitest";
import { createHttpProbe, type HttpProbe } from "../../../src/xapi/probe/http.ts";
import { hasOpenssl, makeCertificates } from "../../support/pbx/certificates.ts";
import {
  findDeafOrigin,
  startServer,
  type PbxServer,
  type Reply,
} from "../../support/pbx/server.ts";

interface Bench {
  readonly probe: HttpProbe;
  readonly server: PbxServer;
}

async function open(
  reply: Reply,
  more: { timeout?: number; signal?: AbortSignal } = {},
): Promise<Bench> {
  const server = await startServer(() => reply);
  const probe = openAt(server.origin, more);
  onTestFinished(() => server.close());
  return { probe, server };
}

function openAt(
  origin: string,
  more: { timeout?: number; signal?: AbortSignal; ca?: string; now?: () => number } = {},
): HttpProbe {
  const { now = () => 1000, ...rest } = more;
  const signal = new AbortController().signal;
  const probe = createHttpProbe({ origin, timeout: 120_000, signal, clock: { now }, ...rest });
  onTestFinished(() => probe.close());
  return probe;
}

const QUESTION = { method: "GET", path: "/xapi/v1/Defs?$select=Id" } as const;

describe("one question", () => {
  it("brings status, headers, text and what the text is as JSON", async () => {
    const { probe } = await open({
      status: 401,
      headers: { "X-3CX-Version": "20.0" },
      json: { a: 1 },
    });
    const reading = await probe.ask(QUESTION);
    expect(reading).toMatchObject({
      state: "answered",
      status: 401,
      text: '{"a":1}',
      body: { a: 1 },
    });
    expect(reading).toMatchObject({ headers: { "x-3cx-version": "20.0" } });
  });

  it("brings the times at which it was sent and answered", async () => {
    let ticks = 0;
    const server = await startServer(() => ({ status: 200 }));
    onTestFinished(() => server.close());
    const probe = openAt(server.origin, { now: () => (ticks += 10) });
    expect(await probe.ask(QUESTION)).toMatchObject({ sentAt: 10, answeredAt: 20 });
  });

  it("is sent once, whatever comes of it", async () => {
    for (const status of [200, 401, 429, 500, 503]) {
      const { probe, server } = await open({ status, headers: { "retry-after": "0" } });
      expect(await probe.ask(QUESTION)).toMatchObject({ status });
      expect(server.requests).toHaveLength(1);
    }
  });

  it("is sent as it was put", async () => {
    const { probe, server } = await open({ status: 200 });
    await probe.ask({ method: "POST", path: "/connect/token", headers: { a: "b" }, body: "x=1" });
    expect(server.requests).toMatchObject([
      {
        method: "POST",
        path: "/connect/token",
        headers: { a: "b", "user-agent": "callform" },
        body: "x=1",
      },
    ]);
  });

  it("follows no redirect", async () => {
    const { probe, server } = await open({ status: 302, headers: { location: "/elsewhere" } });
    expect(await probe.ask(QUESTION)).toMatchObject({ status: 302 });
    expect(server.requests).toHaveLength(1);
  });

  it("is answered by text that is no JSON as well", async () => {
    const { probe } = await open({ status: 200, text: "<html>" });
    expect(await probe.ask(QUESTION)).toMatchObject({ text: "<html>", body: undefined });
  });
});

describe("a question without an answer", () => {
  it.each(["hang", "stall"] as const)("is silent when the server does %s", async (reply) => {
    const { probe } = await open(reply, { timeout: 100 });
    expect(await probe.ask(QUESTION)).toEqual({ state: "silent" });
  });

  it.each(["reset", "cut"] as const)("is a fault when the connection is %s", async (reply) => {
    const { probe } = await open(reply);
    expect(await probe.ask(QUESTION)).toMatchObject({ state: "fault", fault: { sent: true } });
  });

  it("is a fault when nothing listens", async () => {
    const reading = await openAt(await findDeafOrigin()).ask(QUESTION);
    expect(reading).toMatchObject({ state: "fault" });
  });

  it("ends at once with the reason of an abort", async () => {
    const stop = new AbortController();
    const { probe, server } = await open("hang", { signal: stop.signal });
    const asking = probe.ask(QUESTION);
    stop.abort(new Error("enough"));
    await expect(asking).rejects.toThrow("enough");
    await expect(probe.ask(QUESTION)).rejects.toThrow("enough");
    expect(server.requests.length).toBeLessThanOrEqual(1);
  });
});

describe.skipIf(!hasOpenssl)("a question over TLS (needs openssl to make certificates)", () => {
  const certificates = hasOpenssl ? makeCertificates() : undefined;

  it("is put only to a server that is trusted", async () => {
    const server = await startServer(() => ({ status: 200 }), certificates?.good);
    onTestFinished(() => server.close());
    expect(await openAt(server.origin).ask(QUESTION)).toMatchObject({ state: "fault" });
    expect(server.requests).toEqual([]);
    const ca = certificates?.authority ?? "";
    expect(await openAt(server.origin, { ca }).ask(QUESTION)).toMatchObject({ status: 200 });
  });
});
