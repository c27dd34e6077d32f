import { describe, expect, it } from "vitest";
import { createContract, type Contract } from "../support/contract/judge/check.ts";
import type { Recorded } from "../support/contract/record/record.ts";
import { ABSENT, readOfficial, WHY } from "./official.ts";
import { describeTiny } from "./tiny-spec.ts";

const CLIENT = "callform/1.2.3";
const tiny = createContract(describeTiny());

/** Every violation as one line. */
function judge(exchange: Partial<Recorded>, contract = tiny): readonly string[] {
  const { violations } = contract.judge({ method: "GET", target: "/", ...exchange });
  return violations.map(({ operation, place, message }) => `${operation}: ${place}: ${message}`);
}

const sent = (method: string, path: string, request?: unknown): Partial<Recorded> => ({
  agent: CLIENT,
  method,
  target: `/xapi/v1${path}`,
  ...(request === undefined ? {} : { request }),
});

const answered = (path: string, status: number, body?: unknown): Partial<Recorded> => ({
  target: `/xapi/v1${path}`,
  answer: { status, ...(body === undefined ? {} : { body }) },
});

describe.skipIf(ABSENT !== undefined)(`an exchange planted against 3CX's description${WHY}`, () => {
  let contract: Contract | undefined;
  const official = (exchange: Partial<Recorded>): readonly string[] => {
    contract ??= createContract(readOfficial());
    return judge(exchange, contract);
  };

  it("with a property that 3CX does not know fails at that property", () => {
    const body = { ScriptCode: "x", ScriptKode: "y" };
    expect(official(sent("PATCH", "/CallFlowApps(42)", body))).toEqual([
      'PATCH /CallFlowApps({Id}): request, ScriptKode: is no property of it; the value is "y"',
    ]);
    const nested = { value: [{ Id: 1 }, { Id: 2, Groups: [{ GroupId: 1, Role: "users" }] }] };
    expect(official(answered("/CallFlowApps?$expand=Groups", 200, nested))).toContain(
      'GET /CallFlowApps: answer 200, value[1].Groups[0].Role: is no property of it; the value is "users"',
    );
  });

  it("with a word that 3CX does not know fails at that word", () => {
    expect(official(sent("POST", "/CallFlowApps", { RoutingType: "Dialcode" }))).toEqual([
      'POST /CallFlowApps: request, RoutingType: is "Dialcode", none of DialCode, Forward, Trunk',
    ]);
    expect(official(answered("/CallFlowApps(42)", 200, { TranscriptionMode: "None" }))).toEqual([
      'GET /CallFlowApps({Id}): answer 200, TranscriptionMode: is "None", none of Nothing, Voicemail, Recordings, Both, Inherit',
    ]);
  });

  it("on a path that 3CX does not have fails at that path", () => {
    expect(official(sent("GET", "/CallFlowApp?$top=1"))).toEqual([
      "GET /CallFlowApp: request: the API has no path /xapi/v1/CallFlowApp",
    ]);
    expect(official(answered("/CallFlowApps(42)/ScriptCode/$value", 200, "x"))).toEqual([
      "GET /CallFlowApps(42)/ScriptCode/$value: answer 200: a success, though the API has no such operation",
    ]);
  });

  it("is what a live PBX was seen to do where its own description leaves that out", () => {
    const unauthorized = { error: "unauthorized", error_description: "x" };
    const token = { token_type: "Bearer", expires_in: 60, access_token: "x", refresh_token: null };
    for (const exchange of [
      answered("/", 200, { value: [] }),
      answered("/$metadata", 200),
      answered("/Defs", 401, unauthorized),
      answered("/Defs", 403, unauthorized),
      answered("/Defs", 403),
      { ...answered("/OutboundRules", 201), method: "POST" },
      { method: "POST", target: "/connect/token", answer: { status: 200, body: token } },
    ])
      expect(official(exchange)).toEqual([]);
  });

  it("may answer with a retired code only as a PBX of the time when it was not yet", () => {
    const message = "WARNINGS.CALL_FLOW_MUST_BE_ALPHANUMERIC";
    const error = { code: "", message, details: [{ code: "", message, target: "Name" }] };
    const exchange = { ...answered("/CallFlowApps", 400, { error }), method: "POST" };
    expect(official({ ...exchange, version: "20.0.8.1109" })).toEqual([]);
    for (const version of [{}, { version: "20.0.9.995" }, { version: "20.0.10.1621" }])
      expect(official({ ...exchange, ...version })).toEqual([
        `POST /CallFlowApps: answer 400, error.details[0].message: ${message} is none of Pbx.Warnings`,
      ]);
  });
});

