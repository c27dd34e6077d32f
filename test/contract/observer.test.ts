import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../src/app/clock.ts";
import { Secret } from "../../src/domain/secret.ts";
import { createClient } from "../../src/xapi/client.ts";
import type { FaultAction } from "../../src/sandbox/faults/read.ts";
import { startSandbox, type Sandbox, type SandboxOptions } from "../../src/sandbox/server.ts";
import { isFromClient } from "../support/contract/judge/check.ts";
import { RECORDS_VARIABLE, type Recorded } from "../support/contract/record/record.ts";
import { isTree } from "../support/contract/spec/tree.ts";
import { ABSENT, WHY } from "./official.ts";

/** Started as every test starts one: nothing here asks for being observed. */
async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** What this file's sandboxes were seen to do so far, but for the tests before this one. */
function readObserved(): readonly Recorded[] {
  const folder = process.env[RECORDS_VARIABLE] ?? "";
  const files = readdirSync(folder).filter((file) => file.startsWith(`${process.pid}-`));
  const { currentTestName = "" } = expect.getState();
  return files
    .flatMap((file) => readFileSync(path.join(folder, file), "utf8").split("\n"))
    .filter((line) => line !== "")
    .map((line): Recorded => JSON.parse(line))
    .filter(({ test }) => test === `test/contract/observer.test.ts: ${currentTestName}`);
}

async function logIn({ url, clientId, clientSecret }: Sandbox): Promise<Record<string, string>> {
  const form = { client_id: clientId, client_secret: clientSecret };
  const body = new URLSearchParams({ ...form, grant_type: "client_credentials" });
  const answer = await fetch(`${url}/connect/token`, { method: "POST", body });
  const token: unknown = await answer.json();
  return { authorization: `Bearer ${isTree(token) ? String(token["access_token"]) : ""}` };
}

describe.skipIf(ABSENT !== undefined)(`a sandbox that a test starts${WHY}`, () => {
  it("is observed: who asked, for what, and what the answer was", async () => {
    const sandbox = await openSandbox();
    const headers = { ...(await logIn(sandbox)), "user-agent": "somebody" };
    const target = "/xapi/v1/Groups?$filter=Name%20eq%20%27a%26b%27";
    await fetch(`${sandbox.url}${target}`, { headers });
    const body = JSON.stringify({ Name: "x", Planted: 1 });
    const json = { ...headers, "content-type": "application/json" };
    await fetch(`${sandbox.url}/xapi/v1/Groups`, { method: "POST", headers: json, body });
    const [token, list, create] = readObserved();
    expect(token).toMatchObject({
      method: "POST",
      target: "/connect/token",
      answer: { status: 200 },
    });
    expect(list).toMatchObject({
      method: "GET",
      target,
      agent: "somebody",
      version: expect.stringMatching(/^20\.0\./),
      answer: { status: 200, body: { value: [] } },
    });
    expect(create).toMatchObject({ request: { Name: "x", Planted: 1 }, answer: { status: 400 } });
    expect(create).not.toHaveProperty("faults");
  });

  it("is observed without the secrets that went over the line", async () => {
    const sandbox = await openSandbox({ seed: { clientSecret: "s3cr3t-planted" } });
    const { authorization = "" } = await logIn(sandbox);
    const written = JSON.stringify(readObserved());
    expect(written).toContain("(redacted)");
    expect(written).not.toContain("s3cr3t-planted");
    expect(written).not.toContain(authorization.slice("Bearer ".length));
  });

  it("is observed when our own client asks, which says who it is", async () => {
    const { url: origin, clientId, clientSecret } = await openSandbox();
    const secret = new Secret(clientSecret);
    const client = createClient({ origin, clientId, clientSecret: secret, clock: systemClock });
    onTestFinished(() => client.close());
    await client.reader.list({ collection: "Groups", select: ["Id", "Name"] });
    const observed = readObserved();
    expect(observed.map(({ method, target }) => `${method} ${target.split("?")[0]}`)).toEqual([
      "POST /connect/token",
      "GET /xapi/v1/Groups",
    ]);
    expect(observed.every(isFromClient)).toBe(true);
  });

  it.each<[FaultAction, Partial<Recorded>]>([
    [
      { type: "status", status: 503, body: "down" },
      { answer: { status: 503 }, faults: ["status"] },
    ],
    [{ type: "malformed" }, { answer: { status: 200 }, faults: ["malformed"] }],
    [{ type: "delay", milliseconds: 1 }, { answer: expect.objectContaining({ status: 200 }) }],
    [{ type: "truncate" }, { answer: expect.objectContaining({ status: 200 }) }],
    [{ type: "supersede" }, { answer: expect.objectContaining({ status: 401 }) }],
    [{ type: "reset", when: "before" }, {}],
    [{ type: "reset", when: "after" }, {}],
  ])("is known by its faults: %o", async (action, expected) => {
    const match = { path: "Defs" };
    const sandbox = await openSandbox({ faults: [{ match, action }] });
    const headers = await logIn(sandbox);
    const ask = async (): Promise<void> => {
      const answer = await fetch(`${sandbox.url}/xapi/v1/Defs`, { headers });
      await answer.text();
    };
    await ask().catch(() => undefined);
    const [, struck] = readObserved();
    const { answer, faults } = struck ?? {};
    expect({
      ...(answer === undefined ? {} : { answer }),
      ...(faults === undefined ? {} : { faults }),
    }).toEqual(expected);
    await ask().catch(() => undefined);
    expect(readObserved()[2]).not.toHaveProperty("faults");
  });
});
