import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ProblemError, type Problem } from "../../../src/domain/problem.ts";
import { createTransport } from "../../../src/xapi/http/transport.ts";
import { hasOpenssl, makeCertificates } from "../../support/pbx/certificates.ts";
import { createVirtualClock } from "../../support/pbx/clock.ts";
import { startServer, type TlsIdentity } from "../../support/pbx/server.ts";

interface Attempt {
  readonly status?: number;
  readonly problem?: Problem | undefined;
  readonly tries: number;
  readonly requests: number;
}

/** Asks a server with that certificate for something. */
async function connect(tls: TlsIdentity | undefined, ca?: string): Promise<Attempt> {
  const server = await startServer(() => ({ status: 200, json: {} }), tls);
  let tries = 0;
  const transport = createTransport({
    origin: server.origin.replace("http:", "https:"),
    ca,
    clock: createVirtualClock(),
    onExchange: () => {
      tries += 1;
    },
  });
  onTestFinished(async () => {
    await transport.close();
    await server.close();
  });
  try {
    const outcome = await transport.request({ method: "GET", path: "/", retry: "always" });
    const status = outcome.state === "answered" ? outcome.status : 0;
    return { status, tries, requests: server.requests.length };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { problem: error.problems[0], tries, requests: server.requests.length };
  }
}

describe.skipIf(!hasOpenssl)("a connection over TLS (needs openssl to make certificates)", () => {
  const certificates = hasOpenssl ? makeCertificates() : undefined;
  const identify = (name: "good" | "expired" | "misnamed" | "selfSigned"): TlsIdentity => {
    if (certificates === undefined) throw new Error("no openssl on this machine");
    return certificates[name];
  };

  it("comes about when the authority was added", async () => {
    expect(await connect(identify("good"), certificates?.authority)).toEqual({
      status: 200,
      tries: 1,
      requests: 1,
    });
  });

  it("trusts an added self-signed certificate itself", async () => {
    const tls = identify("selfSigned");
    expect(await connect(tls, tls.cert)).toMatchObject({ status: 200 });
  });

  it.each([
    ["of an unknown authority", "good", false, "comes from an unknown authority", "--ca-file"],
    ["that is self-signed", "selfSigned", false, "is self-signed", "--ca-file"],
    ["that has expired", "expired", true, "has expired", "renew"],
    ["for another name", "misnamed", true, "is not for localhost", "FQDN"],
  ] as const)("is refused at once with a certificate %s", async (_, name, trusted, words, hint) => {
    const ca = trusted ? certificates?.authority : undefined;
    const { problem, tries, requests } = await connect(identify(name), ca);
    expect(problem).toMatchObject({ code: "pbx-unreachable", severity: "error" });
    expect(problem?.message).toContain(words);
    expect(problem?.hint).toContain(hint);
    expect({ tries, requests }).toEqual({ tries: 1, requests: 0 });
  });

  it("is refused although the environment turns verification off for all of Node", async () => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    onTestFinished(() => void vi.unstubAllEnvs());
    const { problem, requests } = await connect(identify("selfSigned"));
    expect(problem?.message).toContain("is self-signed");
    expect(requests).toBe(0);
  });
});

describe("a server that speaks no TLS", () => {
  it("is named as such, and not asked again", async () => {
    const { problem, tries } = await connect(undefined);
    expect(problem?.message).toMatch(/localhost:\d+ does not speak TLS on this port/);
    expect(tries).toBe(1);
  });
});