describe("a request of the client", () => {
  it("that the description allows is right", () => {
    for (const exchange of [
      sent("GET", "/Shelves?%24select=Id%2CName&$expand=Tags(%24select=Text)&$orderby=Id&$top=100"),
      sent("GET", "/Shelves(Name='a%20b')"),
      sent("POST", "/Shelves", { Name: "x", Wood: "Oak", Boards: [{ Length: 3 }] }),
      sent("PATCH", "/Shelves(1)", { Room: null }),
      sent("PATCH", "/Shelves(1)"),
      sent("DELETE", "/Shelves(1)"),
    ])
      expect(judge(exchange)).toEqual([]);
  });

  it.each([
    [sent("PUT", "/Shelves(1)", {}), "the API has no PUT here, only GET, PATCH, DELETE"],
    [sent("GET", "/shelves"), "the API has no path /xapi/v1/shelves"],
    [sent("GET", "/Shelves('1')"), "Id must be a whole number, not '1'"],
    [sent("GET", "/Shelves(Name=800)"), "Name must be a quoted text, not 800"],
    [sent("GET", "/Shelves?$select=Planted"), "$select: Planted is no property of Shelf"],
    [sent("POST", "/Shelves"), "lacks its body"],
    [sent("DELETE", "/Shelves(1)", { Id: 1 }), 'takes no body: {"Id":1}'],
    [{ ...sent("GET", ""), target: "/webclient" }, "the API has no path /webclient"],
  ])("that the description does not allow is wrong: %o", (exchange, message) => {
    expect(judge(exchange)).toEqual([expect.stringMatching(/: request: /)]);
    expect(judge(exchange)[0]).toContain(message);
  });

  it("is told by its user agent; those of others may be as wrong as their tests want", () => {
    const wrong = sent("PATCH", "/Shelves(1)?$top=x", { Planted: 1 });
    expect(judge(wrong)).not.toEqual([]);
    for (const agent of ["node", "callformer", "xcallform/1"])
      expect(judge({ ...wrong, agent })).toEqual([]);
    const { agent: _agent, ...unknown } = wrong;
    expect(judge(unknown)).toEqual([]);
  });

  it("for a token carries the client's credentials and nothing else", () => {
    const target = "/connect/token";
    const credentials = { client_id: "x", client_secret: "(redacted)" };
    const request = { grant_type: "client_credentials", ...credentials };
    const ask = (more: Partial<Recorded>): readonly string[] =>
      judge({ method: "POST", target, agent: CLIENT, ...more });
    expect(ask({ request })).toEqual([]);
    expect(ask({ request: { ...request, grant_type: "password" } })).toEqual([
      'POST /connect/token: request, grant_type: is "password", none of client_credentials',
    ]);
    expect(ask({ request: credentials })).toEqual([
      "POST /connect/token: request: lacks grant_type",
    ]);
    expect(ask({ method: "GET" })).toEqual([
      "GET /connect/token: request: the API has no GET here, only POST",
    ]);
  });
});

