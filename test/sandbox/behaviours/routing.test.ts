import { ROUTING } from "../../../src/sandbox/behaviours/routing.ts";
import type { Seed } from "../../../src/sandbox/state/seed.ts";
import { DELTA, openSandbox, warning } from "../../support/pbx/raw-client.ts";
import type { Entity, RawClient } from "../../support/pbx/raw-client.ts";
import { proveAll } from "./prove.ts";

const SEED: Seed = {
  departments: [{ name: "Support" }],
  trunks: [
    { number: "10001", name: "Main", didNumbers: ["+49301", "+49302", "+49303"] },
    { number: "10002", name: "Spare" },
  ],
  users: [
    { number: "100", name: "Ann" },
    { number: "101", name: "Bob" },
  ],
  queues: [{ number: "801", name: "Sales" }],
  ringGroups: [{ number: "802", name: "Desk" }],
  receptionists: [{ number: "803", name: "Menu" }],
  apps: [{ number: "806", name: "desk" }],
};

const CHRISTMAS = {
  ...{ Name: "Christmas", Day: 25, DayEnd: 26, Month: 12, MonthEnd: 12, Year: 0, YearEnd: 0 },
  ...{ IsRecurrent: true, TimeOfStartDate: "PT0S", TimeOfEndDate: "PT23H59M59S" },
};
const NOWHERE = { To: "None", Number: "", External: "", Name: "", Type: "None", Tags: [] };

async function idOf({ at }: RawClient, set: string, number: string): Promise<number> {
  return Number((await at(set, number)).replaceAll(/\D/gu, ""));
}

function rulesOf({ list }: RawClient): Promise<readonly Entity[]> {
  return list("InboundRules?$expand=TrunkDN($select=Number)");
}

async function holidaysOf({ get }: RawClient, path: string): Promise<readonly Entity[]> {
  return (await get(`${path}?$expand=OfficeHolidays`)).json.OfficeHolidays;
}

