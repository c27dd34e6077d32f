import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explainRefusal } from "../../../src/xapi/odata/refusal.ts";

const REQUEST = "PATCH CallFlowApps(42)";

/** The codes a call flow app can meet: those of `Pbx.Warnings` 20.0.10, and three that 20.0.8 still had. */
const CODES = [
  "WARNINGS.XAPI.ALREADY_IN_USE",
  "WARNINGS.XAPI.DUPLICATE",
  "WARNINGS.XAPI.NOT_FOUND",
  "WARNINGS.XAPI.REQUIRED",
  "WARNINGS.XAPI.CAN_NOT_BE_EMPTY_STRING",
  "WARNINGS.XAPI.OUT_OF_THE_RANGE",
  "WARNINGS.XAPI.FORBIDDEN_CHANGE",
  "WARNINGS.XAPI.INVALID_LICENSE_TYPE",
  "WARNINGS.XAPI.TOO_MANY_PROMPTS",
  "WARNINGS.INVALID",
  "WARNINGS.LIMIT_REACHED",
  "WARNINGS.NO_MORE_NUMBERS_AVAILABLE",
  "WARNINGS.INVALID_CALL_FLOW_FILE",
  "WARNINGS.GROUP_WITH_MEMBERS_CANNOT_BE_DELETED",
  "WARNINGS.CALL_FLOW_MUST_BE_ALPHANUMERIC",
  "WARNINGS.DN_NUMBER_CANNOT_BE_USED",
  "WARNINGS.INVALID_EXTENSION_NUMBER_LENGTH",
];

function refuse(code: string, target = "Number"): unknown {
  const details = [{ code: "", message: code, target }];
  return { error: { code: "", message: `${target}:\n${code}`, details } };
}

function explainOne(status: number, body: unknown): { message: string; hint?: string | undefined } {
  const [problem, ...more] = explainRefusal(status, body, REQUEST);
  expect(more).toEqual([]);
  return { message: problem?.message ?? "", hint: problem?.hint };
}

describe("a refusal as PBXs were seen to word it", () => {
  it("names a value that is taken, with the property and the PBX's own code", () => {
    const body = {
      error: {
        code: "",
        message: "EmailAddress:\nWARNINGS.XAPI.ALREADY_IN_USE",
        details: [{ code: "", message: "WARNINGS.XAPI.ALREADY_IN_USE", target: "EmailAddress" }],
      },
    };
    expect(explainRefusal(400, body, "POST Users")).toEqual([
      {
        severity: "error",
        code: "pbx-refused",
        message:
          "the PBX refused POST Users with 400: EmailAddress: that value is already in use by something else on the PBX: WARNINGS.XAPI.ALREADY_IN_USE",
      },
    ]);
  });

  it("says of a body that did not bind what that means", () => {
    const message = "The input was not valid.\n\ndelta:\nThe delta field is required.";
    const { message: said, hint } = explainOne(400, { error: { code: "", message } });
    expect(said).toContain("The input was not valid. delta: The delta field is required.");
    expect(hint).toContain("a property is unknown to this version");
  });

  it("repeats what OData says of a query", () => {
    const message =
      "The query specified in the URI is not valid. The limit of '100' for Top query has been exceeded. The value from the incoming request is '500'.";
    const { message: said } = explainOne(400, { error: { code: "", message } });
    expect(said).toBe(`the PBX refused ${REQUEST} with 400: ${message}`);
  });

  it("reads the code from the message where details are missing", () => {
    const body = { error: { code: "", message: "Number:\nWARNINGS.XAPI.ALREADY_IN_USE" } };
    expect(explainOne(400, body)).toEqual(explainOne(400, refuse("WARNINGS.XAPI.ALREADY_IN_USE")));
  });

  it("makes a problem of every detail", () => {
    const details = [
      { code: "", message: "WARNINGS.XAPI.ALREADY_IN_USE", target: "Number" },
      { code: "", message: "WARNINGS.XAPI.REQUIRED", target: "Name" },
    ];
    const problems = explainRefusal(400, { error: { code: "", message: "", details } }, REQUEST);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining("Number: "),
      expect.stringContaining("Name: the PBX needs a value here"),
    ]);
  });
});

describe("a warning code", () => {
  it.each(CODES)("%s is explained, and keeps code and target", (code) => {
    const { message } = explainOne(400, refuse(code, "Name"));
    expect(message).toMatch(new RegExp(`: Name: [^:]{10,}: ${code.replaceAll(".", "\\.")}$`));
  });

  it("that nobody knows still shows, with its target", () => {
    const { message } = explainOne(400, refuse("WARNINGS.XAPI.SBC_CERT_EXPIRED", "Cert"));
    expect(message).toBe(
      `the PBX refused ${REQUEST} with 400: Cert: WARNINGS.XAPI.SBC_CERT_EXPIRED`,
    );
  });

  it("on its own, without a target, shows too", () => {
    const body = { error: { message: "WARNINGS.LIMIT_REACHED" } };
    expect(explainOne(400, body).message).toMatch(/allows no more of these: WARNINGS\.LIMIT/);
  });
});

describe("a status", () => {
  it("403 is about the role, and says which one it takes", () => {
    const [problem] = explainRefusal(403, undefined, "GET Peers");
    expect(problem?.code).toBe("pbx-forbidden");
    expect(problem?.message).toBe("the PBX refused GET Peers with 403");
    expect(problem?.hint).toContain("System Owner");
  });

  it("404 may be an older version", () => {
    expect(explainOne(404, undefined).hint).toContain("V20");
  });

  it("of any other number comes without advice", () => {
    expect(explainOne(418, undefined).hint).toBeUndefined();
  });
});

describe("an answer that is no refusal of the PBX", () => {
  it.each([
    undefined,
    null,
    7,
    "<html>",
    [],
    { error: "invalid_client" },
    { error: { details: "none" } },
    { error: { details: [null, 3] } },
  ])("%j still gives one problem with the request and the status", (body) => {
    expect(explainOne(400, body).message).toBe(`the PBX refused ${REQUEST} with 400`);
  });

  it("never throws and never says nothing", () => {
    const detail = fc.record({ message: fc.anything(), target: fc.anything() });
    const error = fc.record({ message: fc.anything(), details: fc.array(detail) });
    const body = fc.oneof(fc.anything(), fc.record({ error }));
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 599 }), body, (status, garbage) => {
        const problems = explainRefusal(status, garbage, REQUEST);
        expect(problems.length).toBeGreaterThan(0);
        for (const { message } of problems)
          expect(message).toContain(`refused ${REQUEST} with ${status}`);
      }),
    );
  });
});