describe("an answer", () => {
  const shelf = { Id: 1, Name: "x", Wood: null, Boards: [] };

  it("that the description allows is right, whole or in part", () => {
    for (const exchange of [
      answered("/Shelves", 200, { "@odata.context": "x", "@odata.count": 1, value: [shelf] }),
      answered("/Shelves?$select=Id", 200, { value: [{ Id: 1 }] }),
      answered("/Shelves(1)?$expand=Room($select=Name)", 200, { ...shelf, Room: { Name: "x" } }),
      answered("/Shelves(1)?$expand=Room,Tags", 200, { ...shelf, Room: null, Tags: [] }),
      { ...answered("/Shelves?$expand=Room", 201, shelf), method: "POST" },
      { ...answered("/Shelves(1)", 204), method: "PATCH" },
      answered("/Shelves(1)", 404),
      answered("/Planted", 404),
      { ...answered("/Shelves(1)", 405), method: "PUT" },
      answered("/Shelves", 400, { error: { code: "", message: "x" } }),
    ])
      expect(judge(exchange)).toEqual([]);
  });

  it.each([
    [answered("/Shelves", 200), "answer 200: has no body"],
    [answered("/Shelves", 201, shelf), "answer 201: the status is not documented, only 200"],
    [answered("/Shelves", 302), "answer 302: the status is not documented, only 200"],
    [answered("/Planted", 200, {}), "answer 200: a success, though the API has no such operation"],
    [answered("/Shelves", 400, { error: { code: "" } }), "answer 400, error: lacks message"],
    [answered("/Planted", 404, { wrong: 1 }), "answer 404: lacks error"],
    [answered("/Shelves", 401, { error: {} }), "answer 401, error: must be string, not {}"],
    [answered("/Shelves", 403, { error: "x", planted: 1 }), "answer 403, planted: is no property"],
    [
      { ...answered("/Shelves(1)", 204, shelf), method: "PATCH" },
      'answer 204: has a body: {"Id":1',
    ],
    [
      answered("/Shelves(1)?$select=Id,Since", 200, { Id: 1 }),
      "answer 200: lacks Since, which was",
    ],
    [answered("/Shelves(1)?$expand=Tags", 200, shelf), "answer 200: lacks Tags, which was asked"],
    [answered("/Shelves(1)", 200, { Tags: [] }), "answer 200: has Tags, which comes only with"],
    [
      answered("/Shelves?$expand=Room($expand=Doors($select=Text))", 200, {
        value: [{ Room: { Doors: [{ Text: "x" }, {}] } }],
      }),
      "answer 200, value[0].Room.Doors[1]: lacks Text, which was asked for",
    ],
  ])("that the description does not allow is wrong: %o", (exchange, message) => {
    const found = judge(exchange).map((line) => line.replace(/^[^:]*: /u, ""));
    expect(found.find((line) => line.startsWith(message))).toBeDefined();
  });

  it("with a code that 3CX does not have is wrong, with one that it has is right", () => {
    const refusal = (message: string): Partial<Recorded> =>
      answered("/Shelves", 400, {
        error: { code: "", message, details: [{ code: "", message, target: "Load" }] },
      });
    expect(judge(refusal("WARNINGS.TOO_HEAVY"))).toEqual([]);
    expect(judge(refusal("WARNINGS.TOO_LIGHT"))).toEqual([
      "GET /Shelves: answer 400, error.details[0].message: WARNINGS.TOO_LIGHT is none of Pbx.Warnings",
    ]);
  });

  it("of a set written in other letters is judged all the same", () => {
    expect(judge(answered("/shelves(Id=1)", 200, { Planted: 1 }))).toEqual([
      "GET /Shelves({Id}): answer 200, Planted: is no property of it; the value is 1",
    ]);
  });

  it("that a fault made up is not judged, but the request before it is", () => {
    const exchange = { ...answered("/Shelves", 299, { Planted: 1 }), faults: ["status"] };
    expect(judge(exchange)).toEqual([]);
    expect(judge({ ...exchange, faults: [] })).not.toEqual([]);
    expect(judge({ ...exchange, agent: CLIENT, target: "/xapi/v1/Planted" })).toEqual([
      "GET /Planted: request: the API has no path /xapi/v1/Planted",
    ]);
  });

  it("that never came leaves the request to be judged", () => {
    expect(judge(sent("GET", "/Shelves"))).toEqual([]);
    expect(judge(sent("GET", "/Planted"))).toHaveLength(1);
  });

  it("to a token request has OAuth's form", () => {
    const tokenAnswer = (status: number, body?: unknown): readonly string[] =>
      judge({ method: "POST", target: "/connect/token", answer: { status, body } });
    const body = { token_type: "Bearer", expires_in: 60, access_token: "x", refresh_token: null };
    expect(tokenAnswer(200, body)).toEqual([]);
    expect(tokenAnswer(400, { error: "invalid_client" })).toEqual([]);
    expect(tokenAnswer(429)).toEqual([]);
    expect(tokenAnswer(200)).toHaveLength(1);
    expect(tokenAnswer(200, { ...body, expires_in: "60" })).toEqual([
      'POST /connect/token: answer 200, expires_in: must be integer, not "60"',
    ]);
    expect(tokenAnswer(400, { error: { code: "" } })).toHaveLength(1);
  });
});
