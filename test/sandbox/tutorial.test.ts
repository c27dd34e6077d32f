import { describe, expect, test } from "vitest";
import { openSandbox } from "../support/pbx/raw-client.ts";

/** What 3CX's own tutorial client does with each kind of extension, request by request. */
const EXTENSIONS = [
  ["Users", {}],
  ["Queues", { AnnouncementInterval: 50 }],
  ["RingGroups", { Name: "RG" }],
  ["Receptionists", { Name: "testIVR" }],
] as const;

describe.each(EXTENSIONS)("%s, as 3CX's tutorial treats them", (set, body) => {
  test("are listed by id alone", async () => {
    const { create, list } = await openSandbox();
    const { Id } = await create(set, body);
    expect(await list(`${set}?$select=Id`)).toEqual([{ Id }]);
  });

  test("are found by the number they were given", async () => {
    const { create, get } = await openSandbox();
    const made = await create(set, body);
    const found = await get(`${set}(Number=${encodeURIComponent(`'${made["Number"]}'`)})`);
    expect(found.json).toMatchObject({ ...body, Id: made["Id"], Number: made["Number"] });
  });

  test("take their own number in an update, and no other", async () => {
    const { create, get, send } = await openSandbox();
    const { Id, Number: number } = await create(set, body);
    expect((await send("PATCH", `${set}(${Id})`, { Number: number })).status).toBe(204);
    expect((await send("PATCH", `${set}(${Id})`, { Number: "555" })).status).toBe(400);
    expect((await get(`${set}(${Id})`)).json.Number).toBe(number);
  });

  test("are gone once they are deleted, and their number is free again", async () => {
    const { create, get, list, send } = await openSandbox();
    const { Id, Number: number } = await create(set, body);
    expect((await send("DELETE", `${set}(${Id})`)).status).toBe(204);
    expect((await get(`${set}(${Id})`)).status).toBe(404);
    expect((await send("DELETE", `${set}(${Id})`)).status).toBe(404);
    expect(await list(`Peers?$filter=Number eq '${number}'`)).toEqual([]);
    expect((await create(set, body))["Number"]).toBe(number);
  });

  test("become members of a department and leave it, from their side", async () => {
    const { create, list, send } = await openSandbox();
    const { Id, Number: number } = await create(set, body);
    const group = await create("Groups", { Name: "Group 1" });
    const Groups = [{ GroupId: group["Id"], Rights: { RoleName: "users" } }];
    await send("PATCH", `${set}(${Id})`, { Groups });
    expect(await list(`Groups(${group["Id"]})/Members?$select=Number`)).toEqual([
      { Number: number },
    ]);
    await send("PATCH", `${set}(${Id})`, { Groups: [] });
    expect(await list(`Groups(${group["Id"]})/Members`)).toEqual([]);
    expect((await send("DELETE", `Groups(${group["Id"]})`)).status).toBe(204);
  });

  test("become members of a department and leave it, from its side", async () => {
    const { create, get, send } = await openSandbox();
    const { Id, Number: number } = await create(set, body);
    const group = await create("Groups", { Name: "Group 1" });
    const path = `Groups(${group["Id"]})`;
    await send("PATCH", path, { Members: [{ Number: number, Rights: { RoleName: "users" } }] });
    const expand = "$expand=Groups($select=Name;$expand=Rights($select=RoleName))";
    expect((await get(`${set}(${Id})?$select=Id&${expand}`)).json.Groups).toEqual([
      { Name: "Group 1", Rights: { RoleName: "users" } },
    ]);
    await send("PATCH", path, { Members: [] });
    expect((await get(`${set}(${Id})?${expand}`)).json.Groups).toEqual([]);
  });
});

describe("users, as 3CX's tutorial treats them", () => {
  test("do not get the number 100, which it tries to give them afterwards", async () => {
    const { create, get, send } = await openSandbox();
    const { Id, Number: number } = await create("Users", {});
    expect((await send("PATCH", `Users(${Id})`, { Number: "100" })).status).toBe(400);
    expect((await get(`Users(${Id})?$select=Number`)).json.Number).toBe(number);
    expect((await create("Users", { Number: "100" }))["Number"]).toBe("100");
  });
});

describe("lists, as other clients ask for them", () => {
  test("expand memberships without the departments that stand for favourites", async () => {
    const { create, list, send } = await openSandbox();
    const sales = await create("Groups", { Name: "Sales" });
    const favorites = await create("Groups", { Name: "___FAVORITES___800" });
    const { Id } = await create("RingGroups", { Name: "RG" });
    const Groups = [favorites, sales].map((group) => ({ GroupId: group["Id"] }));
    await send("PATCH", `RingGroups(${Id})`, { Groups });
    const query = new URLSearchParams({
      $select: "Id,Groups",
      $expand: "Members,Groups($select=Name;$filter=not startsWith(Name,'___FAVORITES___');)",
    });
    expect(await list(`RingGroups?${query.toString()}`)).toEqual([
      { Id, Members: [], Groups: [{ Name: "Sales" }] },
    ]);
  });

  test("are ordered by $orderBy too", async () => {
    const { create, list } = await openSandbox();
    for (const Name of ["Sales", "Accounts"]) await create("Groups", { Name });
    const query = "$filter=not startsWith(Name,'DEFAULT')&$orderBy=Name&$select=Id,Name";
    expect((await list(`Groups?${query}`)).map((group) => group["Name"])).toEqual([
      "Accounts",
      "Sales",
    ]);
  });
});

