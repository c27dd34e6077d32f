import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeAnswer } from "../../../src/app/doctor/network/answer.ts";
import { checkServer, judgeSilence } from "../../../src/app/doctor/network/server.ts";
import { explainNetworkError } from "../../../src/xapi/http/network.ts";
import { answer, PATIENT, PLACE, scriptProbe, tell } from "../../support/doctor/answers.ts";

const HTML = { "content-type": "text/html; charset=utf-8" };

describe("an answer to a request without a token", () => {
  it.each([
    ["a 3CX's", answer(401, { error: "unauthorized" }), /^ok: the API asks for a token \(401\)/],
    [
      "one with a Bearer challenge",
      answer(401, undefined, { "www-authenticate": "Bearer" }),
      /^ok: /,
    ],
    ["one that forbids in JSON", answer(403, {}), /^ok: the API asks for a token \(403\)/],
    ["a proxy's", answer(407), /^failed: a server or proxy .* \(407\) -> let requests/],
    [
      "a Windows proxy's",
      answer(401, "", { "www-authenticate": "NTLM" }),
      /^failed: a server or proxy/,
    ],
    [
      "a firewall's page",
      answer(403, "<html><title>Blocked</title>", HTML),
      /^failed: something in front .*\("Blocked"\) -> .*Console Restrictions/,
    ],
    ["a web page", answer(200, "<!DOCTYPE html>"), /^failed: a web page answered/],
    ["a page by its type alone", answer(200, "Hello", HTML), /^failed: a web page answered/],
    [
      "a redirect to a path",
      answer(301, "", { location: "/login?x=1" }),
      /^failed: the server redirects \(301\) to \/login ->/,
    ],
    ["a redirect to nowhere", answer(302), /^failed: the server redirects \(302\) to nowhere/],
    ["a redirect to nonsense", answer(302, "", { location: "https://[" }), /to what is no address/],
    [
      "another server's",
      answer(404, "", { server: "IIS" }),
      /^failed: .*no 3CX V20 \| it calls itself IIS/,
    ],
    [
      "a gateway's",
      answer(504),
      /^failed: the web server answers, the PBX behind it does not \(504\)/,
    ],
    [
      "somebody's without a token",
      answer(200, {}),
      /^warning: the server answers without a token \(200\)/,
    ],
    ["a failure", answer(500), /^failed: the server answered 500/],
    ["too many requests", answer(429), /^failed: the server answered 429/],
  ])("is known: %s", (_, given, told) => {
    expect(tell(judgeAnswer(given))).toMatch(told);
  });

  it("is one that goes on, or one with advice, for every status there is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.string(), (status, text) => {
        const verdict = judgeAnswer(answer(status, text));
        expect(verdict.found.join("")).not.toBe("");
        if (verdict.state !== "ok") expect(verdict.advice).not.toBe("");
        expect(verdict.state === "failed").toBe(!("value" in verdict));
      }),
    );
  });

  it("never shows where a redirect led to in full", () => {
    const location = "https://sso.example.com/in?token=Canary77#Canary77";
    expect(tell(judgeAnswer(answer(302, "", { location })))).not.toContain("Canary77");
  });
});

describe("no answer", () => {
  it("is told with the time that was waited", () => {
    expect(tell(judgeSilence({ state: "silent" }, PLACE, PATIENT))).toMatch(
      /^failed: pbx\.example\.com:5001 took the request and did not answer within 120 s -> .*--timeout/,
    );
  });

  it("is told with its own hint where there is one", () => {
    const refused = explainNetworkError(
      Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
      "pbx",
    );
    expect(tell(judgeSilence({ state: "fault", fault: refused }, PLACE, PATIENT))).toMatch(
      /^failed: nothing listens at pbx -> check the port/,
    );
    const reset = explainNetworkError(Object.assign(new Error("x"), { code: "ECONNRESET" }), "pbx");
    expect(tell(judgeSilence({ state: "fault", fault: reset }, PLACE, PATIENT))).toMatch(
      /^failed: pbx closed the connection .* -> see whether the PBX is restarting/,
    );
  });
});

describe("looking at the server", () => {
  it("asks once, without a token", async () => {
    const probe = scriptProbe(() => answer(401, {}));
    expect(await checkServer(probe, PLACE, PATIENT)).toMatchObject({ state: "ok" });
    expect(probe.asked).toEqual([{ method: "GET", path: "/xapi/v1/Defs?$select=Id" }]);
  });
});
