import { describe, expect, test } from "vitest";
import { clientsOf, readSeed } from "../../../src/sandbox/state/seed.ts";
import type { Seed } from "../../../src/sandbox/state/seed.ts";
import { startSandbox } from "../../../src/sandbox/server.ts";
import {
  BAD_SCRIPT,
  createClient,
  GOOD_SCRIPT,
  openSandbox,
} from "../../support/pbx/raw-client.ts";

const WHOLE: Seed = {
  version: "20.0.9.1",
  tokenUnit: "minutes",
  clientId: "800",
  clientSecret: "secret",
  clients: [{ clientId: "reader", clientSecret: "r", role: "managers", forbid: ["Users"] }],
  departments: [{ name: "Support" }, { name: "Sales", number: "GRP0007" }],
  trunks: [{ number: "10001", name: "Main", didNumbers: ["+49301"] }],
  users: [{ number: "100", name: "Ann Lee" }],
  queues: [{ number: "801", name: "Queue" }],
  ringGroups: [{ number: "802", name: "Ring" }],
  receptionists: [{ number: "803", name: "Menu" }],
  reserved: [{ number: "888", name: "Fax", type: "Fax" }],
  parameters: [{ name: "CUSTOM", value: "1" }],
  entities: { OutboundRules: [{ Name: "out", Prefix: "0" }] },
  apps: [
    {
      number: "806",
      name: "desk",
      scriptCode: GOOD_SCRIPT,
      rejectedCode: BAD_SCRIPT,
      routingType: "Trunk",
      transcriptionMode: "Both",
      isRegistered: false,
      trunk: "10001",
      groups: [{ name: "Support", role: "managers" }, { name: "DEFAULT" }],
      files: ["hello.wav"],
      compile: { delay: 5, verdict: "refuse", message: "no" },
    },
  ],
  compile: { delay: 10, verdict: "accept" },
};

describe("a seed", () => {
  test("is read from JSON as it is written", () => {
    expect(readSeed(JSON.stringify(WHOLE), "seed.json")).toEqual(WHOLE);
  });

  test("may be empty", async () => {
    expect(readSeed("", "seed.yaml")).toEqual({});
    const { list } = await openSandbox({ seed: {} });
    expect(await list("Groups")).toMatchObject([
      { Name: "DEFAULT", Number: "GRP0000", IsDefault: true },
    ]);
    expect(await list("CallFlowApps")).toEqual([]);
  });

  test("becomes what the API shows", async () => {
    const sandbox = await startSandbox({ seed: WHOLE });
    const client = createClient(sandbox);
    expect((await client.login()).json.expires_in).toBe(60);
    expect(sandbox).toMatchObject({ clientId: "800", clientSecret: "secret" });
    const numbers = (await client.list("Peers?$orderby=Number")).map((peer) => peer["Number"]);
    const [rule] = await client.list("OutboundRules?$select=Name");
    const app = sandbox.console.get("806");
    const files = await client.get(`CallFlowApps(${app?.Id})/Pbx.GetFiles()`);
    await sandbox.close();
    expect(numbers).toEqual([
      "100",
      "10001",
      "801",
      "802",
      "803",
      "806",
      "888",
      "GRP0000",
      "GRP0001",
      "GRP0007",
    ]);
    expect(rule).toEqual({ Name: "out" });
    expect(files.json.value).toEqual(["hello.wav"]);
    expect(app).toMatchObject({
      Name: "desk",
      RoutingType: "Trunk",
      TranscriptionMode: "Both",
      IsRegistered: false,
      ScriptCode: GOOD_SCRIPT,
      RejectedCode: BAD_SCRIPT,
      CompilationSucceeded: false,
      InvalidScript: false,
      runnable: GOOD_SCRIPT,
      Trunk: { Number: "10001", Name: "Main" },
      Groups: [
        { Name: "Support", RoleName: "managers" },
        { Name: "DEFAULT", RoleName: "users" },
      ],
    });
  });

  test.each([
    ["accept", { InvalidScript: false, CompilationSucceeded: true, runnable: GOOD_SCRIPT }],
    [
      "refuse",
      {
        InvalidScript: true,
        CompilationSucceeded: false,
        RejectedCode: GOOD_SCRIPT,
        runnable: null,
      },
    ],
    ["never", { InvalidScript: true, CompilationSucceeded: false, runnable: null }],
  ] as const)("starts an app with the verdict %s in that state", async (verdict, expected) => {
    const app = { number: "806", name: "desk", scriptCode: GOOD_SCRIPT, compile: { verdict } };
    const { sandbox } = await openSandbox({ seed: { apps: [app] } });
    expect(sandbox.console.get("806")).toMatchObject({ ScriptCode: GOOD_SCRIPT, ...expected });
  });

  test.each([
    ["without a script", {}],
    ["whose script has no verdict", { scriptCode: GOOD_SCRIPT, compile: { verdict: "never" } }],
  ] as const)("starts an app %s without an error that never was", async (_, more) => {
    const app = { number: "806", name: "desk", ...more };
    const { sandbox } = await openSandbox({ seed: { apps: [app] } });
    expect(sandbox.console.get("806")).toMatchObject({
      CompilationResult: "",
      CompilationSucceeded: false,
      CompilationLastSuccess: null,
      InvalidScript: true,
      RejectedCode: null,
    });
  });

  test("has its own client first, with everything allowed, and the others as they are", () => {
    expect(clientsOf({})).toEqual([
      { clientId: "callform", clientSecret: "sandbox-secret", role: "system_owners", forbid: [] },
    ]);
    expect(clientsOf(WHOLE).map(({ clientId, role }) => [clientId, role])).toEqual([
      ["800", "system_owners"],
      ["reader", "managers"],
    ]);
  });
});