describe("departments, as 3CX's tutorial treats them", () => {
  test("are created with a name, listed, updated with their own number and deleted", async () => {
    const { create, list, send } = await openSandbox();
    const group = await create("Groups", { Name: "Group 1" });
    expect(await list("Groups?$select=Id")).toContainEqual({ Id: group["Id"] });
    const path = `Groups(${group["Id"]})`;
    expect((await send("PATCH", path, { Number: group["Number"] })).status).toBe(204);
    expect((await send("PATCH", path, { Number: "100" })).status).toBe(400);
    expect((await send("DELETE", path)).status).toBe(204);
  });

  test("list their holidays when these are asked for", async () => {
    const { create, list } = await openSandbox();
    const day = { Day: 1, DayEnd: 1, Month: 5, MonthEnd: 5, Year: 2027, YearEnd: 2027 };
    const time = { TimeOfStartDate: "P0D", TimeOfEndDate: "P1D" };
    await create("Holidays", { Name: "May", Group: "GRP0000", ...day, ...time });
    await create("Holidays", { Name: "Other", Group: "GRP0009", ...day, ...time });
    expect(await list("Groups?$select=Name&$expand=OfficeHolidays($select=Name)")).toEqual([
      { Name: "DEFAULT", OfficeHolidays: [{ Name: "May" }] },
    ]);
  });
});

describe("trunks, as 3CX's tutorial treats them", () => {
  test("are made from a template, listed, found by number and deleted", async () => {
    const { create, get, list, send } = await openSandbox();
    const template = (
      await get(`Trunks/Pbx.InitTrunk(template=${encodeURIComponent("'1cx.pv.xml'")})`)
    ).json;
    const made = await create("Trunks", { ...template, AuthPassword: { Value: "a1B2c3D4e5" } });
    expect(await list("Trunks?$select=Id")).toEqual([{ Id: made["Id"] }]);
    expect((await get(`Trunks(Number='${made["Number"]}')`)).json).toMatchObject({
      Gateway: { Name: "1cx" },
    });
    expect((await send("DELETE", `Trunks(${made["Id"]})`)).status).toBe(204);
  });

  test("need a gateway", async () => {
    const { send } = await openSandbox();
    expect((await send("POST", "Trunks", { Direction: "Both" })).text).toContain("Gateway");
  });
});

describe("call flow apps, as live clients treat them", () => {
  test("are created, given a script, polled until it is live, and deleted", async () => {
    const { create, get, list, send } = await openSandbox({ seed: { compile: { delay: 20 } } });
    const { Id } = await create("CallFlowApps", { Number: "898", Name: "cloudontest" });
    const script = "public class A : ScriptBase<A> { public override void Start() { } }";
    await send("PATCH", `CallFlowApps(${Id})`, { ScriptCode: script });
    const fields =
      "Id,ScriptCode,CompilationSucceeded,CompilationResult,CompilationLastSuccess,InvalidScript";
    let reading = (await get(`CallFlowApps(${Id})?$select=${fields}`)).json;
    for (let poll = 0; poll < 500 && !reading.CompilationSucceeded; poll++)
      reading = (await get(`CallFlowApps(${Id})?$select=${fields}`)).json;
    expect(reading).toMatchObject({
      ScriptCode: script,
      CompilationSucceeded: true,
      InvalidScript: false,
    });
    expect(await list("CallFlowApps?$filter=Number eq '898'&$select=Id")).toEqual([{ Id }]);
    expect((await send("DELETE", `CallFlowApps(${Id})`)).status).toBe(204);
  });
});

describe("the rest of what clients look at", () => {
  test("system parameters, status and definitions", async () => {
    const { get, list } = await openSandbox({ seed: { users: [{ number: "100", name: "Ann" }] } });
    expect((await get("Defs/Pbx.GetSystemParameters()")).json).toMatchObject({
      ENL: 3,
      ENLRange: { From: 100, To: 999 },
      License: { IsEnterprise: true },
    });
    expect((await get("SystemStatus")).json).toMatchObject({
      ExtensionsTotal: 2,
      UserExtensions: 1,
    });
    expect((await get("Defs?$select=Id")).json).toMatchObject({ Id: 1 });
    expect(await list("Defs/Codecs?$select=RfcName&$top=1")).toEqual([{ RfcName: "PCMA" }]);
    expect(await list("Defs/TimeZones?$select=IanaName")).toEqual([{ IanaName: "Etc/UTC" }]);
    expect((await get("Defs?$expand=Codecs($select=Id)")).json.Codecs).toHaveLength(3);
    expect(await list("CallFlowScripts")).toEqual([]);
  });

  test("parameters are found by name, changed by id", async () => {
    const { create, get, send } = await openSandbox();
    const { Id } = await create("Parameters", { Name: "CUSTOM", Value: "1" });
    await send("PATCH", `Parameters(${Id})`, { Value: "2" });
    const found = await get("Parameters/Pbx.GetParameterByName(name='CUSTOM')?$select=Value");
    expect(found.json).toMatchObject({ Value: "2" });
  });

  test("keys of a digital receptionist are numbered by the PBX", async () => {
    const { create, list, send } = await openSandbox();
    const { Id } = await create("Receptionists", { Name: "menu" });
    const Forwards = [
      { Id: 0, Input: "1", ForwardType: "Extension", ForwardDN: "100" },
      { Id: 0, Input: "2", ForwardType: "EndCall" },
    ];
    await send("PATCH", `Receptionists(${Id})`, { Forwards });
    expect(await list(`Receptionists(${Id})/Forwards?$select=Id,Input`)).toEqual([
      { Id: 1, Input: "1" },
      { Id: 2, Input: "2" },
    ]);
  });
});
