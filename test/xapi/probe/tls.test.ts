import { X509Certificate } from "node:crypto";
import { describe, expect, it, onTestFinished } from "vitest";
import { probeTls, type TlsQuestion, type TlsReading } from "../../../src/xapi/probe/tls.ts";
import { hasOpenssl, makeCertificates } from "../../support/pbx/certificates.ts";
import {
  findDeafOrigin,
  startServer,
  startSilentServer,
  type PbxServer,
  type TlsIdentity,
} from "../../support/pbx/server.ts";

const YEAR = 365 * 86_400_000;

async function probe(
  server: Pick<PbxServer, "origin">,
  more: Partial<TlsQuestion> = {},
): Promise<TlsReading> {
  const { port } = new URL(server.origin);
  const signal = new AbortController().signal;
  return probeTls({
    host: "localhost",
    port: Number(port),
    timeout: 120_000,
    signal,
    now: Date.now(),
    ...more,
  });
}

async function serve(tls?: TlsIdentity): Promise<PbxServer> {
  const server = await startServer(() => ({ status: 200, json: {} }), tls);
  onTestFinished(() => server.close());
  return server;
}

describe.skipIf(!hasOpenssl)("a handshake (needs openssl to make certificates)", () => {
  const certificates = hasOpenssl ? makeCertificates() : undefined;
  const ca = certificates?.authority;
  const identify = (name: "good" | "expired" | "misnamed" | "selfSigned"): TlsIdentity => {
    if (certificates === undefined) throw new Error("no openssl on this machine");
    return certificates[name];
  };

  it("with a certificate of a trusted authority has no fault", async () => {
    const reading = await probe(await serve(identify("good")), { ca });
    expect(reading).toMatchObject({ state: "spoken", faults: [] });
    expect(reading).not.toHaveProperty("refusal");
  });

  it.each([
    ["of an unknown authority", "good", false, ["unknown-authority"]],
    ["that is self-signed", "selfSigned", false, ["self-signed"]],
    ["that has expired", "expired", true, ["expired"]],
    ["for another name", "misnamed", true, ["wrong-name"]],
    [
      "for another name, by an unknown authority",
      "misnamed",
      false,
      ["wrong-name", "unknown-authority"],
    ],
  ] as const)("with a certificate %s has every fault of it", async (_, name, trusted, faults) => {
    const reading = await probe(await serve(identify(name)), trusted ? { ca } : {});
    expect(reading).toMatchObject({ state: "spoken", faults });
  });

  it("shows whose the certificate is, its names, its dates and its fingerprint", async () => {
    const tls = identify("misnamed");
    const reading = await probe(await serve(tls), { ca });
    const made = new X509Certificate(tls.cert);
    expect(reading).toMatchObject({
      protocol: "TLSv1.3",
      certificate: {
        subject: "pbx.example.com",
        issuer: "A made-up authority",
        names: ["pbx.example.com"],
        validFrom: Date.parse(made.validFrom),
        validTo: Date.parse(made.validTo),
        fingerprint: made.fingerprint256,
      },
    });
  });

  it("is judged by the clock that it is given", async () => {
    const server = await serve(identify("good"));
    expect(await probe(server, { ca, now: Date.now() - YEAR })).toMatchObject({
      faults: ["not-yet-valid"],
    });
    expect(await probe(server, { ca, now: Date.now() + YEAR })).toMatchObject({
      faults: ["expired"],
    });
  });

  it("by address is judged by address", async () => {
    const server = await serve(identify("good"));
    const reading = await probe(server, { ca, host: "127.0.0.1" });
    expect(reading).toMatchObject({ faults: ["wrong-name"] });
  });

  it("sends nothing after it", async () => {
    const server = await serve(identify("selfSigned"));
    await probe(server);
    expect(server.requests).toEqual([]);
  });
});

describe("what comes to no handshake", () => {
  it("is plain where something else is spoken", async () => {
    expect(await probe(await serve())).toEqual({ state: "plain" });
  });

  it("is silent where the connection is taken and nothing said", async () => {
    const server = await startSilentServer();
    onTestFinished(() => server.close());
    expect(await probe(server, { timeout: 50 })).toEqual({ state: "silent" });
  });

  it("is a fault where nothing listens", async () => {
    const reading = await probe({ origin: await findDeafOrigin() });
    expect(reading).toMatchObject({ state: "fault", fault: { sent: false } });
  });

  it("ends at once with the reason of an abort", async () => {
    const server = await startSilentServer();
    onTestFinished(() => server.close());
    const stop = new AbortController();
    const reading = probe(server, { signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
    await expect(probe(server, { signal: stop.signal })).rejects.toThrow("enough");
  });
});
