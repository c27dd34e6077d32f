import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeUrl, readAddress } from "../../../src/app/settings/address.ts";
import { ProblemError, type Problem } from "../../../src/domain/problem.ts";

const ORIGIN = "https://pbx.example.com:5001";

function problemOf(typed: string, insecure = false): Problem {
  const reading = readAddress(typed, insecure);
  if (!("problem" in reading)) throw new Error(`${typed} was taken as ${reading.origin}`);
  return reading.problem;
}

describe("the address of a PBX", () => {
  it.each([
    ["as it is", "https://pbx.example.com:5001"],
    ["with a slash at the end", "https://pbx.example.com:5001/"],
    ["with many", "https://pbx.example.com:5001///"],
    ["without a scheme", "pbx.example.com:5001"],
    ["in capitals", "HTTPS://PBX.Example.COM:5001"],
    ["with the path of the API", "https://pbx.example.com:5001/xapi"],
    ["with the version of the API", "https://pbx.example.com:5001/xapi/v1"],
    ["with the version of the API and a slash", "https://pbx.example.com:5001/xapi/v1/"],
    ["with a collection", "https://pbx.example.com:5001/xapi/v1/CallFlowApps"],
    ["with a whole query", "https://pbx.example.com:5001/xapi/v1/Users?$top=1&$select=Id"],
    ["with the token's path", "https://pbx.example.com:5001/connect/token"],
    ["with the call control API", "https://pbx.example.com:5001/callcontrol"],
    ["of the web client", "https://pbx.example.com:5001/webclient"],
    ["of a page of the web client", "https://pbx.example.com:5001/webclient/#/people"],
    ["of the sign-in page", "https://pbx.example.com:5001/#/login"],
    ["of the admin console", "https://pbx.example.com:5001/#/office/dashboard"],
    ["of a page with a query before its #", "https://pbx.example.com:5001/?next=1#/login"],
    ["with blanks around it", "  https://pbx.example.com:5001 \t\n"],
    ["in double quotes", '"https://pbx.example.com:5001"'],
    ["in single quotes", "'https://pbx.example.com:5001'"],
    ["in angle brackets", "<https://pbx.example.com:5001/>"],
    ["with one slash", "https:/pbx.example.com:5001"],
    ["without the colon", "https//pbx.example.com:5001"],
    ["with backslashes", String.raw`https:\\pbx.example.com:5001`],
  ])("is read %s", (_, typed) => {
    expect(normalizeUrl(typed, false)).toBe(ORIGIN);
  });

  it.each([
    ["https://pbx.example.com", "https://pbx.example.com", 443, true],
    ["https://pbx.example.com:443/", "https://pbx.example.com", 443, true],
    ["https://192.0.2.7:5001", "https://192.0.2.7:5001", 5001, true],
    ["https://[2001:db8::7]:5001", "https://[2001:db8::7]:5001", 5001, true],
    ["http://localhost", "http://localhost", 80, false],
    ["http://127.0.0.1:5000", "http://127.0.0.1:5000", 5000, false],
    ["http://[::1]:5000", "http://[::1]:5000", 5000, false],
    ["büro.example.com", "https://xn--bro-hoa.example.com", 443, true],
  ])("of %s is %s with port %i", (typed, origin, port, secure) => {
    expect(readAddress(typed, false)).toMatchObject({ origin, port, secure });
  });

  it("knows whether more was typed than counts", () => {
    expect(readAddress(`${ORIGIN}/xapi/v1`, false)).toMatchObject({ shortened: true });
    expect(readAddress(`${ORIGIN}/`, false)).toMatchObject({ shortened: false });
    expect(readAddress("pbx.example.com", false)).toMatchObject({ shortened: false });
  });

  it("stays the same when it is read again, however it was typed", () => {
    const host = fc.domain();
    const port = fc.integer({ min: 1, max: 65_535 });
    const scheme = fc.constantFrom("", "https://", "HTTPS://", "https:/", "https//");
    const tail = fc.constantFrom("", "/", "//", "/xapi/v1", "/xapi/v1/", "/#/login", "/webclient/");
    const around = fc.constantFrom(["", ""], [" ", "\n"], ['"', '"'], ["<", ">"]);
    fc.assert(
      fc.property(scheme, host, port, tail, around, (start, name, number, end, [left, right]) => {
        const once = normalizeUrl(`${left}${start}${name}:${number}${end}${right}`, false);
        expect(once).toBe(new URL(`https://${name}:${number}`).origin);
        expect(normalizeUrl(once, false)).toBe(once);
      }),
    );
  });
});

describe("what is no address of a PBX", () => {
  it.each([
    ["another path", "https://pbx.example.com:5001/phonebook", `alone: ${ORIGIN}`],
    ["a query", "https://pbx.example.com:5001?lang=en", `alone: ${ORIGIN}`],
    ["an anchor", "https://pbx.example.com:5001/#top", `alone: ${ORIGIN}`],
    ["another scheme", "wss://pbx.example.com", "such as https://"],
    ["blanks inside", "pbx example com", "such as https://"],
    ["a port out of range", "pbx.example.com:99999", "such as https://"],
    ["a list", "pbx1.example.com,pbx2.example.com", "such as https://"],
    ["a pattern", "https://*.example.com", "such as https://"],
    ["nothing", " ", "such as https://"],
  ])("with %s is told apart, and what to type is said", (_, typed, hint) => {
    const problem = problemOf(typed);
    expect(problem).toMatchObject({ severity: "error", code: "invalid-url" });
    expect(problem.hint).toContain(hint);
  });

  it("is thrown as a problem where an origin is wanted", () => {
    expect(() => normalizeUrl("ftp://pbx.example.com", false)).toThrow(ProblemError);
  });

  it("is one with a user name or password, neither of which is repeated", () => {
    const { code, message, hint } = problemOf("https://admin:hunter2@pbx.example.com:5001/");
    expect(code).toBe("invalid-url");
    expect(message).toContain("user name or password");
    expect(hint).toContain("type https://pbx.example.com:5001 without them");
    expect(`${message} ${hint}`).not.toMatch(/admin|hunter2/);
  });

  it("never repeats a password, however odd it is", () => {
    const odd = fc.string({ unit: fc.constantFrom(..."ab1/:#?%[]".split("")), maxLength: 12 });
    fc.assert(
      fc.property(odd, (more) => {
        const reading = readAddress(`https://admin:Zq7${more}@pbx.example.com`, false);
        expect(JSON.stringify(reading)).not.toContain("Zq7");
      }),
    );
  });
});

describe("plain http", () => {
  it("is for this machine only, unless it is allowed", () => {
    expect(problemOf("http://pbx.example.com")).toMatchObject({ code: "insecure-url" });
    expect(readAddress("http://pbx.example.com", true)).toMatchObject({ secure: false, port: 80 });
    expect(problemOf("http://localhost.example.com")).toMatchObject({ code: "insecure-url" });
  });

  it("on port 5000 is answered with the port that speaks https", () => {
    const { hint } = problemOf("http://pbx.example.com:5000");
    expect(hint).toContain("type https://pbx.example.com:5001");
  });

  it("on any other port is answered with https on that port", () => {
    expect(problemOf("http://pbx.example.com:8443").hint).toContain(
      "type https://pbx.example.com:8443 (",
    );
    expect(problemOf("http://pbx.example.com").hint).toContain("type https://pbx.example.com (");
  });
});
