import { describe, expect, it, onTestFinished } from "vitest";
import { checkTls, type TlsSurroundings } from "../../../src/app/doctor/network/tls.ts";
import type { Place } from "../../../src/app/doctor/network/url.ts";
import { PATIENT, PLACE, tell } from "../../support/doctor/answers.ts";
import { hasOpenssl, makeCertificates } from "../../support/pbx/certificates.ts";
import {
  findDeafOrigin,
  startServer,
  startSilentServer,
  type PbxServer,
  type TlsIdentity,
} from "../../support/pbx/server.ts";

const DAY = 86_400_000;

async function judge(
  server: Pick<PbxServer, "origin">,
  more: Partial<TlsSurroundings> = {},
): Promise<string> {
  const port = Number(new URL(server.origin).port);
  const place: Place = { ...PLACE, host: "localhost", origin: `https://localhost:${port}`, port };
  const now = Date.now();
  const around = { ...PATIENT, addresses: [], ca: undefined, caFile: undefined, now, ...more };
  return tell(await checkTls(place, around));
}

async function serve(tls?: TlsIdentity): Promise<PbxServer> {
  const server = await startServer(() => ({ status: 200 }), tls);
  onTestFinished(() => server.close());
  return server;
}

describe("plain http", () => {
  const around = { ...PATIENT, addresses: [], ca: undefined, caFile: undefined, now: 0 };

  it("to this machine has no certificate to look at", async () => {
    for (const host of ["localhost", "127.0.0.1", "127.9.9.9", "[::1]"])
      expect((await checkTls({ ...PLACE, host, secure: false }, around)).state).toBe("ok");
  });

  it("to another is worth a warning each time", async () => {
    for (const host of ["pbx.example.com", "localhost.example.com", "10.0.0.7"])
      expect(tell(await checkTls({ ...PLACE, host, secure: false }, around))).toMatch(
        /^warning: .* is plain http: the client secret travels in the clear -> use https/,
      );
  });
});

describe.skipIf(!hasOpenssl)("a certificate (needs openssl to make it)", () => {
  const certificates = hasOpenssl ? makeCertificates() : undefined;
  const ca = certificates?.authority;

  it("that is taken is shown, and is worth a warning shortly before its end", async () => {
    const server = await serve(certificates?.good);
    const told = await judge(server, { ca });
    expect(told).toMatch(
      /^warning: the certificate ends in 1 day \| certificate of localhost, for /,
    );
    expect(told).toMatch(/SHA-256 [\dA-F:]{95} -> renew it on the PBX$/);
  });

  it("that has not begun is not taken, and its end does not matter then", async () => {
    const server = await serve(certificates?.good);
    const now = Date.now() - 2 * DAY;
    expect(await judge(server, { ca, now })).toMatch(/^failed: .* is not valid before/);
  });

  it("that is not taken is told with the file that it was not found in", async () => {
    const server = await serve(certificates?.good);
    const stranger = certificates?.selfSigned.cert;
    expect(await judge(server, { ca: stranger, caFile: "other.pem" })).toMatch(
      /^failed: .* which is not trusted, and not by an authority in other\.pem \|/,
    );
  });

  it("has all its faults told at once, and what to do about each", async () => {
    const server = await serve(certificates?.misnamed);
    const told = await judge(server);
    expect(told).toMatch(
      /^failed: the certificate is not for localhost .*\| .* which is not trusted/,
    );
    expect(told).toMatch(/-> use the PBX's own name \(FQDN\) in the URL; give the PEM/);
  });
});

describe("no TLS", () => {
  it("is told with where it might be", async () => {
    expect(await judge(await serve())).toMatch(
      /^failed: localhost:\d+ does not speak TLS -> check the port; a 3CX serves https on 5001/,
    );
  });

  it("within the time is told with how long that was", async () => {
    const server = await startSilentServer();
    onTestFinished(() => server.close());
    expect(await judge(server, { timeout: 40 })).toMatch(/began no TLS within 0\.04 s -> /);
  });

  it("for want of a connection is told as such", async () => {
    expect(await judge({ origin: await findDeafOrigin() })).toMatch(/^failed: nothing listens at/);
  });
});
