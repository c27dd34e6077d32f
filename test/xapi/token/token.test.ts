import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProblemError } from "../../../src/domain/problem.ts";
import { Secret } from "../../../src/domain/secret.ts";
import { createTokenSource, type TokenSource } from "../../../src/xapi/token/token.ts";
import type { Outcome, Request } from "../../../src/xapi/http/transport.ts";
import { createLatch, createVirtualClock } from "../../support/pbx/clock.ts";
import { answerToken, mintToken } from "../../support/pbx/tokens.ts";
import { catchProblem } from "../../support/pbx/problems.ts";

const SECRET = "s3cr3t&of=the client";
const START = Date.UTC(2026, 0, 5, 8);

interface Bench {
  readonly tokens: TokenSource;
  readonly requests: readonly Request[];
  readonly told: readonly string[];
  /** Lets that much time pass. */
  readonly pass: (milliseconds: number) => Promise<void>;
}

/** A token source at a made-up transport. */
function build(reply: (index: number, request: Request) => Outcome | Promise<Outcome>): Bench {
  const clock = createVirtualClock(START);
  const requests: Request[] = [];
  const told: string[] = [];
  const transport = {
    async request(request: Request): Promise<Outcome> {
      requests.push(request);
      return reply(requests.length - 1, request);
    },
    close: () => Promise.resolve(),
  };
  const credentials = {
    clientId: "callform",
    clientSecret: new Secret(SECRET),
    onToken: (token: Secret<string>) => void told.push(token.reveal()),
  };
  const tokens = createTokenSource(transport, credentials, clock);
  return { tokens, requests, told, pass: (milliseconds) => clock.sleep(milliseconds) };
}

function give(token: string, expiresIn?: number): Outcome {
  return { state: "answered", status: 200, body: answerToken(token, expiresIn).json };
}

function answer(status: number, body?: unknown): Outcome {
  return { state: "answered", status, body };
}

/** A new token each time, all with the same claims. */
function buildGiving(claims: Readonly<Record<string, unknown>>, expiresIn?: number): Bench {
  return build((index) => give(mintToken({ ...claims, jti: index }), expiresIn));
}

describe("the request for a token", () => {
  it("carries the credentials in the body, as a form", async () => {
    const { tokens, requests } = buildGiving({});
    await tokens.get();
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: "POST",
      path: "/connect/token",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      retry: "always",
    });
    expect(Object.fromEntries(new URLSearchParams(requests[0]?.body))).toEqual({
      client_id: "callform",
      client_secret: SECRET,
      grant_type: "client_credentials",
    });
  });

  it("is one for fifty who ask at the same time", async () => {
    const { tokens, requests } = buildGiving({});
    const got = await Promise.all(Array.from({ length: 50 }, () => tokens.get()));
    expect(requests).toHaveLength(1);
    expect(new Set(got).size).toBe(1);
  });

  it("tells each token to whoever keeps secrets out of the output", async () => {
    const { tokens, told } = buildGiving({});
    const first = await tokens.get();
    const second = await tokens.replace(first);
    expect(told).toEqual([first.value.reveal(), second.value.reveal()]);
  });
});

