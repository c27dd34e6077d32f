import * as fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { diagnose, type Diagnosis, type DoctorOptions } from "../../../src/app/doctor/diagnose.ts";
import { createRedactor } from "../../../src/domain/redact.ts";
import { makeFolder } from "../../support/project/folder.ts";
import { answerToken, mintToken } from "../../support/pbx/tokens.ts";
import { hasOpenssl, makeCertificates } from "../../support/pbx/certificates.ts";
import { startServer, type PbxServer, type Reply, type Seen } from "../../support/pbx/server.ts";
import { CHECKS } from "../../support/doctor/stage.ts";

const ENV = { CALLFORM_CLIENT_ID: "callform", CALLFORM_CLIENT_SECRET: "s3cr3t-value" };

interface Examined {
  readonly diagnosis: Diagnosis;
  readonly server: PbxServer;
}

async function examine(
  reply: (seen: Seen, index: number) => Reply,
  more: Partial<DoctorOptions> = {},
): Promise<Examined> {
  const server = await startServer(reply);
  onTestFinished(() => server.close());
  return { server, diagnosis: await diagnose(optionsFor(server.origin, more)) };
}

function optionsFor(url: string, more: Partial<DoctorOptions> = {}): DoctorOptions {
  return {
    flags: { url },
    surroundings: { env: ENV, cwd: EMPTY },
    redactor: createRedactor(),
    timeout: 120_000,
    signal: new AbortController().signal,
    ...more,
  };
}

/** A folder without a project. */
const EMPTY = import.meta.dirname;

/** A PBX in order, as far as the checks look at it. */
function behave({ path, headers }: Seen): Reply {
  if (path === "/connect/token") return answerToken(mintToken({ role: "system_owners" }));
  if (headers["authorization"] === undefined) return { status: 401, json: {} };
  const version = { "x-3cx-version": "20.0.10.1621" };
  if (path.startsWith("/xapi/v1/Defs")) return { status: 200, headers: version, json: { Id: 1 } };
  if (path.startsWith("/xapi/v1/SystemStatus"))
    return { status: 200, json: { Id: 1, ProductCode: "3CXENT", LicenseActive: true } };
  return { status: 200, json: { "@odata.count": 0, value: [] } };
}

function stateOf({ checks }: Diagnosis, name: string): string | undefined {
  return checks.find((check) => check.name === name)?.state;
}

