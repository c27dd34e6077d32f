import { describe, expect, expectTypeOf, it, onTestFinished } from "vitest";
import type { Again, Entity, Query, Reader } from "../../src/domain/ports.ts";
import { Secret } from "../../src/domain/secret.ts";
import { createClient, type Client, type ClientOptions } from "../../src/xapi/client.ts";
import { createLatch, createVirtualClock, letOthersRun } from "../support/pbx/clock.ts";
import { serve, type PbxServer, type Reply, type Seen } from "../support/pbx/server.ts";
import { createAuthority } from "../support/pbx/tokens.ts";
import { catchProblems } from "../support/pbx/problems.ts";

const SECRET = "s3cr3t-of-the-client";
const QUERY: Query = { collection: "CallFlowApps", select: ["Id"] };
const EMPTY: Reply = { status: 200, json: { value: [], "@odata.count": 0 } };

function connect({ origin }: PbxServer, more: Partial<ClientOptions> = {}): Client {
  const client = createClient({
    origin,
    clientId: "callform",
    clientSecret: new Secret(SECRET),
    clock: createVirtualClock(),
    random: () => 0,
    ...more,
  });
  onTestFinished(() => client.close());
  return client;
}

function forbidWrites({ method }: Seen): Reply {
  return method === "GET" ? EMPTY : { status: 403 };
}

/** Nobody has written meanwhile. */
function againAs(entity: Entity): Again {
  return async () => entity;
}

function countTokens({ requests }: PbxServer): number {
  return requests.filter(({ path }) => path === "/connect/token").length;
}

describe("a client", () => {
  it("asks below the API's root, with its token, and sends JSON when it sends", async () => {
    const authority = createAuthority();
    const server = await serve(
      authority.guard(({ method }) => (method === "GET" ? EMPTY : { status: 204 })),
    );
    const { reader, writer } = connect(server);
    await reader.list(QUERY);
    await writer.update("CallFlowApps", 42, { ScriptCode: "x" }, againAs({ ScriptCode: "x" }));
    const [, read, write] = server.requests;
    expect(read?.path).toBe("/xapi/v1/CallFlowApps?$select=Id&$orderby=Id&$top=100&$count=true");
    expect(read?.headers).toMatchObject({ authorization: `Bearer ${authority.issued[0]}` });
    expect(read?.headers).not.toHaveProperty("content-type");
    expect(write).toMatchObject({
      method: "PATCH",
      path: "/xapi/v1/CallFlowApps(42)",
      headers: { "content-type": "application/json" },
      body: '{"ScriptCode":"x"}',
    });
  });

  it("reads through a half that has nothing to write with", async () => {
    const { reader } = connect(await serve(() => EMPTY));
    expectTypeOf<keyof Reader>().toEqualTypeOf<"list">();
    expect(Object.keys(reader)).toEqual(["list"]);
    expect(Object.getPrototypeOf(reader)).toBe(Object.prototype);
  });

  it("reads with no request but GET and the one for a token", async () => {
    const server = await serve(createAuthority().guard(() => EMPTY));
    await connect(server).reader.list(QUERY);
    expect(server.requests.map(({ method, path }) => `${method} ${path.split("?")[0]}`)).toEqual([
      "POST /connect/token",
      "GET /xapi/v1/CallFlowApps",
    ]);
  });

  it("fetches one token for fifty requests at once", async () => {
    const server = await serve(createAuthority().guard(() => EMPTY));
    const { reader } = connect(server);
    await Promise.all(Array.from({ length: 50 }, () => reader.list(QUERY)));
    expect(countTokens(server)).toBe(1);
    expect(server.requests).toHaveLength(51);
  });

  it("never has more than sixteen requests open", async () => {
    const full = createLatch();
    let arrived = 0;
    const server = await serve(
      createAuthority().guard(async () => {
        arrived += 1;
        if (arrived === 16) full.open();
        await full.opened;
        return EMPTY;
      }),
    );
    const numbers = Array.from({ length: 100 * 60 }, (_, index) => index);
    await connect(server).reader.list({ ...QUERY, where: { property: "Id", in: numbers } });
    expect(server.requests).toHaveLength(1 + 60);
    expect(server.peak()).toBe(16);
  });
});

