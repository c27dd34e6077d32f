import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openAccess } from "../../../src/app/doctor/pbx/access.ts";
import { checkToken } from "../../../src/app/doctor/pbx/token.ts";
import { judgeRefusal, speaksOfLicence } from "../../../src/app/doctor/pbx/token-refusal.ts";
import type { Verdict } from "../../../src/domain/diagnosis.ts";
import { Secret } from "../../../src/domain/secret.ts";
import type { HttpReading } from "../../../src/xapi/probe/http.ts";
import {
  answer,
  giveToken,
  makeCredentials,
  PATIENT,
  PLACE,
  scriptProbe,
  tell,
  type ScriptedProbe,
} from "../../support/doctor/answers.ts";

const INVALID = answer(400, { error: "invalid_client" });

interface Signed {
  readonly verdict: Verdict<unknown>;
  readonly probe: ScriptedProbe;
}

async function sign(
  reply: Parameters<typeof scriptProbe>[0],
  credentials = makeCredentials(),
): Promise<Signed> {
  const probe = scriptProbe(reply);
  return { verdict: await checkToken(probe, credentials, PLACE, PATIENT), probe };
}

describe("signing in", () => {
  it("posts the credentials once, as a form, and keeps the token to itself", async () => {
    const { verdict, probe } = await sign(() => giveToken("Canary77"));
    expect(verdict).toMatchObject({
      state: "ok",
      found: ["the PBX accepts the API client callform"],
    });
    expect(JSON.stringify(verdict)).not.toContain("Canary77");
    expect(probe.asked).toEqual([
      {
        method: "POST",
        path: "/connect/token",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "client_id=callform&client_secret=s3cr3t-value&grant_type=client_credentials",
      },
    ]);
  });

  it("with clean credentials is tried no second time", async () => {
    const { verdict, probe } = await sign(() => INVALID);
    expect(verdict.state).toBe("failed");
    expect(probe.asked).toHaveLength(1);
  });

  it("is tried once more without what copying left, and says that this was it", async () => {
    const dirty = makeCredentials(" callform", '"s3cr3t"\n');
    const { verdict, probe } = await sign(
      (_, index) => (index === 0 ? INVALID : giveToken()),
      dirty,
    );
    expect(tell(verdict)).toMatch(
      /^failed: the client id from --client-id has blanks around it, and the client secret from CALLFORM_CLIENT_SECRET ends with a line end; without that the PBX accepts it/,
    );
    expect(probe.asked[1]?.body).toContain("client_id=callform&client_secret=s3cr3t&");
  });

  it("that fails both ways is a matter of the credentials", async () => {
    const { verdict, probe } = await sign(() => INVALID, makeCredentials("callform", "wrong\n"));
    expect(tell(verdict)).toMatch(/^failed: the PBX does not accept the client id or its secret/);
    expect(probe.asked).toHaveLength(2);
  });

  it("is not tried again where the PBX has too much to do", async () => {
    const { probe } = await sign(() => answer(429), makeCredentials("callform", "wrong\n"));
    expect(probe.asked).toHaveLength(1);
  });

  it.each([
    ["no text", answer(200, {})],
    ["an empty text", answer(200, { access_token: "" })],
    ["what no header takes", answer(200, { access_token: "a\nb" })],
    ["a number", answer(200, { access_token: 7 })],
    ["another status", answer(201, { access_token: "abc" })],
  ])("takes %s for no token", async (_, given) => {
    expect((await sign(() => given)).verdict.state).toBe("failed");
  });

  it("without an answer is told so", async () => {
    expect(tell((await sign(() => ({ state: "silent" }))).verdict)).toContain("did not answer");
  });
});

