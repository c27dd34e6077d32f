import { expect, test } from "vitest";
import { BAD_SCRIPT, GOOD_SCRIPT, openSandbox } from "../support/pbx/raw-client.ts";

const SEED = {
  departments: [{ name: "Support" }],
  trunks: [{ number: "10001", name: "Main" }],
  apps: [{ number: "806", name: "desk", scriptCode: GOOD_SCRIPT }],
};

test("what is edited in the console is what the API shows, and stands in no log", async () => {
  const { get, sandbox } = await openSandbox({ seed: SEED });
  const edited = await sandbox.console.edit("806", {
    Name: "changed",
    RoutingType: "Trunk",
    Trunk: { Id: 3 },
    Groups: [{ GroupId: 2, Rights: { RoleName: "managers" } }],
  });
  expect(edited).toMatchObject({
    Name: "changed",
    Trunk: { Number: "10001" },
    Groups: [{ GroupId: 2, Name: "Support", RoleName: "managers" }],
  });
  expect(sandbox.requests).toEqual([]);
  expect(
    (await get(`CallFlowApps(${edited.Id})?$expand=Trunk($select=Number)`)).json,
  ).toMatchObject({
    Name: "changed",
    RoutingType: "Trunk",
    Trunk: { Number: "10001" },
  });
});

test("a script that is edited in the console is compiled at once, whatever the seed says of delays", async () => {
  const { sandbox } = await openSandbox({ seed: { ...SEED, compile: { delay: 60_000 } } });
  const newer = `// newer\n${GOOD_SCRIPT}`;
  expect(await sandbox.console.edit("806", { ScriptCode: newer })).toMatchObject({
    runnable: newer,
    compiling: false,
    CompilationSucceeded: true,
  });
  expect(await sandbox.console.edit("806", { ScriptCode: BAD_SCRIPT })).toMatchObject({
    runnable: newer,
    ScriptCode: newer,
    RejectedCode: BAD_SCRIPT,
    CompilationSucceeded: false,
  });
});

test("an app that is created in the console takes everything in one step", async () => {
  const { list, sandbox } = await openSandbox({ seed: SEED });
  const created = await sandbox.console.create({
    Number: "807",
    Name: "new",
    RoutingType: "Forward",
    ScriptCode: GOOD_SCRIPT,
  });
  expect(created).toMatchObject({ Number: "807", RoutingType: "Forward", runnable: GOOD_SCRIPT });
  expect(await list("CallFlowApps?$select=Number")).toEqual([{ Number: "806" }, { Number: "807" }]);
  expect(sandbox.console.list().map((app) => app.Number)).toEqual(["806", "807"]);
});

test("an app that is removed in the console is gone, and its history says when", async () => {
  const { list, sandbox } = await openSandbox({ seed: SEED });
  await sandbox.console.remove("806");
  expect(await list("CallFlowApps")).toEqual([]);
  expect(sandbox.console.get("806")).toBeUndefined();
  expect(sandbox.console.history("806")).toMatchObject([
    { event: "created", runnable: GOOD_SCRIPT },
    { event: "removed", runnable: null },
  ]);
  await sandbox.console.create({ Number: "806", Name: "again" });
  expect(sandbox.console.history("806")).toHaveLength(3);
  expect(sandbox.console.history("999")).toEqual([]);
});

test("the API's rules hold in the console, and a number that is no app is an error", async () => {
  const { console } = (await openSandbox({ seed: SEED })).sandbox;
  await expect(console.edit("806", { Foo: 1 })).rejects.toThrow("delta");
  await expect(console.edit("806", { Number: "807" })).rejects.toThrow("FORBIDDEN_CHANGE");
  await expect(console.create({ Number: "10001", Name: "x" })).rejects.toThrow("ALREADY_IN_USE");
  await expect(console.edit("10001", { Name: "x" })).rejects.toThrow(
    "there is no call flow app 10001",
  );
  await expect(console.remove("999")).rejects.toThrow("there is no call flow app 999");
  expect(console.get("10001")).toBeUndefined();
});

test("the whole state is a copy: changing it changes nothing", async () => {
  const { sandbox } = await openSandbox({ seed: SEED });
  const before = sandbox.console.state();
  expect(Object.keys(before).toSorted()).toEqual([
    "CallFlowApps",
    "Groups",
    "InboundRules",
    "OfficeHours",
    "Trunks",
  ]);
  for (const rows of Object.values(before))
    for (const row of rows) Object.assign(row, { Name: "spoilt" });
  expect(sandbox.console.get("806")?.Name).toBe("desk");
});