describe("a token that somebody else's ended", () => {
  it.each([401, 403] as const)("shows as %i, and all renew it once together", async (refusal) => {
    const authority = createAuthority(refusal);
    const server = await serve(authority.guard(() => EMPTY));
    const { reader } = connect(server);
    await reader.list(QUERY);
    authority.supersede();
    await Promise.all(Array.from({ length: 50 }, () => reader.list(QUERY)));
    expect(countTokens(server)).toBe(2);
  });

  it.each([401, 403] as const)("stops the run the third time (%i)", async (refusal) => {
    const authority = createAuthority(refusal);
    const server = await serve(authority.guard(() => EMPTY));
    const { reader } = connect(server);
    for (let turn = 0; turn < 3; turn += 1) {
      await reader.list(QUERY);
      authority.supersede();
    }
    const [problem] = await catchProblems(reader.list(QUERY));
    expect(problem?.code).toBe("token-superseded");
    expect(problem?.message).toContain("another program is using the client id callform");
    expect(countTokens(server)).toBe(3);
  });

  it("does not let a PBX that refuses every token keep us busy", async () => {
    const server = await serve((seen) =>
      seen.path === "/connect/token"
        ? { status: 200, json: { access_token: "opaque" } }
        : { status: 401 },
    );
    const [problem] = await catchProblems(connect(server).reader.list(QUERY));
    expect(problem?.code).toBe("token-superseded");
    expect(server.requests).toHaveLength(6);
  });
});

describe("a role that may not", () => {
  it("gets one new token, then a problem that says which role it takes", async () => {
    const server = await serve(createAuthority().guard(() => ({ status: 403 })));
    const [problem] = await catchProblems(connect(server).reader.list(QUERY));
    expect(problem?.code).toBe("pbx-forbidden");
    expect(problem?.message).toBe("the PBX refused GET CallFlowApps with 403");
    expect(problem?.hint).toContain("System Owner");
    expect(countTokens(server)).toBe(2);
  });

  it("is never taken for another program, however many requests it is refused", async () => {
    const server = await serve(createAuthority().guard(forbidWrites));
    const { reader, writer } = connect(server);
    for (const collection of ["CallFlowApps", "Queues", "RingGroups", "Users", "Trunks"])
      for (let id = 1; id <= 3; id += 1) {
        const [problem] = await catchProblems(
          writer.update(collection, id, { Name: "x" }, againAs({ Name: "x" })),
        );
        expect(problem?.code).toBe("pbx-forbidden");
      }
    await reader.list(QUERY);
    expect(countTokens(server)).toBe(1 + 5);
  });

  it("does not use up the renewals of a token that is ended later", async () => {
    const authority = createAuthority();
    const server = await serve(authority.guard(forbidWrites));
    const { reader, writer } = connect(server);
    for (const collection of ["CallFlowApps", "Queues", "Users"])
      await catchProblems(writer.remove(collection, { Id: 1 }, againAs({ Id: 1 })));
    for (let turn = 0; turn < 2; turn += 1) {
      authority.supersede();
      expect(await reader.list(QUERY)).toEqual([]);
    }
  });
});

describe("a redirect", () => {
  it("is not followed with the token", async () => {
    const elsewhere = await serve(() => EMPTY);
    const server = await serve(
      createAuthority().guard(() => ({
        status: 302,
        headers: { location: `${elsewhere.origin}/xapi/v1/CallFlowApps` },
      })),
    );
    const [problem] = await catchProblems(connect(server).reader.list(QUERY));
    expect(problem?.code).toBe("pbx-redirect");
    expect(elsewhere.requests).toEqual([]);
  });

  it("is not followed with the client secret either", async () => {
    const elsewhere = await serve(() => EMPTY);
    const location = `${elsewhere.origin}/connect/token`;
    const server = await serve(() => ({ status: 307, headers: { location } }));
    const [problem] = await catchProblems(connect(server).reader.list(QUERY));
    expect(problem?.code).toBe("pbx-redirect");
    expect(elsewhere.requests).toEqual([]);
  });
});

