import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explainNetworkError, toProblem } from "../../../src/xapi/http/network.ts";

const HOST = "pbx.example.com:5001";

function fail(code: string, syscall?: string): Error {
  return Object.assign(new Error("low level words"), { code, syscall });
}

/** As an HTTP client throws it: its own error around the one that tells. */
function wrap(cause: Error): Error {
  return new Error("fetch failed", { cause: new AggregateError([], "several", { cause }) });
}

describe("a network error", () => {
  it.each([
    ["ECONNREFUSED", "nothing listens at"],
    ["EHOSTUNREACH", "no route to"],
    ["ENETUNREACH", "no route to"],
    ["EAI_AGAIN", "the name server did not answer for"],
    ["ETIMEDOUT", "no connection to"],
    ["UND_ERR_CONNECT_TIMEOUT", "no connection to"],
  ])("%s cannot have reached the PBX and may pass", (code, words) => {
    const fault = explainNetworkError(fail(code, "connect"), HOST);
    expect(fault).toMatchObject({ permanent: false, sent: false });
    expect(fault.text).toContain(words);
    expect(fault.text).toContain(HOST);
  });

  it.each([
    ["ENOTFOUND", "no such host"],
    ["CERT_HAS_EXPIRED", "has expired"],
    ["CERT_NOT_YET_VALID", "is not valid yet"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "is not for"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "is self-signed"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "unknown authority"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unknown authority"],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "unknown authority"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "does not speak TLS"],
    ["UND_ERR_RES_EXCEEDED_MAX_SIZE", "too large"],
    ["CERT_SIGNATURE_FAILURE", "no TLS with"],
    ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "no TLS with"],
  ])("%s will not pass", (code, words) => {
    const fault = explainNetworkError(wrap(fail(code)), HOST);
    expect(fault.permanent).toBe(true);
    expect(fault.text).toContain(words);
    expect(fault.text).toContain(HOST);
  });

  it.each(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"])(
    "%s leaves open whether the PBX has acted",
    (code) => {
      expect(explainNetworkError(fail(code), HOST)).toEqual({
        text: `${HOST} did not answer in time`,
        permanent: false,
        sent: true,
      });
    },
  );

  it.each(["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"])(
    "%s of an open connection leaves it open too",
    (code) => {
      expect(explainNetworkError(fail(code, "read"), HOST).sent).toBe(true);
      expect(explainNetworkError(fail(code, "write"), HOST).sent).toBe(true);
    },
  );

  it("of any other kind is shown with its code, and may have reached the PBX", () => {
    const fault = explainNetworkError(wrap(fail("ECONNRESET", "read")), HOST);
    expect(fault).toMatchObject({ permanent: false, sent: true });
    expect(fault.text).toContain("ECONNRESET");
  });

  it("can be anything at all", () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        const fault = explainNetworkError(thrown, HOST);
        expect(fault).toMatchObject({ permanent: false, sent: true });
      }),
      { examples: [[{ toString: 0 }], [Object.create(null)]] },
    );
  });
});

describe("the problem made of one", () => {
  it("names the request, the fault and the way out", () => {
    const fault = explainNetworkError(fail("ECONNREFUSED", "connect"), HOST);
    expect(toProblem(fault, "GET /xapi/v1/CallFlowApps")).toEqual({
      severity: "error",
      code: "pbx-unreachable",
      message: `GET /xapi/v1/CallFlowApps: nothing listens at ${HOST}`,
      hint: "check the port (3CX uses 443 or 5001) and whether the PBX is running",
    });
  });

  it("has no hint where there is none to give", () => {
    expect(toProblem(explainNetworkError(fail("EPIPE"), HOST), "GET /")).not.toHaveProperty("hint");
  });
});