describe("a seed with mistakes", () => {
  test("is refused with all of them, each with its place and path", () => {
    const text = `version: 20
apps:
  - number: 806
    name: desk
    routingType: Sideways
  - name: other
    scriptcode: x
    groups: DEFAULT
compile: { delay: -1, verdict: maybe }
colour: red
`;
    expect(messageOf(() => readSeed(text, "seed.yaml")).split("\n")).toEqual([
      "seed.yaml:1:10: version must be text, not 20",
      "seed.yaml:3:13: apps[0].number must be text, not 806",
      'seed.yaml:5:18: apps[0].routingType must be one of DialCode, Forward, Trunk, not "Sideways"',
      "seed.yaml:6:5: apps[1] lacks number",
      expect.stringMatching(
        /^seed\.yaml:7:17: apps\[1\]\.scriptcode is not known here; known are number, name, scriptCode/u,
      ),
      'seed.yaml:8:13: apps[1].groups must be a list, not "DEFAULT"',
      "seed.yaml:9:19: compile.delay must be a whole number of at least 0, not -1",
      'seed.yaml:9:32: compile.verdict must be one of accept, refuse, never, not "maybe"',
      expect.stringMatching(
        /^seed\.yaml:10:9: colour is not known here; known are version, tokenUnit/u,
      ),
    ]);
  });

  test("in its YAML is refused with the place", () => {
    expect(messageOf(() => readSeed("apps: [\n  }", "seed.yaml"))).toMatch(/^seed\.yaml:2:\d+: /u);
    expect(messageOf(() => readSeed("a: 1\na: 2", "seed.yaml"))).toMatch(
      /^seed\.yaml:2:1: .*unique/u,
    );
  });

  test("that contradicts itself starts no sandbox and lists what is wrong", async () => {
    const seed: Seed = {
      trunks: [{ number: "806", name: "Main" }],
      users: [{ number: "806", name: "Ann" }],
      apps: [
        { number: "806", name: "a" },
        { number: "807", name: "b", groups: [{ name: "Nobody" }], trunk: "99" },
      ],
      entities: { Peers: [{}], Nothing: [{}], Holidays: [{ Name: "x" }], Groups: [{ Foo: 1 }] },
    };
    const error: unknown = await startSandbox({ seed }).catch((reason: unknown) => reason);
    expect(String(error).split("\n")).toEqual([
      "Error: users[0] (806): the number 806 is taken already",
      "apps[0] (806): the number 806 is taken already",
      "apps[1] (807): there is no department Nobody",
      "apps[1] (807): there is no trunk 99",
      "entities.Peers: nothing can be created in a collection of that name",
      "entities.Nothing: nothing can be created in a collection of that name",
      expect.stringContaining("entities.Holidays[0]: Day: WARNINGS.XAPI.REQUIRED"),
      "entities.Groups[0]: The input was not valid.  delta: The delta field is required.",
    ]);
  });
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error("nothing was thrown");
}