describe("an abort", () => {
  const reason = new Error("enough");

  /** A reading that is aborted as soon as its request has arrived ends with the reason. */
  async function expectCut(
    server: PbxServer,
    arrived: ReturnType<typeof createLatch>,
  ): Promise<void> {
    const cut = new AbortController();
    const waiting = connect(server).reader.list(QUERY, cut.signal);
    await arrived.opened;
    cut.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  }

  it("while the token is fetched ends the request with its reason", async () => {
    const arrived = createLatch();
    const server = await serve(() => {
      arrived.open();
      return "hang";
    });
    await expectCut(server, arrived);
  });

  it("may wait on as many requests as it likes without a warning of a leak", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on("warning", onWarning);
    onTestFinished(() => void process.off("warning", onWarning));
    const server = await serve(
      createAuthority().guard((_, index) => (index < 40 ? { status: 503 } : EMPTY)),
    );
    const { reader } = connect(server);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 50 }, () => reader.list(QUERY, signal)));
    await letOthersRun();
    expect(warnings).toEqual([]);
  });

  it("while pages are read ends all of them with its reason", async () => {
    const page = Array.from({ length: 100 }, (_, index) => ({ Id: index }));
    const arrived = createLatch();
    const server = await serve(
      createAuthority().guard((seen) => {
        if (!seen.path.includes("$skip"))
          return { status: 200, json: { value: page, "@odata.count": 1000 } };
        arrived.open();
        return "hang";
      }),
    );
    await expectCut(server, arrived);
  });
});

describe("whatever goes wrong", () => {
  it.each<[string, Reply]>([
    ["a refusal", { status: 400, json: { error: { message: "no" } } }],
    ["a wrong role", { status: 403 }],
    ["a dead token", { status: 401 }],
    ["a server error", { status: 500 }],
    ["a lost line", "reset"],
    ["a redirect", { status: 301, headers: { location: "https://elsewhere.example/" } }],
    ["a page of HTML", { status: 200, text: "<html>" }],
    ["something that is no list", { status: 200, json: {} }],
  ])("neither secret nor token is in the error after %s", async (_, reply) => {
    const authority = createAuthority();
    const server = await serve(authority.guard(() => reply));
    const { reader, writer } = connect(server);
    const problems = await Promise.all([
      catchProblems(reader.list(QUERY)),
      catchProblems(writer.create("CallFlowApps", { Number: "806" }, "Number")),
      catchProblems(
        writer.remove("CallFlowApps", { Id: 1 }, againAs({ Id: 1 })).then(() => reader.list(QUERY)),
      ),
    ]);
    const shown = JSON.stringify(problems);
    expect(shown).toContain("message");
    expect(server.requests.some(({ body }) => body.includes(SECRET))).toBe(true);
    expect(authority.issued.length).toBeGreaterThan(0);
    for (const secret of [SECRET, ...authority.issued]) expect(shown).not.toContain(secret);
  });
});

describe("a create whose answer is lost on the way", () => {
  it("is found again and not repeated", async () => {
    const created: Record<string, unknown>[] = [];
    const server = await serve(
      createAuthority().guard(({ method, body }) => {
        if (method === "GET")
          return { status: 200, json: { value: created, "@odata.count": created.length } };
        created.push({ Id: 7, ...JSON.parse(body) });
        return "reset";
      }),
    );
    const body = { Number: "806", Name: "hotline" };
    expect(await connect(server).writer.create("CallFlowApps", body, "Number")).toBe(7);
    expect(created).toHaveLength(1);
  });
});
