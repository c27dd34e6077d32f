import { WRITES } from "../../../src/sandbox/behaviours/writes.ts";
import type { Seed } from "../../../src/sandbox/state/seed.ts";
import { DELTA, openSandbox, warning } from "../../support/pbx/raw-client.ts";
import type { RawClient } from "../../support/pbx/raw-client.ts";
import { proveAll } from "./prove.ts";

const SEED: Seed = {
  departments: [{ name: "Support" }],
  trunks: [
    { number: "10001", name: "Main" },
    { number: "10002", name: "Spare" },
  ],
  users: [
    { number: "100", name: "Ann" },
    { number: "101", name: "Bob" },
  ],
  queues: [{ number: "801", name: "Sales" }],
  apps: [{ number: "806", name: "desk", files: ["a.wav", "b.wav"] }],
};

const app806 = async ({ at }: RawClient): Promise<string> => at("CallFlowApps", "806");

/** Sends a PATCH for app 806 and gives the status and body. */
async function patch(client: RawClient, body: unknown): Promise<readonly [number, unknown]> {
  const answer = await client.send("PATCH", await app806(client), body);
  return [answer.status, answer.json];
}

async function groupsOf(client: RawClient, path: string): Promise<unknown> {
  const expand = "$expand=Groups($select=GroupId;$expand=Rights($select=RoleName))";
  const { Groups } = (await client.get(`${path}?$select=Id&${expand}`)).json;
  return Groups.map((group: { GroupId: number; Rights: { RoleName: string } }) => [
    group.GroupId,
    group.Rights.RoleName,
  ]);
}

function trunkOf(client: RawClient): unknown {
  return client.sandbox.console.get("806")?.Trunk;
}