proveAll(ROUTING, {
  "default-route": async ({ expect }) => {
    const client = await openSandbox({ seed: SEED });
    const shown = async (): Promise<unknown> =>
      (await rulesOf(client)).map(({ Condition, TrunkDN }) => [Condition, TrunkDN.Number]);
    expect(await shown()).toEqual([
      ["ForwardAll", "10001"],
      ["ForwardAll", "10002"],
    ]);
    await client.create("Trunks", { Number: "10003", Gateway: { Name: "New" } });
    const [, , rule] = await rulesOf(client);
    expect(rule).toMatchObject({
      Data: "",
      TrunkDN: { Number: "10003" },
      OfficeHoursDestination: { To: "None" },
      Hours: { Type: "OfficeHours" },
    });
    const path = `InboundRules(${rule?.["Id"]})`;
    const destination = { To: "Queue", Number: "801", External: "" };
    expect((await client.send("PATCH", path, { OfficeHoursDestination: destination })).status).toBe(
      204,
    );
    const kept = await client.send("DELETE", path);
    expect(kept.json).toEqual(warning("Id", "XAPI.FORBIDDEN_CHANGE"));
    const second = await client.send("POST", "InboundRules", {
      ...{ RuleName: "x", Condition: "ForwardAll", Data: "1", OfficeHoursDestination: NOWHERE },
      ...{ TrunkDN: { Id: rule?.["TrunkDN"]?.Id ?? (await idOf(client, "Trunks", "10003")) } },
      AlterDestinationDuringOutOfOfficeHours: false,
      AlterDestinationDuringHolidays: false,
    });
    expect(second.json).toEqual(warning("Condition", "XAPI.DUPLICATE"));
    await client.send("DELETE", await client.at("Trunks", "10003"));
    expect(await rulesOf(client)).toHaveLength(2);

    const free = await openSandbox({ seed: SEED, quirks: { defaultRouteRemovable: true } });
    const [first] = await rulesOf(free);
    expect((await free.send("DELETE", `InboundRules(${first?.["Id"]})`)).status).toBe(204);
  },

  "bulk-delete-of-rules": async ({ expect }) => {
    const client = await openSandbox({ seed: SEED });
    const [fixed] = await rulesOf(client);
    const made = await client.create("InboundRules", {
      ...{ RuleName: "x", Condition: "BasedOnDID", Data: "+49301" },
      ...{ TrunkDN: { Id: await idOf(client, "Trunks", "10001") } },
      OfficeHoursDestination: { To: "Extension", Number: "100" },
      AlterDestinationDuringOutOfOfficeHours: false,
      AlterDestinationDuringHolidays: false,
    });
    const path = "InboundRules/Pbx.BulkInboundRulesDelete";
    expect((await client.send("POST", path, { ids: [made["Id"], fixed?.["Id"]] })).status).toBe(
      400,
    );
    expect(await rulesOf(client)).toHaveLength(3);
    expect((await client.send("POST", path, { ids: [made["Id"]] })).status).toBe(204);
    expect(await rulesOf(client)).toHaveLength(2);
    for (const body of [{}, { ids: "1" }, { ids: ["1"] }])
      expect((await client.send("POST", path, body)).json).toEqual(DELTA);
  },

  "routes-of-an-extension": async ({ expect }) => {
    const client = await openSandbox({ seed: SEED });
    const app = await idOf(client, "CallFlowApps", "806");
    const trunk = await idOf(client, "Trunks", "10001");
    const routes = (...dids: readonly string[]): unknown =>
      dids.map((DID) => ({ DID, TrunkId: trunk, DisplayName: "Main" }));
    const read = async (): Promise<unknown> =>
      (await client.send("POST", "Defs/Pbx.GetRoutes", { ids: [app] })).json.value;
    const set = (Routes: unknown): Promise<{ status: number }> =>
      client.send("POST", "Trunks/Pbx.SetRoutes", { routes: { Id: app, Routes } });
    expect(await read()).toEqual([{ Id: app, Routes: [] }]);
    expect((await set(routes("+49301", "+49302"))).status).toBe(204);
    expect(await read()).toEqual([{ Id: app, Routes: routes("+49301", "+49302") }]);
    expect((await rulesOf(client)).slice(2)).toMatchObject([
      {
        Condition: "BasedOnDID",
        Data: "+49301",
        OfficeHoursDestination: { To: "RoutePoint", Number: "806", Name: "desk" },
      },
      { Data: "+49302" },
    ]);
    expect((await set(routes("+49302", "+49303"))).status).toBe(204);
    expect((await rulesOf(client)).slice(2).map(({ Data }) => Data)).toEqual(["+49302", "+49303"]);
    expect((await set(routes("+49999"))).status).toBe(400);
    expect((await set([{ DID: "+49301", TrunkId: 99 }])).status).toBe(400);
    expect(await rulesOf(client)).toHaveLength(4);
  },

  "holidays-of-a-department": async ({ expect }) => {
    const client = await openSandbox({ seed: SEED });
    const support = await client.at("Groups", "GRP0001");
    const write = (list: unknown): Promise<{ status: number; json: unknown }> =>
      client.send("PATCH", support, { OfficeHolidays: list });
    const newYear = { ...CHRISTMAS, Name: "New Year", Day: 1, DayEnd: 1, Month: 1, MonthEnd: 1 };
    expect((await write([CHRISTMAS, { ...newYear, Id: 4711 }])).status).toBe(204);
    const before = await holidaysOf(client, support);
    expect(before).toMatchObject([
      { Name: "Christmas", Group: "GRP0001", HolidayPrompt: null },
      { Name: "New Year" },
    ]);
    expect(before.map(({ Id }) => Id)).not.toContain(4711);
    expect((await write([{ ...before[1], Name: "First of January" }])).status).toBe(204);
    const after = await holidaysOf(client, support);
    expect(after).toEqual([{ ...before[1], Name: "First of January" }]);
    expect(await client.list("Holidays?$select=Name")).toEqual([{ Name: "First of January" }]);
    const { TimeOfEndDate: _end, ...short } = CHRISTMAS;
    expect((await write([short])).json).toEqual(
      warning("OfficeHolidays[0].TimeOfEndDate", "XAPI.REQUIRED"),
    );
    expect(await holidaysOf(client, "OfficeHours")).toEqual([]);
    expect(await holidaysOf(client, support)).toHaveLength(1);
  },

  "days-of-a-holiday": async ({ expect }) => {
    const client = await openSandbox({ seed: SEED });
    const range = "XAPI.OUT_OF_THE_RANGE";
    const create = async (more: object): Promise<unknown> =>
      (await client.send("POST", "Holidays", { ...CHRISTMAS, ...more })).json;
    expect(await create({ Day: 32 })).toEqual(warning("Day", range));
    expect(await create({ DayEnd: 31, MonthEnd: 11 })).toEqual(warning("DayEnd", range));
    expect(await create({ Month: 13 })).toEqual(warning("Day", range));
    expect(await create({ Day: 0 })).toEqual(warning("Day", range));
    expect(await create({ Day: 29, Month: 2 })).toMatchObject({ Day: 29 });
    expect(await create({ DayEnd: 0, MonthEnd: 0 })).toMatchObject({ DayEnd: 0 });
    const support = await client.at("Groups", "GRP0001");
    const list = { OfficeHolidays: [{ ...CHRISTMAS, Day: 32 }] };
    expect((await client.send("PATCH", support, list)).json).toEqual(
      warning("OfficeHolidays[0].Day", range),
    );
  },

  "fresh-department": async ({ expect }) => {
    const { create, list } = await openSandbox({ seed: SEED });
    const hours = { Type: "OfficeHours", IgnoreHolidays: false, Periods: [] };
    const fresh = {
      Hours: hours,
      BreakTime: hours,
      CurrentGroupHours: "Default",
      TimeZoneId: null,
      HolidaysRoute: { Prompt: "", Route: { To: "ProceedWithNoExceptions" } },
    };
    expect(await create("Groups", { Name: "New" })).toMatchObject(fresh);
    expect((await list("Groups")).length).toBe(3);
    for (const department of await list("Groups")) expect(department).toMatchObject(fresh);
  },

  "times-of-day": async ({ expect }) => {
    const { at, get, send } = await openSandbox({ seed: SEED });
    const support = await at("Groups", "GRP0001");
    const write = (Start: string, Stop: string): Promise<{ status: number; json: unknown }> =>
      send("PATCH", support, {
        Hours: { Type: "SpecificHours", Periods: [{ DayOfWeek: "Monday", Start, Stop }] },
      });
    expect((await write("09:00:00", "17:30")).status).toBe(204);
    expect((await get(support)).json.Hours.Periods).toEqual([
      { DayOfWeek: "Monday", Start: "09:00:00.0000000", Stop: "17:30:00.0000000" },
    ]);
    for (const bad of ["25:99", "24:00", "09:60", "9:00", "09:00:00.12345678"])
      expect([bad, (await write(bad, "17:00")).json]).toEqual([bad, DELTA]);
  },

  "office-hours": async ({ expect }) => {
    const client = await openSandbox({ seed: SEED });
    const { get, send } = client;
    expect((await get("OfficeHours?$select=Hours")).json).toMatchObject({
      Hours: { Type: "AllHours" },
    });
    const hours = { Type: "Never", IgnoreHolidays: true, Periods: [] };
    expect((await send("PATCH", "OfficeHours", { Hours: hours })).status).toBe(204);
    expect((await get("OfficeHours")).json).toMatchObject({ Hours: hours });
    await send("PATCH", "OfficeHours", { OfficeHolidays: [CHRISTMAS] });
    expect(await holidaysOf(client, "OfficeHours")).toMatchObject([
      { Name: "Christmas", Group: "" },
    ]);
    for (const method of ["POST", "DELETE"])
      expect((await send(method, "OfficeHours", method === "POST" ? {} : undefined)).status).toBe(
        405,
      );
  },

  "unique-departments": async ({ expect }) => {
    const { at, send } = await openSandbox({ seed: SEED });
    const taken = warning("Name", "XAPI.DUPLICATE");
    expect((await send("POST", "Groups", { Name: "Support" })).json).toEqual(taken);
    const support = await at("Groups", "GRP0001");
    expect((await send("PATCH", support, { Name: "DEFAULT" })).json).toEqual(taken);
    expect((await send("PATCH", support, { Name: "Support", Language: "DE" })).status).toBe(204);
  },

  "membership-entries": async ({ expect }) => {
    const { at, get, send } = await openSandbox({ seed: SEED });
    const ann = await at("Users", "100");
    await send("PATCH", ann, { LastName: "Lee", Groups: [{ GroupId: 2 }] });
    const entry = {
      GroupId: 2,
      Name: "Support",
      Number: "100",
      MemberName: "Lee, Ann",
      Type: "Extension",
      CanDelete: true,
    };
    const [own] = (await get(`${ann}?$expand=Groups`)).json.Groups;
    const [theirs] = (await get("Groups(2)?$expand=Members")).json.Members;
    expect(own).toMatchObject(entry);
    expect(theirs).toMatchObject({ ...entry, Id: own.Id });
    expect(own.Id).not.toBe(Number(ann.replaceAll(/\D/gu, "")));
  },

  "fresh-user": async ({ expect }) => {
    const { at, create, get } = await openSandbox({ seed: SEED });
    await create("Users", { Number: "110", FirstName: "Cem", LastName: "Aydin" });
    for (const [number, name] of [
      ["110", "Cem Aydin"],
      ["100", "Ann"],
    ] as const) {
      const user = (await get(`${await at("Users", number)}?$expand=ForwardingProfiles`)).json;
      expect(user.DisplayName).toBe(name);
      expect(user.ForwardingProfiles).toHaveLength(5);
      expect(user.ForwardingProfiles[0]).toMatchObject({ Name: "Available", NoAnswerTimeout: 20 });
    }
  },

  "batch-delete-of-users": async ({ expect }) => {
    const client = await openSandbox({ seed: SEED });
    const remove = (body: unknown): Promise<{ status: number; json: { value: unknown } }> =>
      client.send("POST", "Users/Pbx.BatchDelete", body);
    const first = await remove({ ids: [await idOf(client, "Users", "100")] });
    expect([first.status, first.json.value]).toEqual([200, []]);
    const second = await remove({ Ids: [await idOf(client, "Users", "101"), 99] });
    expect(second.json.value).toEqual([{ Error: "WARNINGS.XAPI.NOT_FOUND", ExtensionNumber: "" }]);
    expect(await client.list("Users")).toEqual([]);
  },

  "member-that-is-gone": async ({ expect }) => {
    const members = [{ Number: "100" }, { Number: "101" }];
    for (const [goneMembersStay, left] of [
      [false, ["101"]],
      [true, ["100", "101"]],
    ] as const) {
      const { at, get, send } = await openSandbox({ seed: SEED, quirks: { goneMembersStay } });
      const desk = await at("RingGroups", "802");
      await send("PATCH", desk, { Members: members });
      await send("DELETE", await at("Users", "100"));
      const shown = (await get(`${desk}?$expand=Members`)).json.Members;
      expect(shown.map(({ Number: number }: Entity) => number)).toEqual(left);
    }
  },

  "emergency-rules-apart": async ({ expect }) => {
    const { list, send } = await openSandbox();
    await send("POST", "OutboundRules", { Name: "112", EmergencyRule: true });
    await send("POST", "OutboundRules", { Name: "out" });
    expect(await list("OutboundRules?$select=Name")).toEqual([{ Name: "out" }]);
    expect(await list("OutboundRules/Pbx.GetEmergencyOutboundRules()?$select=Name")).toEqual([
      { Name: "112" },
    ]);
  },

  "values-instead-of-null": async ({ expect }) => {
    const { create, list } = await openSandbox({ seed: SEED });
    await create("Queues", { Name: "fresh" });
    await create("RingGroups", { Name: "fresh" });
    await create("Receptionists", { Name: "fresh" });
    const unset = async (set: string): Promise<unknown> =>
      (await list(set)).map((entity) =>
        Object.keys(entity).filter(
          (name) => entity[name] === null && !/^(CallUs|ClickTo)/u.test(name),
        ),
      );
    expect(await unset("Queues")).toEqual([
      ["ResetQueueStatisticsSchedule"],
      ["ResetQueueStatisticsSchedule"],
    ]);
    expect(await unset("RingGroups")).toEqual([[], []]);
    expect(await unset("Receptionists")).toEqual([[], []]);
    const [queue] = await list("Queues");
    expect(queue).toMatchObject({ CallbackEnableTime: -1, MaxCallersInQueue: 0, WrapUpTime: 2 });
  },

  "reset-statistics": async ({ expect }) => {
    const { at, get, send } = await openSandbox({ seed: SEED });
    const queue = await at("Queues", "801");
    const before = (await get(queue)).json;
    expect((await send("POST", `${queue}/Pbx.ResetQueueStatistics`)).status).toBe(204);
    expect((await get(queue)).json).toEqual(before);
  },
});
