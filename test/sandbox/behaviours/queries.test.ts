import { QUERIES } from "../../../src/sandbox/behaviours/queries.ts";
import type { Seed } from "../../../src/sandbox/state/seed.ts";
import { BAD_SCRIPT, GOOD_SCRIPT, openSandbox } from "../../support/pbx/raw-client.ts";
import { proveAll } from "./prove.ts";

const INVALID = "The query specified in the URI is not valid.";

const SEED: Seed = {
  departments: [{ name: "Support" }],
  trunks: [{ number: "10001", name: "Main", didNumbers: ["+4930123", "+4930124"] }],
  users: [{ number: "100", name: "Ann" }],
  queues: [{ number: "801", name: "Sales" }],
  ringGroups: [{ number: "802", name: "All" }],
  receptionists: [{ number: "803", name: "Menu" }],
  reserved: [{ number: "SP11", name: "Parking", type: "Parking" }],
  apps: [
    {
      number: "806",
      name: "afterhours",
      scriptCode: GOOD_SCRIPT,
      rejectedCode: BAD_SCRIPT,
      trunk: "10001",
      groups: [{ name: "Support", role: "managers" }, { name: "DEFAULT" }],
    },
    { number: "807", name: "O'Hara" },
  ],
};

proveAll(QUERIES, {
  "top-limit": async ({ expect }) => {
    const { get } = await openSandbox();
    const refused = await get("CallFlowApps?$top=500");
    expect(refused.status).toBe(400);
    expect(refused.json).toEqual({
      error: {
        code: "",
        message: `${INVALID} The limit of '100' for Top query has been exceeded. The value from the incoming request is '500'.`,
      },
    });
    expect((await get("CallFlowApps?$top=101")).status).toBe(400);
    expect((await get("CallFlowApps?$top=100")).status).toBe(200);
    for (const top of ["-1", "x", "1.5", ""])
      expect((await get(`CallFlowApps?$top=${top}`)).status).toBe(400);
  },

  "default-page": async ({ expect }) => {
    const apps = Array.from({ length: 103 }, (_, index) => ({
      number: `${1000 + index}`,
      name: "a",
    }));
    const { list } = await openSandbox({ seed: { apps } });
    expect(await list("CallFlowApps")).toHaveLength(100);
    expect(await list("CallFlowApps?$skip=100")).toHaveLength(3);
    const small = await openSandbox({ seed: { apps }, quirks: { defaultPageSize: 20 } });
    expect(await small.list("CallFlowApps")).toHaveLength(20);
  },

  "no-next-link": async ({ expect }) => {
    const { get } = await openSandbox({ seed: SEED });
    const { json } = await get("CallFlowApps?$top=1&$count=true");
    expect(Object.keys(json)).toEqual(["@odata.context", "@odata.count", "value"]);
    expect(json["@odata.count"]).toBe(2);
  },

  envelope: async ({ expect }) => {
    const { get, sandbox } = await openSandbox({ seed: SEED });
    const context = async (path: string): Promise<string> =>
      (await get(path)).json["@odata.context"];
    const base = `${sandbox.url}/xapi/v1/$metadata#`;
    expect(await context("Groups")).toBe(`${base}Groups`);
    expect(await context("Groups?$select=Id,Name")).toBe(`${base}Groups(Id,Name)`);
    expect(await context("Queues(Number='801')")).toBe(`${base}Queues/$entity`);
    expect(await context("Groups(1)/Members")).toBe(`${base}Groups(1)/Members`);
  },

  "unknown-name": async ({ expect }) => {
    const { get } = await openSandbox({ seed: SEED });
    const missing = {
      error: {
        code: "",
        message: `${INVALID} Could not find a property named 'Foo' on type 'Pbx.CallFlowApp'.`,
      },
    };
    for (const option of [
      "$select=Foo",
      "$expand=Foo",
      "$orderby=Foo",
      "$filter=Foo eq 1",
      "$select=Id,Foo",
    ]) {
      const answer = await get(`CallFlowApps?${option}`);
      expect([option, answer.status, answer.json]).toEqual([option, 400, missing]);
    }
    for (const option of [
      "$expand=Name",
      "$select=Groups/Name",
      "$expand=Groups($select=Foo)",
      "$orderby=Id up",
      "$skip=x",
      "$count=yes",
      "$foo=1",
      "$top=1&$top=2",
      "$expand=Groups($top=1)",
      "$filter=Groups eq 1",
      "$filter=Name/Foo eq 1",
    ])
      expect([option, (await get(`CallFlowApps?${option}`)).status]).toEqual([option, 400]);
    expect((await get("CallFlowApps?custom=1")).status).toBe(200);
  },

  "select-needs-id": async ({ expect }) => {
    const plain = await openSandbox({ seed: SEED });
    expect(await plain.list("Groups?$select=Name")).toEqual([
      { Name: "DEFAULT" },
      { Name: "Support" },
    ]);
    const strict = await openSandbox({ seed: SEED, quirks: { selectNeedsId: true } });
    expect((await strict.get("Groups?$select=Name")).status).toBe(400);
    expect((await strict.get("Groups?$select=Name,Id")).status).toBe(200);
    expect((await strict.get("DidNumbers?$select=Number")).status).toBe(200);
    expect((await strict.get("CallFlowApps(7)?$select=ScriptCode")).status).not.toBe(400);
  },

  "script-by-select": async ({ expect }) => {
    const { at, get, list } = await openSandbox({ seed: SEED });
    const app = await at("CallFlowApps", "806");
    for (const path of [
      app,
      "CallFlowApps",
      "CallFlowApps?$select=*",
      "CallFlowApps?$expand=Groups",
    ])
      expect((await get(path)).text).not.toContain("ScriptBase");
    expect((await get(`${app}?$select=ScriptCode`)).json).toMatchObject({
      ScriptCode: GOOD_SCRIPT,
    });
    const [first] = await list("CallFlowApps?$select=Id,ScriptCode");
    expect(first).toEqual({ Id: expect.any(Number), ScriptCode: GOOD_SCRIPT });
  },

  "rejected-code-by-select": async ({ expect }) => {
    const strict = await openSandbox({ seed: SEED });
    const app = await strict.at("CallFlowApps", "806");
    expect((await strict.get(app)).json).not.toHaveProperty("RejectedCode");
    expect((await strict.get(`${app}?$select=RejectedCode`)).json.RejectedCode).toBe(BAD_SCRIPT);
    const free = await openSandbox({ seed: SEED, quirks: { rejectedCodeNeedsSelect: false } });
    expect((await free.get(app)).json.RejectedCode).toBe(BAD_SCRIPT);
  },

  "no-raw-value": async ({ expect }) => {
    const { at, get } = await openSandbox({ seed: SEED });
    const app = await at("CallFlowApps", "806");
    expect((await get(`${app}/ScriptCode/$value`)).status).toBe(404);
    expect((await get(`${app}/ScriptCode`)).status).toBe(404);
    expect((await get("CallFlowApps/$count")).status).toBe(404);
  },

  "navigation-by-expand": async ({ expect }) => {
    const { at, get, list } = await openSandbox({ seed: SEED });
    const app = await at("CallFlowApps", "806");
    expect((await get(app)).json).not.toHaveProperty("Groups");
    const nested =
      "$expand=Groups($select=GroupId;$expand=Rights($select=RoleName)),Trunk($select=Number)";
    expect((await get(`${app}?$select=Number&${nested}`)).json).toEqual({
      "@odata.context": expect.any(String),
      Number: "806",
      Groups: [
        { GroupId: 2, Rights: { RoleName: "managers" } },
        { GroupId: 1, Rights: { RoleName: "users" } },
      ],
      Trunk: { Number: "10001" },
    });
    const [plain] = (await get(`${app}?$expand=Groups`)).json.Groups;
    expect(plain).toMatchObject({
      GroupId: 2,
      Name: "Support",
      Number: "806",
      Type: "RoutePoint",
      MemberName: "afterhours",
    });
    expect(plain).not.toHaveProperty("Rights");
    const [, unbound] = await list("CallFlowApps?$select=Id&$expand=Groups,Trunk&$orderby=Number");
    expect(unbound).toMatchObject({ Groups: [], Trunk: null });
    const [department] = await list(
      "Groups?$filter=Name eq 'Support'&$expand=Members($select=Number)",
    );
    expect(department).toMatchObject({ HasMembers: true, Members: [{ Number: "806" }] });
    expect(await list("Groups(2)/Members?$select=Number,MemberName")).toEqual([
      { Number: "806", MemberName: "afterhours" },
    ]);
    const [peer] = await list(
      "Peers?$filter=Number eq '806'&$expand=MemberOf($select=Name,RoleName)",
    );
    expect(peer).toMatchObject({
      MemberOf: [{ Name: "Support", RoleName: "managers" }, { Name: "DEFAULT" }],
    });
  },

  "set-names-any-case": async ({ expect }) => {
    const { get } = await openSandbox({ seed: SEED });
    for (const name of ["Ringgroups", "callflowapps", "GROUPS", "systemstatus"])
      expect((await get(name)).status).toBe(200);
    expect((await get("CallFlowApp")).status).toBe(404);
    expect((await get("Reserved")).status).toBe(404);
  },

  "alternate-keys": async ({ expect }) => {
    const { get, send } = await openSandbox({ seed: SEED });
    const found = {
      Queues: "801",
      RingGroups: "802",
      Receptionists: "803",
      Trunks: "10001",
      Users: "100",
      Peers: "806",
    };
    for (const [set, number] of Object.entries(found)) {
      expect((await get(`${set}(Number='${number}')`)).json).toMatchObject({ Number: number });
      expect((await get(`${set}(Number=%27${number}%27)?$select=Number`)).status).toBe(200);
      expect((await get(`${set}(Number='999')`)).status).toBe(404);
    }
    expect((await get("CallFlowApps(Number='806')")).status).toBe(404);
    for (const key of ["Number=801", "Name='Sales'", "x", "'801'", ""])
      expect((await get(`Queues(${key})`)).status).toBe(404);
    for (const method of ["PATCH", "DELETE"])
      expect((await send(method, "Queues(Number='801')", {})).status).toBe(405);
    const older = await openSandbox({ seed: { ...SEED, version: "20.0.7" } });
    expect((await older.get("Queues(Number='801')")).status).toBe(404);
  },

  "filter-functions": async ({ expect }) => {
    const { list } = await openSandbox({ seed: SEED });
    const numbers = async (filter: string): Promise<unknown> =>
      (await list(`CallFlowApps?$filter=${encodeURIComponent(filter)}`)).map(
        (app) => app["Number"],
      );
    expect(await numbers("Name eq 'O''Hara'")).toEqual(["807"]);
    expect(await numbers("tolower(Name) eq 'o''hara'")).toEqual(["807"]);
    expect(await numbers("toupper(Name) eq 'AFTERHOURS'")).toEqual(["806"]);
    expect(await numbers("not startsWith(Name,'O')")).toEqual(["806"]);
    expect(await numbers("startswith(Name,'after') or endswith(Name,'Hara')")).toEqual([
      "806",
      "807",
    ]);
    expect(await numbers("contains(Name,'our') and Number in ('806','807')")).toEqual(["806"]);
    expect(await numbers("Trunk/Number eq '10001'")).toEqual(["806"]);
    expect(await numbers("RoutingType eq Pbx.CfaRoutingType'DialCode' and Id gt 0")).toEqual([
      "806",
      "807",
    ]);
  },

  "peers-list-all": async ({ expect }) => {
    const { list } = await openSandbox({ seed: SEED });
    const peers = await list("Peers?$select=Number,Type&$orderby=Id");
    expect(peers.map(({ Number: number, Type: type }) => `${number} ${type}`)).toEqual([
      "GRP0000 Group",
      "GRP0001 Group",
      "10001 ExternalLine",
      "100 Extension",
      "801 Queue",
      "802 RingGroup",
      "803 IVR",
      "SP11 Parking",
      "806 RoutePoint",
      "807 RoutePoint",
    ]);
  },

  "did-numbers-derived": async ({ expect }) => {
    const { at, create, list, send } = await openSandbox({ seed: SEED });
    const numbers = async (): Promise<unknown> =>
      (await list("DidNumbers")).map((did) => did["Number"]);
    expect(await numbers()).toEqual(["+4930123", "+4930124"]);
    const trunk = await at("Trunks", "10001");
    await send("PATCH", trunk, { DidNumbers: ["+4930999"] });
    expect(await numbers()).toEqual(["+4930999"]);
    await create("InboundRules", {
      RuleName: "in",
      Condition: "BasedOnDID",
      Data: "+4930999",
      TrunkDN: { Id: Number(trunk.replace(/\D/gu, "")) },
      OfficeHoursDestination: { To: "RoutePoint", Number: "806", External: "" },
      AlterDestinationDuringOutOfOfficeHours: false,
      AlterDestinationDuringHolidays: false,
    });
    const [did] = await list("DidNumbers?$expand=RoutingRule($select=RuleName)");
    expect(did).toMatchObject({ RoutingRule: { RuleName: "in" } });
    const [withRules] = await list("Trunks?$expand=RoutingRules($select=RuleName)");
    expect(withRules).toMatchObject({ RoutingRules: [{ RuleName: "" }, { RuleName: "in" }] });
  },

  "select-path": async ({ expect }) => {
    const { list, get } = await openSandbox({ seed: SEED });
    const query = "$select=Id,HolidaysRoute/Prompt,OutOfOfficeRoute/Prompt,BreakRoute/Prompt";
    const [department] = await list(`Groups?${query}`);
    expect(department).toEqual({
      Id: 1,
      HolidaysRoute: { Prompt: "" },
      OutOfOfficeRoute: { Prompt: "" },
      BreakRoute: { Prompt: "" },
    });
    const [both] = await list("Groups?$select=HolidaysRoute/Prompt,HolidaysRoute/IsPromptEnabled");
    expect(both).toEqual({ HolidaysRoute: { Prompt: "", IsPromptEnabled: false } });
    for (const path of ["HolidaysRoute/Nope", "Nope/Prompt", "Name/Prompt", "Members/Number"])
      expect((await get(`Groups?$select=${path}`)).status).toBe(400);
  },

  "not-simulated": async ({ expect }) => {
    const { get, send } = await openSandbox({ seed: SEED });
    for (const [answer, what] of [
      [await get("Fax"), "the collection Fax"],
      [await get("Queues/Pbx.GetNothing()"), "Queues/Pbx.GetNothing"],
      [await send("POST", "Groups(1)/Pbx.Dance", {}), "Groups/Pbx.Dance"],
    ] as const) {
      expect(answer.status).toBe(404);
      expect(answer.json.error.message).toBe(
        `The sandbox does not simulate ${what}; docs/sandbox.md lists what it does.`,
      );
    }
    expect((await get("Queues(987654)")).text).toBe("");
  },

  "expand-filter": async ({ expect }) => {
    const { at, get } = await openSandbox({ seed: SEED });
    const app = await at("CallFlowApps", "806");
    const only = (await get(`${app}?$expand=Groups($select=GroupId;$filter=GroupId eq 1;)`)).json;
    expect(only.Groups).toEqual([{ GroupId: 1 }]);
  },

  "option-names-any-case": async ({ expect }) => {
    const { list } = await openSandbox({ seed: SEED });
    const apps = await list("CallFlowApps?$SELECT=Number&$orderBy=Number desc");
    expect(apps).toEqual([{ Number: "807" }, { Number: "806" }]);
  },
});