describe("the life of a token", () => {
  it("lasts until ten seconds before its end, by the time it was given, however far the clocks are apart", async () => {
    const decade = 10 * 365 * 86_400;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 11, max: 86_400 }),
        fc.integer({ min: -decade, max: decade }),
        async (life, skew) => {
          const iat = START / 1000 + skew;
          const { tokens, requests, pass } = buildGiving({ iat, exp: iat + life });
          await tokens.get();
          await pass((life - 10) * 1000 - 1);
          await tokens.get();
          expect(requests).toHaveLength(1);
          await pass(1);
          await tokens.get();
          expect(requests).toHaveLength(2);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("is the same whatever expires_in says, which some versions mean in minutes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -1, max: 100_000 }), async (expiresIn) => {
        const iat = START / 1000;
        const { tokens, requests, pass } = buildGiving({ iat, exp: iat + 3600 }, expiresIn);
        await tokens.get();
        await pass(3_589_000);
        await tokens.get();
        expect(requests).toHaveLength(1);
      }),
      { numRuns: 20 },
    );
  });

  it("is read from exp alone where the token does not say when it was issued", async () => {
    const { tokens, requests, pass } = buildGiving({ exp: START / 1000 + 60 });
    await tokens.get();
    await pass(49_000);
    await tokens.get();
    expect(requests).toHaveLength(1);
    await pass(1_000);
    await tokens.get();
    expect(requests).toHaveLength(2);
  });

  it.each<[string, Record<string, unknown>]>([
    ["that does not say", {}],
    ["that says it in words", { exp: "tomorrow", iat: 1 }],
    ["whose end is past as it begins", { exp: START / 1000 - 3600 }],
    ["that lives for a moment", { iat: START / 1000, exp: START / 1000 + 5 }],
  ])("of a token %s lasts until the PBX refuses it", async (_, claims) => {
    const { tokens, requests, pass } = buildGiving(claims);
    await tokens.get();
    await pass(86_400_000);
    await tokens.get();
    expect(requests).toHaveLength(1);
  });

  it.each(["opaque", "a.b.c", "e30.bnVsbA.x", `x.${Buffer.from("[1]").toString("base64url")}.y`])(
    "of a token that is no JWT (%s) lasts too",
    async (token) => {
      const { tokens } = build(() => give(token));
      expect((await tokens.get()).value.reveal()).toBe(token);
      expect((await tokens.get()).expires).toBe(Infinity);
    },
  );
});

describe("a token that was refused", () => {
  it("is replaced by one fetch for all who hold it", async () => {
    const { tokens, requests } = buildGiving({});
    const stale = await tokens.get();
    const fresh = await Promise.all(Array.from({ length: 50 }, () => tokens.replace(stale)));
    expect(requests).toHaveLength(2);
    expect(new Set(fresh).size).toBe(1);
    expect(fresh[0]?.generation).toBeGreaterThan(stale.generation);
  });

  it("needs no fetch when there is a newer one already", async () => {
    const { tokens, requests } = buildGiving({});
    const stale = await tokens.get();
    const fresh = await tokens.replace(stale);
    expect(await tokens.replace(stale)).toBe(fresh);
    expect(requests).toHaveLength(2);
  });

  it("for the third time means another program, and that is said", async () => {
    const { tokens, requests } = buildGiving({});
    let token = await tokens.get();
    token = await tokens.replace(token);
    token = await tokens.replace(token);
    const problem = await catchProblem(tokens.replace(token));
    expect(problem.code).toBe("token-superseded");
    expect(problem.message).toContain("another program is using the client id callform");
    expect(problem.hint).toContain("one live token per client");
    expect(requests).toHaveLength(3);
  });

  it("does not count when it was refused for its role", async () => {
    const { tokens } = buildGiving({});
    let token = await tokens.get();
    for (let turn = 0; turn < 10; turn += 1) {
      const stale = token;
      token = await tokens.replace(stale);
      tokens.absolve(stale);
    }
    expect(token.generation).toBe(11);
  });

  it("does not count when our own renewal had ended it", async () => {
    const iat = START / 1000;
    const { tokens, pass } = buildGiving({ iat, exp: iat + 60 });
    for (let turn = 0; turn < 10; turn += 1) {
      const stale = await tokens.get();
      await pass(60_000);
      const renewing = tokens.get();
      expect(await tokens.replace(stale)).toBe(await renewing);
    }
  });
});

