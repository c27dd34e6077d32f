import { execFile } from "node:child_process";
import { Agent, request } from "node:http";
import { promisify } from "node:util";
import { buildSync } from "esbuild";
import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { startSandbox } from "../../src/sandbox/server.ts";
import {
  createClient,
  DELTA,
  GOOD_SCRIPT,
  manualClock,
  openSandbox,
} from "../support/pbx/raw-client.ts";

test("it listens on loopback, on a free port of its own", async () => {
  const [one, two] = [await openSandbox(), await openSandbox()];
  expect(one.sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/u);
  expect(one.sandbox.url).not.toBe(two.sandbox.url);
});

test("a port that is taken is an error at the start", async () => {
  const { sandbox } = await openSandbox();
  const port = Number(new URL(sandbox.url).port);
  await expect(startSandbox({ port })).rejects.toThrow("EADDRINUSE");
});

test("one connection carries many requests", async () => {
  const { sandbox } = await openSandbox();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const reused: boolean[] = [];
  for (let round = 0; round < 3; round++)
    await new Promise<void>((resolve, reject) => {
      const sent = request(sandbox.url, { agent }, (answer) => {
        reused.push(sent.reusedSocket);
        answer.resume().on("end", resolve);
      });
      sent.on("error", reject).end();
    });
  expect(reused).toEqual([false, true, true]);
});