describe("an answer without a token", () => {
  it.each([
    [INVALID, /\(400: invalid_client\) -> compare both/],
    [answer(401, { error: "unauthorized" }), /\(401: unauthorized\)/],
    [answer(403), /^failed: the PBX does not accept .*\(403\)/],
    [answer(400, { error: "Canary77" }), /\(400\) -> /],
    [answer(404), /no \/connect\/token: it is no 3CX V20/],
    [answer(429), /too many tokens \(429\) -> wait three minutes/],
    [answer(500), /failed over the token request \(500\).*database/],
    [answer(302), /answered 302 without a token/],
    [
      answer(403, { error: { message: "needs an Enterprise licence" } }),
      /because of its licence \(403\)/,
    ],
    [
      answer(400, { error: { message: "WARNINGS.XAPI.INVALID_LICENSE_TYPE" } }),
      /because of its licence/,
    ],
  ])("is told apart (%#)", (given, told) => {
    expect(tell(judgeRefusal(given))).toMatch(told);
  });

  it("repeats nothing that it carries but OAuth's own words", () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), fc.jsonValue(), (status, more) => {
        const body = { error: "Canary77", error_description: "Canary77", more };
        expect(tell(judgeRefusal(answer(status, body)))).not.toContain("Canary77");
      }),
    );
  });

  it("is not about the licence when it is a web page or a success", () => {
    expect(speaksOfLicence(answer(403, "<html>License agreement</html>"))).toBe(false);
    expect(speaksOfLicence(answer(200, { LicenseActive: true }))).toBe(false);
    expect(speaksOfLicence(answer(403, { a: "license" }))).toBe(true);
  });
});

describe("a token that is refused", () => {
  interface Asked {
    readonly states: readonly string[];
    readonly tokens: number;
    readonly superseded: number;
    readonly told: readonly string[];
  }

  /** Asks so often; `reply` answers GETs, by the number of the token and of the GET, both from 0. */
  async function ask(times: number, reply: (token: number, get: number) => number): Promise<Asked> {
    let [tokens, gets] = [0, 0];
    const told: string[] = [];
    const probe = scriptProbe(({ method, headers }): HttpReading => {
      if (method === "POST") return giveToken(`token-${++tokens}`);
      const sent = Number(headers?.["authorization"]?.replace("Bearer token-", ""));
      return answer(reply(sent, gets++));
    });
    const access = openAccess({
      probe,
      credentials: makeCredentials(),
      token: new Secret("token-0"),
      onToken: (token) => void told.push(token.reveal()),
    });
    const states: string[] = [];
    for (let time = 0; time < times; time += 1) {
      const reading = await access.get("/xapi/v1/Groups");
      states.push(reading.state === "answered" ? String(reading.status) : reading.state);
    }
    return { states, tokens, superseded: access.superseded(), told };
  }

  it("is renewed, and the request made again", async () => {
    const ran = await ask(2, (token) => (token === 0 ? 401 : 200));
    expect(ran).toEqual({ states: ["200", "200"], tokens: 1, superseded: 1, told: ["token-1"] });
  });

  it("is renewed after a 403 as well, for some PBXs say so", async () => {
    const ran = await ask(1, (token) => (token === 0 ? 403 : 200));
    expect(ran).toMatchObject({ states: ["200"], superseded: 1 });
  });

  it("with 403 twice is about the role, and from then on believed at once", async () => {
    const ran = await ask(3, () => 403);
    expect(ran).toMatchObject({ states: ["403", "403", "403"], tokens: 1, superseded: 0 });
  });

  it("each time shows another program at work", async () => {
    const ran = await ask(2, () => 401);
    expect(ran.states).toEqual(["superseded", "superseded"]);
    expect(ran.superseded).toBeGreaterThan(0);
  });

  it("costs a bounded number of tokens, whatever is answered", async () => {
    const status = fc.constantFrom(200, 401, 403, 404, 500);
    await fc.assert(
      fc.asyncProperty(fc.array(status, { minLength: 1, maxLength: 30 }), async (statuses) => {
        const ran = await ask(10, (_, get) => statuses[get % statuses.length] ?? 200);
        expect(ran.tokens).toBeLessThanOrEqual(2);
        expect(ran.states).not.toContain("401");
      }),
    );
  });
});