describe("a diagnosis", () => {
  it("of a PBX in order finds nothing, with a handful of requests", async () => {
    const { diagnosis, server } = await examine(behave);
    expect(diagnosis.checks.map(({ state }) => state)).toEqual(CHECKS.map(() => "ok"));
    expect(diagnosis.cause).toBeUndefined();
    expect(diagnosis.url).toBe(server.origin);
    expect(server.requests.length).toBeLessThanOrEqual(10);
  });

  it("has every check in its order, one cause and few requests, whatever the server answers", async () => {
    const status = fc.constantFrom(200, 201, 204, 301, 400, 401, 403, 404, 429, 500, 503);
    const json = fc.constantFrom(undefined, {}, [], { value: [] }, { value: [1] }, { error: "x" });
    const page = fc.constantFrom("<html>", "{", "", "licence");
    const fault = fc.constantFrom<Reply>("reset", "cut");
    const reply = fc.oneof(
      { weight: 4, arbitrary: fc.constant(undefined) },
      { weight: 4, arbitrary: fc.record({ status, json }) },
      { weight: 2, arbitrary: fc.record({ status, text: page }) },
      { weight: 1, arbitrary: fault },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(reply, { minLength: 1, maxLength: 12 }), async (replies) => {
        const { diagnosis, server } = await examine(
          (seen, index) => replies[index % replies.length] ?? behave(seen),
        );
        const { checks, cause } = diagnosis;
        expect(checks.map(({ name }) => name)).toEqual(CHECKS);
        expect(cause).toBe(checks.find(({ state }) => state === "failed"));
        for (const { state, advice, because, found } of checks) {
          if (state === "failed") expect(advice).not.toBe("");
          expect(state === "skipped").toBe(because !== undefined);
          expect(state === "skipped").toBe(found.length === 0);
        }
        expect(server.requests.length).toBeLessThanOrEqual(20);
        for (const { method, path } of server.requests)
          expect(method === "GET" || path === "/connect/token").toBe(true);
        await server.close();
      }),
      { numRuns: 60 },
    );
  });

  it("tells of each check as it begins and as it ends", async () => {
    const told: string[] = [];
    await examine(behave, {
      onStart: (name) => told.push(`? ${name}`),
      onCheck: ({ name }) => told.push(name),
    });
    expect(told).toEqual(CHECKS.flatMap((name) => [`? ${name}`, name]));
  });

  it("goes on with the rest after something on this machine", async () => {
    const { diagnosis } = await examine(behave, { nodeVersion: "18.20.4" });
    expect(diagnosis.cause).toMatchObject({ name: "node" });
    expect(stateOf(diagnosis, "sharing")).toBe("ok");
  });

  it("looks at the clock also where the token is refused", async () => {
    const { diagnosis } = await examine((seen) =>
      seen.path === "/connect/token" ? { status: 400, json: {} } : behave(seen),
    );
    expect(diagnosis.cause).toMatchObject({ name: "token" });
    expect(stateOf(diagnosis, "clock")).toBe("ok");
    expect(stateOf(diagnosis, "reading")).toBe("skipped");
  });

  it("asks for no token where the server is no 3CX", async () => {
    const { diagnosis, server } = await examine(() => ({ status: 404 }));
    expect(diagnosis.cause).toMatchObject({ name: "server" });
    expect(server.requests.map(({ method }) => method)).toEqual(["GET"]);
  });

  it("looks at the server also without credentials", async () => {
    const surroundings = { env: {}, cwd: EMPTY };
    const { diagnosis, server } = await examine(behave, { surroundings });
    expect(diagnosis.cause).toMatchObject({ name: "credentials" });
    expect(stateOf(diagnosis, "server")).toBe("ok");
    expect(diagnosis.checks.find(({ name }) => name === "token")).toMatchObject({
      state: "skipped",
      because: "credentials",
    });
    expect(server.requests).toHaveLength(1);
  });

  it("goes where the name leads, and no further where that is nowhere", async () => {
    const flags = { url: "https://pbx.example.com:5001" };
    const lookup = async (): Promise<{ address: string; family: number }[]> => [
      { address: "0.0.0.0", family: 4 },
    ];
    const { diagnosis, server } = await examine(behave, { flags, lookup });
    expect(diagnosis.cause).toMatchObject({ name: "name" });
    expect(stateOf(diagnosis, "port")).toBe("skipped");
    expect(server.requests).toEqual([]);
  });

  it("of a URL that is none has no address to show", async () => {
    const diagnosis = await diagnose(optionsFor("https://pbx.example.com/other"));
    expect(diagnosis).toMatchObject({ url: undefined, cause: { name: "url" } });
  });

  it("names the target that it is about", async () => {
    const { root } = makeFolder({
      "callform.yaml":
        "apiVersion: callform/v1\nkind: Project\ntargets:\n  one: { url: https://one.invalid }\n",
    });
    const server = await startServer(behave);
    onTestFinished(() => server.close());
    const diagnosis = await diagnose(
      optionsFor(server.origin, { surroundings: { env: ENV, cwd: root } }),
    );
    expect(diagnosis).toMatchObject({ target: "one", url: server.origin });
  });

  it("ends with the reason of an abort, at whatever check it comes", async () => {
    const places = fc.integer({ min: 7, max: CHECKS.length - 2 });
    await fc.assert(
      fc.asyncProperty(places, async (place) => {
        const stop = new AbortController();
        let made = 0;
        const server = await startServer((seen) => behave(seen));
        const running = diagnose(
          optionsFor(server.origin, {
            signal: stop.signal,
            onCheck: () => {
              made += 1;
              if (made === place) stop.abort(new Error("enough"));
            },
          }),
        );
        // The last checks ask nothing more, so that there is nothing left to stop.
        if (place < CHECKS.indexOf("writing")) await expect(running).rejects.toThrow("enough");
        else expect((await running).checks).toHaveLength(CHECKS.length);
        await server.close();
      }),
      { numRuns: 20 },
    );
  });
});

describe.skipIf(!hasOpenssl)("a diagnosis over TLS (needs openssl to make certificates)", () => {
  const certificates = hasOpenssl ? makeCertificates() : undefined;

  it.each([
    ["before it begins", -365, /is not valid before/],
    ["after it has ended", 365, /expired on/],
  ])("judges a certificate %s by this machine's clock", async (_, days, found) => {
    const server = await startServer(behave, certificates?.good);
    onTestFinished(() => server.close());
    const { path } = makeFolder({ "ca.pem": certificates?.authority ?? "" });
    const now = (): number => Date.now() + days * 86_400_000;
    const { cause } = await diagnose(
      optionsFor(server.origin, {
        flags: { url: server.origin, caFile: path("ca.pem") },
        clock: { now, sleep: () => Promise.resolve() },
      }),
    );
    expect(cause).toMatchObject({ name: "tls" });
    expect(cause?.found[0]).toMatch(found);
    expect(server.requests).toEqual([]);
  });

  it("sends the secret to nobody whose certificate is not taken", async () => {
    for (const name of ["good", "expired", "misnamed", "selfSigned"] as const) {
      const server = await startServer(behave, certificates?.[name]);
      const { cause } = await diagnose(optionsFor(server.origin));
      expect(cause?.name).toBe("tls");
      expect(server.requests).toEqual([]);
      await server.close();
    }
  });
});