proveAll(WRITES, {
  "delta-message": async ({ expect }) => {
    const client = await openSandbox({ seed: SEED });
    const bodies = [
      { Foo: 1 },
      { entity: { Name: "x" } },
      { Name: 5 },
      { RoutingType: "Sideways" },
      { RoutingType: 1 },
      { Groups: null },
      { Groups: {} },
      { Groups: [null] },
      { Groups: [{ Group: 1 }] },
      { Groups: [{ GroupId: "1" }] },
      { Groups: [{ GroupId: 1, Rights: { RoleName: null } }] },
      { Trunk: "10001" },
      { Id: 1.5 },
      { IsRegistered: "yes" },
      [],
      "text",
      null,
    ];
    for (const body of bodies)
      expect([body, ...(await patch(client, body))]).toEqual([body, 400, DELTA]);
    const raw = await fetch(`${client.sandbox.url}/xapi/v1/Groups`, { method: "POST", body: "{" });
    expect(raw.status).toBe(401);
    expect((await client.send("POST", "Groups")).json).toEqual(DELTA);
  },

  "warning-body": async ({ expect }) => {
    const { send } = await openSandbox({ seed: SEED });
    const one = await send("POST", "CallFlowApps", { Number: "801", Name: "x" });
    expect([one.status, one.json]).toEqual([400, warning("Number", "XAPI.ALREADY_IN_USE")]);
    const both = await send("POST", "CallFlowApps", { Name: "" });
    expect(both.json.error).toMatchObject({
      code: "",
      message: "Number:\nWARNINGS.XAPI.REQUIRED\n\nName:\nWARNINGS.XAPI.CAN_NOT_BE_EMPTY_STRING",
      details: [{ target: "Number" }, { target: "Name" }],
    });
  },

  "put-refused": async ({ expect }) => {
    const client = await openSandbox({ seed: SEED });
    for (const path of [await app806(client), "CallFlowApps", "Groups(1)/Members", "Defs"])
      expect((await client.send("PUT", path, {})).status).toBe(405);
  },

  "read-only-sets": async ({ expect }) => {
    const { send } = await openSandbox();
    for (const set of ["DidNumbers", "Peers", "CallFlowScripts", "SystemStatus", "Defs"])
      expect((await send("POST", set, {})).status).toBe(405);
    for (const set of ["CallFlowApps", "Groups"]) {
      expect((await send("PATCH", set, {})).status).toBe(405);
      expect((await send("DELETE", set)).status).toBe(405);
    }
    expect((await send("DELETE", "Groups(99)")).status).toBe(404);
  },

  "navigation-not-writable": async ({ expect }) => {
    const { send } = await openSandbox({ seed: SEED });
    expect((await send("POST", "Groups(1)/Members", {})).status).toBe(404);
    expect((await send("PUT", "Groups(1)/Members", {})).status).toBe(405);
    const answer = await send("PATCH", "Trunks(3)", { RoutingRules: [] });
    expect(answer.json).toEqual(warning("RoutingRules", "XAPI.FORBIDDEN_CHANGE"));
  },

  "function-without-argument": async ({ expect }) => {
    const { get } = await openSandbox({ seed: { parameters: [{ name: "A", value: "1" }] } });
    expect((await get("Parameters/Pbx.GetParameterByName(name='A')")).json).toMatchObject({
      Value: "1",
    });
    for (const path of [
      "Parameters/Pbx.GetParameterByName()",
      "Parameters/Pbx.GetParameterByName",
      "Parameters/Pbx.GetParameterByName(name='B')",
      "Parameters/Pbx.GetParameterByName(name=1)",
      "Trunks/Pbx.InitTrunk()",
      "Trunks/Pbx.Nothing()",
    ])
      expect([path, (await get(path)).status]).toEqual([path, 404]);
  },

  "two-step-create": async ({ expect }) => {
    const strict = await openSandbox({ seed: SEED });
    const body = { Number: "807", Name: "new", RoutingType: "Forward", ScriptCode: "x" };
    const refused = await strict.send("POST", "CallFlowApps", body);
    expect([refused.status, refused.json]).toEqual([400, DELTA]);
    const created = await strict.create("CallFlowApps", { Number: "807", Name: "new" });
    expect(created).toMatchObject({ Id: expect.any(Number), RoutingType: "DialCode" });
    expect(created).not.toHaveProperty("ScriptCode");
    const path = `CallFlowApps(${created["Id"]})`;
    expect((await strict.send("PATCH", path, { RoutingType: "Forward" })).status).toBe(204);
    expect((await strict.send("DELETE", path)).status).toBe(204);
    expect((await strict.get(path)).status).toBe(404);

    const free = await openSandbox({ seed: SEED, quirks: { createTakesEverything: true } });
    expect(await free.create("CallFlowApps", body)).toMatchObject({ RoutingType: "Forward" });
    expect(free.sandbox.console.get("807")).toMatchObject({ ScriptCode: "x", compiling: true });
  },

  "number-and-name-required": async ({ expect }) => {
    const strict = await openSandbox();
    for (const [body, target] of [
      [{ Name: "x" }, "Number"],
      [{ Number: "806" }, "Name"],
    ] as const) {
      const answer = await strict.send("POST", "CallFlowApps", body);
      expect(answer.json).toEqual(warning(target, "XAPI.REQUIRED"));
    }
    const free = await openSandbox({ quirks: { numberAndNameOptional: true } });
    expect(await free.create("CallFlowApps", {})).toMatchObject({ Number: expect.any(String) });
  },

  "alphanumeric-names": async ({ expect }) => {
    const newer = await openSandbox();
    expect(
      await newer.create("CallFlowApps", { Number: "806", Name: "After hours" }),
    ).toBeDefined();
    const older = await openSandbox({ seed: { version: "20.0.8.1" } });
    const refused = await older.send("POST", "CallFlowApps", {
      Number: "806",
      Name: "After hours",
    });
    expect(refused.json).toEqual(warning("Name", "CALL_FLOW_MUST_BE_ALPHANUMERIC"));
    expect(
      await older.create("CallFlowApps", { Number: "806", Name: "afterHours2" }),
    ).toBeDefined();
  },

  "one-number-plan": async ({ expect }) => {
    const { send, create } = await openSandbox({
      seed: { ...SEED, reserved: [{ number: "888", name: "fax", type: "Fax" }] },
    });
    for (const number of ["100", "801", "10001", "806", "888", "GRP0000"]) {
      const answer = await send("POST", "CallFlowApps", { Number: number, Name: "x" });
      expect([number, answer.json]).toEqual([number, warning("Number", "XAPI.ALREADY_IN_USE")]);
    }
    await create("CallFlowApps", { Number: "*39", Name: "x" });
    const queue = await send("POST", "Queues", { Number: "*39" });
    expect(queue.json).toEqual(warning("Number", "XAPI.ALREADY_IN_USE"));
    const blank = await send("POST", "CallFlowApps", { Number: "8 0", Name: "x" });
    expect(blank.json).toEqual(warning("Number", "INVALID"));
  },

  "number-immutable": async ({ expect }) => {
    const client = await openSandbox({ seed: SEED });
    expect(await patch(client, { Number: "807" })).toEqual([
      400,
      warning("Number", "XAPI.FORBIDDEN_CHANGE"),
    ]);
    expect(await patch(client, { Number: "806", Name: "other" })).toEqual([204, undefined]);
    expect(await patch(client, { Id: 1 })).toEqual([400, warning("Id", "XAPI.FORBIDDEN_CHANGE")]);
    for (const path of ["Groups(1)", "Queues(7)", "Users(5)", "Trunks(3)"])
      expect((await client.send("PATCH", path, { Number: "999" })).status).toBe(400);
    expect(client.sandbox.console.get("806")).toMatchObject({ Name: "other" });
  },

  "assigned-numbers": async ({ expect }) => {
    const { create, get } = await openSandbox({ seed: SEED });
    const assigned = async (set: string, body: unknown): Promise<unknown> =>
      (await create(set, body))["Number"];
    expect(await assigned("Groups", { Name: "One" })).toBe("GRP0002");
    expect(await assigned("Groups", { Name: "Two" })).toBe("GRP0003");
    expect(await assigned("Users", {})).toBe("102");
    expect(await assigned("Queues", {})).toBe("800");
    expect(await assigned("RingGroups", { Name: "RG" })).toBe("802");
    expect(await assigned("Receptionists", { Name: "IVR" })).toBe("803");
    expect((await get("Queues/Pbx.GetFirstAvailableQueueNumber()")).json.Number).toBe("804");
    expect((await get("Users/Pbx.GetFirstAvailableExtensionNumber()")).json.Number).toBe("103");
    expect((await get("Trunks/Pbx.GetFirstAvailableTrunkNumber()")).json.Number).toBe("10000");
  },

  "pbx-fields-refused": async ({ expect }) => {
    const strict = await openSandbox({ seed: SEED });
    for (const [name, value] of Object.entries({
      CompilationSucceeded: true,
      CompilationResult: "fine",
      CompilationLastSuccess: "2026-01-01T00:00:00Z",
      InvalidScript: false,
      RejectedCode: "x",
      IsRegistered: false,
    }))
      expect(await patch(strict, { [name]: value })).toEqual([
        400,
        warning(name, "XAPI.FORBIDDEN_CHANGE"),
      ]);
    const unchanged = { IsRegistered: true, InvalidScript: true, RejectedCode: null, Name: "kept" };
    expect(await patch(strict, unchanged)).toEqual([204, undefined]);

    const free = await openSandbox({ seed: SEED, quirks: { pbxFieldsRefused: false } });
    expect(await patch(free, { IsRegistered: false })).toEqual([204, undefined]);
    expect(free.sandbox.console.get("806")?.IsRegistered).toBe(true);
  },

  "arrays-replace": async ({ expect }) => {
    const client = await openSandbox({ seed: SEED });
    const path = await app806(client);
    await patch(client, { Groups: [{ GroupId: 1 }, { GroupId: 2 }] });
    await patch(client, { Groups: [{ GroupId: 2 }] });
    expect(await groupsOf(client, path)).toEqual([[2, "users"]]);
    await patch(client, { Name: "other" });
    expect(await groupsOf(client, path)).toEqual([[2, "users"]]);
    await patch(client, { Groups: [] });
    expect(await groupsOf(client, path)).toEqual([]);

    const queue = await client.at("Queues", "801");
    const agents = [{ Number: "101", SkillGroup: "1" }, { Number: "100" }];
    await client.send("PATCH", queue, { Agents: agents, Managers: [{ Number: "100" }] });
    expect(await client.list(`${queue}/Agents?$select=Number,Name,SkillGroup`)).toEqual([
      { Number: "101", Name: "Bob", SkillGroup: "1" },
      { Number: "100", Name: "Ann", SkillGroup: null },
    ]);
    await client.send("PATCH", queue, { Agents: [] });
    expect(await client.list(`${queue}/Agents`)).toEqual([]);
    expect(await client.list(`${queue}/Managers`)).toMatchObject([{ Number: "100" }]);
  },

  "group-rights-ignored": async ({ expect }) => {
    const client = await openSandbox({ seed: SEED });
    const path = await app806(client);
    await patch(client, { Groups: [{ GroupId: 1, GroupRights: { RoleName: "managers" } }] });
    expect(await groupsOf(client, path)).toEqual([[1, "users"]]);
    await patch(client, { Groups: [{ GroupId: 1, Rights: { RoleName: "managers" } }] });
    expect(await groupsOf(client, path)).toEqual([[1, "managers"]]);
    const wrong = { Groups: [{ GroupId: 1, Rights: { RoleName: "emperor" } }] };
    expect(await patch(client, wrong)).toEqual([
      400,
      warning("Groups.Rights.RoleName", "XAPI.NOT_FOUND"),
    ]);
  },

  "rights-beside-role": async ({ expect }) => {
    const client = await openSandbox({ seed: SEED });
    const path = await app806(client);
    const read = async (): Promise<unknown> => {
      const expand = "$expand=Groups($select=GroupId;$expand=Rights($select=RoleName,CanBargeIn))";
      return (await client.get(`${path}?$select=Id&${expand}`)).json.Groups;
    };
    const member = (GroupId: number, RoleName: string, CanBargeIn: boolean | null): unknown => ({
      GroupId,
      Rights: { RoleName, CanBargeIn },
    });
    const given = [member(2, "managers", true), member(1, "users", null)];
    await patch(client, { Groups: given });
    expect(await read()).toEqual(given);
    await patch(client, { Groups: [{ GroupId: 2, Rights: { RoleName: "managers" } }] });
    expect(await read()).toEqual([member(2, "managers", null)]);

    const members = [{ Number: "806", Rights: { RoleName: "users", CanBargeIn: true } }];
    await client.send("PATCH", await client.at("Groups", "GRP0001"), { Members: members });
    expect(await read()).toEqual([member(2, "users", true)]);
  },

  "foreign-id-checked": async ({ expect }) => {
    const client = await openSandbox({ seed: SEED });
    expect(await patch(client, { Groups: [{ GroupId: 99 }] })).toEqual([
      400,
      warning("Groups", "XAPI.NOT_FOUND"),
    ]);
    expect(await patch(client, { Groups: [{}] })).toEqual([
      400,
      warning("Groups", "XAPI.NOT_FOUND"),
    ]);
    expect(await patch(client, { Trunk: { Id: 99 } })).toEqual([
      400,
      warning("Trunk", "XAPI.NOT_FOUND"),
    ]);
    const twice = { Groups: [{ GroupId: 1 }, { GroupId: 1 }] };
    expect(await patch(client, twice)).toEqual([400, warning("Groups", "XAPI.DUPLICATE")]);
    const agents = await client.send("PATCH", "Queues(7)", { Agents: [{ Number: "999" }] });
    expect(agents.json).toEqual(warning("Agents", "XAPI.NOT_FOUND"));
  },

  "trunk-by-id": async ({ expect }) => {
    const missing = [400, warning("Trunk", "XAPI.NOT_FOUND")];
    const strict = await openSandbox({ seed: SEED });
    expect(await patch(strict, { Trunk: { Id: 3 } })).toEqual([204, undefined]);
    expect(trunkOf(strict)).toEqual({ Id: 3, Number: "10001", Name: "Main" });
    expect(await patch(strict, { Trunk: { Id: 4, Number: "10002" } })).toEqual([204, undefined]);
    expect(await patch(strict, { Trunk: { Id: 3, Number: "10002" } })).toEqual(missing);
    expect(await patch(strict, { Trunk: { Number: "10001" } })).toEqual(missing);
    expect(trunkOf(strict)).toMatchObject({ Id: 4 });
    expect(await patch(strict, { Trunk: null })).toEqual([204, undefined]);
    expect(trunkOf(strict)).toBeNull();

    const free = await openSandbox({ seed: SEED, quirks: { trunkByNumber: true } });
    expect(await patch(free, { Trunk: { Number: "10001" } })).toEqual([204, undefined]);
    expect(trunkOf(free)).toMatchObject({ Id: 3 });
  },

  "two-sided-membership": async ({ expect }) => {
    const client = await openSandbox({ seed: SEED });
    const [ann, bob] = [await client.at("Users", "100"), await client.at("Users", "101")];
    const support = await client.at("Groups", "GRP0001");
    await client.send("PATCH", ann, { Groups: [{ GroupId: 1 }, { GroupId: 2 }] });
    const members = [{ Number: "101", Rights: { RoleName: "managers" } }];
    expect((await client.send("PATCH", support, { Members: members })).status).toBe(204);
    expect(await groupsOf(client, ann)).toEqual([[1, "users"]]);
    expect(await groupsOf(client, bob)).toEqual([[2, "managers"]]);
    const strangers = await client.send("PATCH", support, { Members: [{ Number: "999" }] });
    expect(strangers.json).toEqual(warning("Members", "XAPI.NOT_FOUND"));
    await client.send("PATCH", support, { Members: [] });
    expect(await groupsOf(client, bob)).toEqual([]);
    const born = await client.create("Groups", { Name: "Born", Members: [{ Number: "806" }] });
    expect(await groupsOf(client, await app806(client))).toEqual([[born["Id"], "users"]]);
  },

  "department-with-members": async ({ expect }) => {
    const client = await openSandbox({ seed: SEED });
    await patch(client, { Groups: [{ GroupId: 2 }] });
    const kept = await client.send("DELETE", "Groups(2)");
    expect(kept.json).toEqual(warning("Id", "GROUP_WITH_MEMBERS_CANNOT_BE_DELETED"));
    for (const path of ["Groups(1)", "Groups/Pbx.DeleteCompanyById"]) {
      const method = path.includes("Pbx") ? "POST" : "DELETE";
      const answer = await client.send(method, path, method === "POST" ? { id: 1 } : undefined);
      expect(answer.json).toEqual(warning("Id", "GROUP_CANNOT_BE_DELETED"));
    }
    expect((await client.send("POST", "Groups/Pbx.DeleteCompanyById", { id: 2 })).status).toBe(204);
    expect(await groupsOf(client, await app806(client))).toEqual([]);
    expect(await patch(client, { Groups: [{ GroupId: 2 }] })).toEqual([
      400,
      warning("Groups", "XAPI.NOT_FOUND"),
    ]);

    const made = await client.create("Groups", { Name: "Short" });
    const byNumber = await client.send("POST", "Groups/Pbx.DeleteCompanyByNumber", {
      number: made["Number"],
    });
    expect(byNumber.status).toBe(204);
    for (const body of [{}, { id: "2" }, undefined])
      expect((await client.send("POST", "Groups/Pbx.DeleteCompanyById", body)).json).toEqual(DELTA);
    expect((await client.send("POST", "Groups/Pbx.DeleteCompanyById", { id: 2 })).status).toBe(404);
  },

  "user-create-refuses": async ({ expect }) => {
    const strict = await openSandbox();
    for (const extra of [
      { Groups: [] },
      { TranscriptionMode: "Both" },
      { VMEnabled: true },
      { VMPIN: "1" },
    ])
      expect((await strict.send("POST", "Users", extra)).json).toEqual(DELTA);
    expect(await strict.create("Users", { FirstName: "Ann", VMPIN: null })).toBeDefined();
    const free = await openSandbox({ quirks: { createTakesEverything: true } });
    expect(await free.create("Users", { Groups: [{ GroupId: 1 }] })).toBeDefined();
  },

  "primary-group-after-membership": async ({ expect }) => {
    const { at, send } = await openSandbox({ seed: SEED });
    const ann = await at("Users", "100");
    const early = await send("PATCH", ann, { PrimaryGroupId: 2 });
    expect(early.json).toEqual(warning("PrimaryGroupId", "XAPI.NOT_FOUND"));
    await send("PATCH", ann, { Groups: [{ GroupId: 2 }] });
    expect((await send("PATCH", ann, { PrimaryGroupId: 2 })).status).toBe(204);
    expect((await send("PATCH", ann, { PrimaryGroupId: null })).status).toBe(204);
  },

  "email-in-use": async ({ expect }) => {
    const { create, send } = await openSandbox();
    const ann = await create("Users", { EmailAddress: "ann@example.com" });
    const bob = await send("POST", "Users", { EmailAddress: "ann@example.com" });
    expect(bob.json).toEqual(warning("EmailAddress", "XAPI.ALREADY_IN_USE"));
    const again = { EmailAddress: "ann@example.com", FirstName: "Ann" };
    expect((await send("PATCH", `Users(${ann["Id"]})`, again)).status).toBe(204);
    await create("Users", { EmailAddress: "" });
    await create("Users", { EmailAddress: "" });
  },

  "destination-completed": async ({ expect }) => {
    const { create, get, send } = await openSandbox({ seed: SEED });
    const rule = {
      RuleName: "Main",
      Condition: "BasedOnDID",
      Data: "35310000001",
      TrunkDN: { Id: 3, Number: "10001" },
      OfficeHoursDestination: { To: "RoutePoint", Number: "806", External: "" },
      AlterDestinationDuringOutOfOfficeHours: true,
      AlterDestinationDuringHolidays: false,
    };
    const made = await create("InboundRules", rule);
    expect(made).toMatchObject({
      CallType: "AllCalls",
      OfficeHoursDestination: {
        External: "",
        To: "RoutePoint",
        Number: "806",
        Name: "desk",
        Type: "RoutePoint",
        Tags: [],
      },
    });
    const path = `InboundRules(${made["Id"]})`;
    expect(
      (await get(`${path}?$select=Id&$expand=TrunkDN($select=Number,Type)`)).json,
    ).toMatchObject({
      TrunkDN: { Number: "10001", Type: "ExternalLine" },
    });
    const nowhere = await send("PATCH", path, {
      HolidaysDestination: { To: "Queue", Number: "999" },
    });
    expect(nowhere.json).toEqual(warning("HolidaysDestination.Number", "XAPI.NOT_FOUND"));
    await send("PATCH", path, { HolidaysDestination: { To: "None" } });
    expect((await get(path)).json.HolidaysDestination).toMatchObject({ To: "None", Number: "" });
    const { TrunkDN: _trunk, ...incomplete } = rule;
    expect((await send("POST", "InboundRules", incomplete)).json).toEqual(
      warning("TrunkDN", "XAPI.REQUIRED"),
    );
  },

  "outbound-rule-rewritten": async ({ expect }) => {
    const { create, get, send } = await openSandbox();
    const sent = {
      Name: "out",
      Prefix: "118,119,12,200",
      DNRanges: [
        { From: "100", To: "100" },
        { From: "200", To: "299" },
      ],
      Routes: [{ TrunkId: 7 }],
    };
    const made = await create("OutboundRules", sent);
    expect(made).toMatchObject({
      Prefix: "118-119,12,200",
      DNRanges: [
        { From: "100", To: null },
        { From: "200", To: "299" },
      ],
    });
    expect(made["Routes"].map((route: { TrunkId: number }) => route.TrunkId)).toEqual([
      7, -1, -1, -1, -1,
    ]);
    const path = `OutboundRules(${made["Id"]})`;
    await send("PATCH", path, { Prefix: "1,2,3" });
    expect((await get(path)).json).toMatchObject({ Prefix: "1-3", Routes: { length: 5 } });
  },

  "emergency-rule-empty-answer": async ({ expect }) => {
    const { get, send } = await openSandbox();
    const made = await send("POST", "OutboundRules", { Name: "112", EmergencyRule: true });
    expect([made.status, made.text]).toEqual([201, ""]);
    const listed = await get("OutboundRules/Pbx.GetEmergencyOutboundRules()?$select=Name");
    expect(listed.json.value).toEqual([{ Name: "112" }]);
  },

  "location-of-new": async ({ expect }) => {
    const { sandbox, send, get } = await openSandbox();
    const made = await send("POST", "Groups", { Name: "New" });
    const location = made.headers.get("location") ?? "";
    expect(made.status).toBe(201);
    expect(location).toBe(`${sandbox.url}/xapi/v1/Groups(${made.json.Id})`);
    const path = location.slice(`${sandbox.url}/xapi/v1/`.length);
    expect((await get(path)).json).toMatchObject({ Name: "New" });
  },

  "empty-refused-by-update": async ({ expect }) => {
    const strict = await openSandbox({ seed: SEED });
    expect(await patch(strict, { Name: "" })).toEqual([
      400,
      warning("Name", "XAPI.CAN_NOT_BE_EMPTY_STRING"),
    ]);
    expect(await patch(strict, { Name: null })).toEqual([400, warning("Name", "XAPI.REQUIRED")]);
    expect((await strict.send("PATCH", "Groups(2)", { Name: "" })).status).toBe(400);
    const free = await openSandbox({ seed: SEED, quirks: { updatesMayEmpty: true } });
    expect(await patch(free, { Name: "" })).toEqual([204, undefined]);
  },

  "form-of-numbers": async ({ expect }) => {
    const { send } = await openSandbox({ seed: SEED });
    const create = async (number: string): Promise<number> =>
      (await send("POST", "CallFlowApps", { Number: number, Name: "x" })).status;
    for (const number of ["#39", "*39", "a1", "3*9", "1000001"])
      expect([number, await create(number)]).toEqual([number, 201]);
    for (const number of ["3#9", "39#", "3 9", "3-9", "3.9", "3_9", "ü", "##1"])
      expect([number, await create(number)]).toEqual([number, 400]);
  },

  "recurrent-holiday": async ({ expect }) => {
    const { create, send } = await openSandbox();
    const holiday = {
      Name: "New Year",
      Day: 1,
      DayEnd: 1,
      Month: 1,
      MonthEnd: 1,
      Year: 2027,
      YearEnd: 2027,
      TimeOfStartDate: "PT0S",
      TimeOfEndDate: "PT23H59M59S",
    };
    expect(await create("Holidays", holiday)).toMatchObject({ Year: 2027 });
    const recurrent = await create("Holidays", {
      ...holiday,
      IsRecurrent: true,
      TimeOfEndDate: "P1D",
    });
    expect(recurrent).toMatchObject({ Year: 0, YearEnd: 0 });
    for (const wrong of [{ Day: 300 }, { TimeOfStartDate: "8am" }, { Name: null }])
      expect((await send("POST", "Holidays", { ...holiday, ...wrong })).json).toEqual(DELTA);
    const { Name: _name, ...nameless } = holiday;
    expect((await send("POST", "Holidays", nameless)).json).toEqual(
      warning("Name", "XAPI.REQUIRED"),
    );
  },

  "trunk-from-template": async ({ expect }) => {
    const { create, get, send } = await openSandbox();
    const template = (await get("Trunks/Pbx.InitTrunk(template='1cx.pv.xml')")).json;
    expect(template).toMatchObject({ Gateway: { TemplateFilename: "1cx.pv.xml" } });
    const made = await create("Trunks", { ...template, AuthPassword: { Value: "geheim" } });
    expect(made).toMatchObject({ Id: expect.any(Number), Number: "10000" });
    expect((await get("Trunks(Number='10000')")).json).toMatchObject({ Id: made["Id"] });
    expect((await send("DELETE", `Trunks(${made["Id"]})`)).status).toBe(204);
  },

  "app-files": async ({ expect }) => {
    const client = await openSandbox({ seed: SEED });
    const path = await app806(client);
    const files = async (query = ""): Promise<unknown> =>
      (await client.get(`${path}/Pbx.GetFiles()${query}`)).json.value;
    expect(await files()).toEqual(["a.wav", "b.wav"]);
    expect(await files("?$top=1&$skip=1")).toEqual(["b.wav"]);
    const remove = async (filename: unknown): Promise<number> =>
      (await client.send("POST", `${path}/Pbx.DeleteFile`, { filename })).status;
    expect([await remove("a.wav"), await remove("a.wav"), await remove(5)]).toEqual([
      204, 400, 400,
    ]);
    expect(await files()).toEqual(["b.wav"]);
    expect((await client.get(`${path}/Pbx.DeleteFile`)).status).toBe(405);
    expect((await client.get("CallFlowApps/Pbx.GetFiles()")).status).toBe(404);
  },
});