test("closing ends what is under way and refuses what comes after, and may be done twice", async () => {
  const sandbox = await startSandbox({ latency: 60_000 });
  const waiting = fetch(`${sandbox.url}/nowhere`);
  const outcome = waiting.catch((error: unknown) => error);
  while (sandbox.requests.length === 0) await new Promise(setImmediate);
  await sandbox.close();
  expect(await outcome).toMatchObject({ message: "fetch failed" });
  await sandbox.close();
  await expect(fetch(sandbox.url)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
});

test("once it is closed, neither a compilation nor a delay nor a restart keeps the process alive", async () => {
  const script = `
    import { startSandbox } from "./src/sandbox/server.ts";
    const sandbox = await startSandbox({
      seed: { apps: [{ number: "806", name: "a" }], compile: { delay: 600000 } },
      faults: [
        { match: { path: "/slow" }, action: { type: "delay", milliseconds: 600000 } },
        { match: { path: "/down" }, action: { type: "restart", milliseconds: 600000 } },
      ],
    });
    await sandbox.console.edit("806", { Name: "b" });
    fetch(sandbox.url + "/slow").catch(() => {});
    await fetch(sandbox.url + "/down").catch(() => {});
    await sandbox.close();
    process.stdout.write("closed");
  `;
  const { outputFiles } = buildSync({
    stdin: { contents: script, resolveDir: process.cwd(), loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    write: false,
  });
  const run = promisify(execFile)(process.execPath, ["--input-type=module", "-"]);
  run.child.stdin?.end(outputFiles.map(({ text }) => text).join(""));
  expect((await run).stdout).toBe("closed");
});

test("requests are logged in order with what was sent and answered, credentials left out", async () => {
  const clock = manualClock(1000);
  const { login, get, send, sandbox } = await openSandbox({ clock });
  clock.advance(5);
  await get("Groups?$select=Id&$filter=Name%20eq%20'a+b'");
  await send("POST", "Groups", { Name: "x" });
  await login();
  expect(sandbox.requests).toEqual([
    {
      method: "GET",
      path: "/xapi/v1/Groups",
      query: "$select=Id&$filter=Name eq 'a b'",
      status: 200,
      sentAt: 1005,
    },
    {
      method: "POST",
      path: "/xapi/v1/Groups",
      query: "",
      status: 201,
      body: { Name: "x" },
      sentAt: 1005,
    },
    {
      method: "POST",
      path: "/connect/token",
      query: "",
      status: 200,
      body: {
        client_id: "callform",
        client_secret: "(redacted)",
        grant_type: "client_credentials",
      },
      sentAt: 1005,
    },
  ]);
  sandbox.clearRequests();
  expect(sandbox.requests).toEqual([]);
});

test("the list of requests a caller holds goes on growing", async () => {
  const { get, sandbox } = await openSandbox();
  const { requests } = sandbox;
  await get("Defs");
  sandbox.clearRequests();
  await get("Groups");
  expect(requests.map(({ path }) => path)).toEqual(["/xapi/v1/Groups"]);
});

test.each([
  ["GET", "/nowhere", 404],
  ["POST", "/", 404],
  ["GET", "/xapi/v2/Groups", 404],
  ["GET", "/xapi/v1/Groups(%zz)", 400],
  ["GET", "/xapi/v1/Groups/", 404],
  ["HEAD", "/xapi/v1/Groups", 405],
  ["OPTIONS", "/xapi/v1/Groups", 405],
] as const)("%s %s is answered with %i", async (method, path, status) => {
  const { send } = await openSandbox();
  expect((await send(method, path)).status).toBe(status);
});

test("no body and no query, however strange, makes the sandbox itself fail", async () => {
  const { send } = await openSandbox({
    seed: { apps: [{ number: "806", name: "a" }], queues: [{ number: "800", name: "q" }] },
  });
  const path = fc.constantFrom(
    "CallFlowApps",
    "CallFlowApps(2)",
    "Queues(3)",
    "Groups(1)",
    "Groups",
    "InboundRules",
    "Groups/Pbx.DeleteCompanyById",
  );
  const property = fc.constantFrom(
    "Name",
    "Number",
    "Groups",
    "Trunk",
    "Members",
    "Agents",
    "Id",
    "__proto__",
    "constructor",
    "@odata.type",
  );
  const body = fc.oneof(fc.jsonValue(), fc.dictionary(property, fc.jsonValue(), { maxKeys: 3 }));
  const query = fc.dictionary(
    fc.constantFrom(
      "$filter",
      "$select",
      "$expand",
      "$orderby",
      "$top",
      "$skip",
      "$count",
      "$search",
      "x",
    ),
    fc.oneof(
      fc.string(),
      fc.constantFrom("Groups($select=GroupId)", "Name eq 'a'", "Id desc", "((", "*"),
    ),
    { maxKeys: 3 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("GET", "POST", "PATCH"),
      path,
      body,
      query,
      async (method, where, sent, asked) => {
        const search = new URLSearchParams(asked).toString();
        const answer = await send(
          method,
          `${where}?${search}`,
          method === "GET" ? undefined : sent,
        );
        expect([200, 201, 204, 400, 404, 405]).toContain(answer.status);
      },
    ),
    { numRuns: 300 },
  );
});

test("a body that is no JSON is one that does not bind", async () => {
  const { sandbox, login } = await openSandbox();
  const { access_token: token } = (await login()).json;
  const answer = await fetch(`${sandbox.url}/xapi/v1/Groups`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: '{"Name":',
  });
  expect([answer.status, await answer.json()]).toEqual([400, DELTA]);
});

test("two writes of the same number at once create one app", async () => {
  const { send, list } = await openSandbox();
  const answers = await Promise.all(
    Array.from({ length: 10 }, async () =>
      send("POST", "CallFlowApps", { Number: "806", Name: "x" }),
    ),
  );
  const made = answers.filter(({ status }) => status === 201);
  expect([made.length, new Set(answers.map(({ status }) => status))]).toEqual([
    1,
    new Set([201, 400]),
  ]);
  expect(await list("CallFlowApps")).toHaveLength(1);
});

test("ten thousand apps are listed in pages, each app once", async () => {
  const apps = Array.from({ length: 10_000 }, (_, index) => ({
    number: String(10_000 + index),
    name: `app${index}`,
    scriptCode: GOOD_SCRIPT,
  }));
  const { get } = await openSandbox({ seed: { apps } });
  const pages = await Promise.all(
    Array.from({ length: 100 }, async (_, page) =>
      get(
        `CallFlowApps?$select=Id,Number,ScriptCode&$expand=Groups&$orderby=Id&$count=true&$top=100&$skip=${page * 100}`,
      ),
    ),
  );
  expect(pages.every(({ json }) => json["@odata.count"] === 10_000)).toBe(true);
  const numbers = pages.flatMap(({ json }) =>
    json.value.map((app: { Number: string }) => app.Number),
  );
  expect(numbers).toEqual(apps.map(({ number }) => number));
});

test("each client has its own token", async () => {
  const clients = [{ clientId: "second", clientSecret: "s" }];
  const first = await openSandbox({ seed: { clients } });
  const second = createClient(first.sandbox, "second");
  await second.login("s");
  expect([(await first.get("Defs")).status, (await second.get("Defs")).status]).toEqual([200, 200]);
});
