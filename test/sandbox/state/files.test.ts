import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startSandbox } from "../../../src/sandbox/server.ts";
import type { Sandbox, SandboxOptions } from "../../../src/sandbox/server.ts";
import {
  createClient,
  GOOD_SCRIPT,
  manualClock,
  openSandbox,
} from "../../support/pbx/raw-client.ts";
import type { RawClient } from "../../support/pbx/raw-client.ts";

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "callform-sandbox-"));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a sandbox, works with it, closes it. */
async function run<T>(
  options: SandboxOptions,
  work: (client: RawClient) => Promise<T>,
): Promise<T> {
  const sandbox: Sandbox = await startSandbox(options);
  try {
    const client = createClient(sandbox);
    await client.login();
    return await work(client);
  } finally {
    await sandbox.close();
  }
}

const SEED = { apps: [{ number: "806", name: "desk" }] };

test("a data file keeps everything across restarts, and the seed is planted only once", async () => {
  const dataFile = path.join(await makeFolder(), "state.json");
  const before = await run({ dataFile, seed: SEED }, async (client) => {
    await client.create("Groups", { Name: "kept" });
    await client.send("DELETE", await client.at("CallFlowApps", "806"));
    await client.create("CallFlowApps", { Number: "807", Name: "new" });
    return client.sandbox.console.state();
  });
  const after = await run({ dataFile, seed: SEED }, async ({ sandbox }) => sandbox.console.state());
  expect(after).toEqual(before);
  expect(after["CallFlowApps"]).toMatchObject([{ Number: "807" }]);
});

async function createAndDelete(client: RawClient): Promise<number> {
  const group = await client.create("Groups", { Name: "short" });
  await client.send("DELETE", `Groups(${group["Id"]})`);
  return group["Id"];
}

test("an id that was given before the restart is not given again after it", async () => {
  const dataFile = path.join(await makeFolder(), "state.json");
  const first = await run({ dataFile }, createAndDelete);
  expect(await run({ dataFile }, createAndDelete)).toBe(first + 1);
});

test("a compilation that was under way goes on after the restart, with its history", async () => {
  const dataFile = path.join(await makeFolder(), "state.json");
  const clock = manualClock();
  await run({ dataFile, clock, seed: SEED }, async ({ at, send }) =>
    send("PATCH", await at("CallFlowApps", "806"), { ScriptCode: GOOD_SCRIPT }),
  );
  clock.advance(200);
  await run({ dataFile, clock }, async ({ sandbox }) => {
    expect(sandbox.console.get("806")).toMatchObject({ compiling: true, runnable: null });
    clock.advance(100);
    expect(sandbox.console.get("806")).toMatchObject({ compiling: false, runnable: GOOD_SCRIPT });
    expect(sandbox.console.history("806").map(({ event }) => event)).toEqual([
      "created",
      "compiled",
    ]);
  });
});

test("what was answered is in the file, whatever happens next", async () => {
  const dataFile = path.join(await makeFolder(), "state.json");
  await run({ dataFile }, async ({ create, sandbox }) => {
    const made = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => create("Groups", { Name: `g${index}` })),
    );
    const text = await readFile(dataFile, "utf8");
    for (const group of made) expect(text).toContain(`"Name":"${group["Name"]}"`);
    await sandbox.console.create({ Number: "806", Name: "by hand" });
    expect(await readFile(dataFile, "utf8")).toContain("by hand");
    await sandbox.console.remove("806");
    expect(JSON.parse(await readFile(dataFile, "utf8")).snapshot.store.sets).not.toHaveProperty(
      "CallFlowApps",
    );
  });
});

test("the file is replaced as a whole: nothing half-written is left beside it", async () => {
  const folder = await makeFolder();
  await run({ dataFile: path.join(folder, "state.json") }, async ({ create }) =>
    create("Groups", { Name: "a" }),
  );
  expect(await readdir(folder)).toEqual(["state.json"]);
});

test.each(["", "{", "[]", "{}", '{"format":"other"}', '{"format":"callform-sandbox/1"}'])(
  "a data file that holds %j is refused and left alone",
  async (text) => {
    const dataFile = path.join(await makeFolder(), "state.json");
    await writeFile(dataFile, text);
    await expect(startSandbox({ dataFile })).rejects.toThrow(
      `${dataFile} is no state of a sandbox`,
    );
    expect(await readFile(dataFile, "utf8")).toBe(text);
  },
);

test("a folder that is not there is said at the start", async () => {
  const missing = path.join(await makeFolder(), "nowhere", "file");
  await expect(startSandbox({ dataFile: missing })).rejects.toThrow("ENOENT");
  await expect(startSandbox({ recordFile: missing })).rejects.toThrow("ENOENT");
});

test("a state that can no longer be written is an answer, not silence", async () => {
  const folder = await makeFolder();
  const client = await openSandbox({ dataFile: path.join(folder, "inner.json") });
  await rm(folder, { recursive: true });
  const answer = await client.send("POST", "Groups", { Name: "lost" });
  expect(answer.status).toBe(500);
  expect(answer.text).toContain("ENOENT");
  expect(client.sandbox.requests).toMatchObject([{ method: "POST", status: 500 }]);
  await mkdir(folder);
  expect((await client.send("POST", "Groups", { Name: "kept" })).status).toBe(201);
  expect(await readFile(path.join(folder, "inner.json"), "utf8")).toContain("kept");
});

test("every exchange is a line of the record file, in order, without a credential in it", async () => {
  const recordFile = path.join(await makeFolder(), "record.ndjson");
  const secret = "very-secret-indeed";
  const seed = { ...SEED, clientSecret: secret };
  const token = await run({ recordFile, seed }, async ({ get, login, send, at }) => {
    await send("PATCH", await at("CallFlowApps", "806"), { Name: "other" });
    await get("Nothing");
    await send("POST", "Users", {
      AuthPassword: secret,
      VMPIN: null,
      Phones: [{ Id: 1, Settings: { AuthPassword: secret } }],
    });
    return (await login()).json.access_token;
  });
  const text = await readFile(recordFile, "utf8");
  expect(text).not.toContain(secret);
  expect(text).not.toContain(token);
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    {
      method: "POST",
      path: "/connect/token",
      request: { client_secret: "(redacted)" },
      response: { access_token: "(redacted)", refresh_token: null },
    },
    { method: "GET", query: "$select=Id&$filter=Number eq '806'", request: null, status: 200 },
    { method: "PATCH", request: { Name: "other" }, status: 204, response: null },
    { method: "GET", path: "/xapi/v1/Nothing", status: 404 },
    {
      method: "POST",
      request: { AuthPassword: "(redacted)" },
      response: { AuthPassword: "(redacted)" },
    },
    { path: "/connect/token" },
  ]);
});

test("a record file goes on where the last run ended", async () => {
  const recordFile = path.join(await makeFolder(), "record.ndjson");
  for (let round = 0; round < 2; round++) await run({ recordFile }, async ({ get }) => get("Defs"));
  expect((await readFile(recordFile, "utf8")).trimEnd().split("\n")).toHaveLength(4);
});