describe("a token that is not to be had", () => {
  const invalid = { error: "invalid_client", error_description: "Client authentication failed" };

  it.each([400, 401, 403])("because of the credentials (%i) says where to look", async (status) => {
    const { tokens } = build(() => answer(status, invalid));
    const problem = await catchProblem(tokens.get());
    expect(problem.code).toBe("pbx-credentials");
    expect(problem.message).toContain(`does not accept the API client (${status})`);
    expect(problem.hint).toMatch(/CALLFORM_CLIENT_SECRET.*Integrations > API/);
  });

  it("because the server is something else says so", async () => {
    const { tokens } = build(() => answer(404));
    const problem = await catchProblem(tokens.get());
    expect(problem.message).toContain("it is no 3CX V20 PBX");
    expect(problem.hint).toContain("check the URL");
  });

  it.each<[string, Outcome]>([
    ["a server error", answer(500, { error: "overloaded" })],
    ["an empty object", answer(200, {})],
    ["a list", answer(200, [])],
    ["no body", answer(200)],
    ["an empty token", answer(200, { access_token: "" })],
    ["a token of two lines", answer(200, { access_token: "a\r\nx-evil: 1" })],
    ["a token of another type", answer(200, { access_token: 7 })],
    ["a lost answer", { state: "lost", reason: "the line went dead" }],
  ])("because of %s is a problem, not a crash", async (_, outcome) => {
    const { tokens } = build(() => outcome);
    expect((await catchProblem(tokens.get())).code).toBe("pbx-answer");
  });

  it("never shows the client secret, nor the token that was refused", async () => {
    const planted = mintToken({ jti: "t0k3n" });
    const garbage = fc.oneof(
      fc.constantFrom<unknown>(
        SECRET,
        planted,
        { error: SECRET },
        { access_token: `${planted}\n` },
      ),
      fc.anything(),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(200, 400, 401, 404, 500), garbage, async (status, body) => {
        const refused = { state: "answered" as const, status, body };
        const { tokens } = build(() => refused);
        const error: unknown = await tokens.get().catch((thrown: unknown) => thrown);
        fc.pre(error instanceof ProblemError);
        const shown = JSON.stringify([error.problems, error.message, error.stack]);
        expect(shown).not.toContain(SECRET);
        expect(shown).not.toContain(planted);
      }),
    );
  });

  it("is asked for again by whoever comes next", async () => {
    const { tokens, requests } = build((index) =>
      index === 0 ? answer(500) : give(mintToken({})),
    );
    await catchProblem(tokens.get());
    expect((await tokens.get()).generation).toBe(1);
    expect(requests).toHaveLength(2);
  });
});

describe("an abort while a token is fetched", () => {
  const reason = new Error("enough");

  it("ends the wait of that caller and of no other", async () => {
    const latch = createLatch();
    const { tokens, requests } = build(async () => {
      await latch.opened;
      return give(mintToken({}));
    });
    const cut = new AbortController();
    const [gone, stays] = [tokens.get(cut.signal), tokens.get()];
    cut.abort(reason);
    await expect(gone).rejects.toBe(reason);
    expect(requests[0]?.signal?.aborted).toBe(false);
    latch.open();
    expect((await stays).generation).toBe(1);
  });

  it("ends the fetch when nobody waits for it any more, and the next caller starts anew", async () => {
    const { tokens, requests } = build(async (index, { signal }) => {
      if (index > 0) return give(mintToken({}));
      await new Promise((_, reject) => {
        signal?.addEventListener("abort", () => reject(new Error("given up")));
      });
      throw new Error("unreachable");
    });
    const cut = new AbortController();
    const waiting = [tokens.get(cut.signal), tokens.get(cut.signal)];
    cut.abort(reason);
    for (const gone of waiting) await expect(gone).rejects.toBe(reason);
    expect(requests[0]?.signal?.aborted).toBe(true);
    expect((await tokens.get()).generation).toBe(1);
    expect(requests).toHaveLength(2);
  });

  it("that came before sends nothing", async () => {
    const { tokens, requests } = buildGiving({});
    const signal = AbortSignal.abort(reason);
    await expect(tokens.get(signal)).rejects.toBe(reason);
    const token = await tokens.get();
    await expect(tokens.replace(token, signal)).rejects.toBe(reason);
    expect(requests).toHaveLength(1);
  });
});
