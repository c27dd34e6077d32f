import { describe, expect, it } from "vitest";
import { runInline } from "../support/program/inline.ts";
import { DESK } from "../support/project/desk.ts";
import { makeFolder, type Folder } from "../support/project/folder.ts";
import {
  makePbxProject,
  PROJECT_FILE,
  SEED,
  writeApp,
  writesOf,
} from "../support/project/pbx-project.ts";

const USERS = ["100", "101", "102"].map((number) => ({ number, name: `User ${number}` }));
const BARE = { ...SEED, queues: [], users: USERS };
type Pbx = Awaited<ReturnType<typeof makePbxProject>>["pbx"];

async function makeDesk(files = { ...DESK, ...writeApp("806", "night") }) {
  const project = await makePbxProject(files, { seed: BARE });
  return { ...project, call: (...args: string[]) => callform(project, project.pbx, args) };
}

function callform(folder: Folder, pbx: Pbx, args: readonly string[]) {
  const env = {
    PBX_URL: pbx.url,
    PBX_CLIENT_ID: pbx.clientId,
    PBX_CLIENT_SECRET: pbx.clientSecret,
  };
  return runInline(args, { cwd: folder.root, env });
}

describe("a desk with menus, a queue and a ring group that lead to each other in circles", () => {
  it("is applied once, plans to nothing, and is pulled as it was written", async () => {
    const { call, pbx } = await makeDesk();
    const applied = await call("apply", "--yes");
    expect([applied.code, applied.stderr]).toEqual([0, expect.not.stringContaining("error")]);
    expect(applied.stdout + applied.stderr).not.toContain("hunter2");
    const plan = await call("plan", "--detailed-exitcode");
    expect([plan.code, plan.stdout]).toEqual([0, expect.stringContaining("0 to update")]);

    const fresh = makeFolder({ "callform.yaml": PROJECT_FILE });
    const pulled = await callform(fresh, pbx, ["pull", "--kind", "*"]);
    expect([pulled.code, pulled.stderr]).toEqual([0, ""]);
    const again = await callform(fresh, pbx, ["plan", "--detailed-exitcode"]);
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining("5 unchanged")]);
    const twice = await callform(fresh, pbx, ["pull", "--kind", "*"]);
    expect(twice.stdout).toContain("nothing to write, 5 unchanged");
  });

  it("makes what others lead to first, and wires it after every script has been judged", async () => {
    const { call, pbx } = await makeDesk();
    await call("apply", "--yes", "--concurrency", "1");
    const writes = writesOf(pbx).map(
      ({ method, path }) => `${method} ${path.replace(/^\/xapi\/v1\//, "")}`,
    );
    const shells = ["RingGroups", "Queues", "Receptionists", "Receptionists"];
    expect(writes.slice(0, 4).toSorted()).toEqual(shells.map((set) => `POST ${set}`).toSorted());
    const script = writes.findIndex((write) => write.startsWith("PATCH CallFlowApps"));
    const wires = writes.findIndex((write) => /^PATCH (Receptionists)/.test(write));
    expect(script).toBeGreaterThan(0);
    expect(wires).toBeGreaterThan(0);
  });

  it("shows one agent that somebody added in the console as one change, and a changed order only where it counts", async () => {
    const { call, pbx } = await makeDesk();
    await call("apply", "--yes");
    await change(pbx, "Queues", "800", {
      Agents: [{ Number: "101" }, { Number: "100", SkillGroup: "1" }],
    });
    expect((await call("drift")).code).toBe(0);
    await change(pbx, "RingGroups", "810", { Members: [{ Number: "100" }, { Number: "101" }] });
    const drift = await call("drift");
    expect(drift.code).toBe(2);
    expect(drift.stdout).toContain("RingGroup 810");
    expect(drift.stdout).not.toContain("Queue 800");
  });
});

describe("a number that leads nowhere", () => {
  it("is a problem at its line, once, with what was meant", async () => {
    const desk = DESK["apps/desk.yaml"] ?? "";
    const wrong = desk
      .replace('{ number: "100", skillGroup: "1" }, "101"', '"100", "1010"')
      .replace('managers: ["102"]', 'managers: ["1010"]')
      .replace(
        'timeoutForward: { to: RingGroup, number: "810" }',
        'timeoutForward: { to: Queue, number: "810" }',
      );
    const { call, pbx } = await makeDesk({ "apps/desk.yaml": wrong, ...writeApp("806", "night") });
    const plan = await call("plan");
    expect(plan.code).toBe(1);
    const line = wrong.split("\n").findIndex((text) => text.includes('"1010"')) + 1;
    expect(plan.stderr + plan.stdout).toContain(`apps/desk.yaml:${line}:`);
    const problems = (plan.stderr + plan.stdout)
      .split("\n")
      .filter((text) => / error number-/.test(text));
    expect(problems.map((text) => text.replace(/^.* (number-)/, "$1"))).toEqual([
      "number-missing agents leads to 1010, and nothing on the PBX has that number (named in 1 more place)",
      "number-other-kind timeoutForward says that 810 is of type Queue, and on the PBX it is of type RingGroup",
    ]);
    expect(plan.stderr + plan.stdout).toContain(
      "did you mean 100 (Extension User 100) or 101 (Extension User 101)?",
    );
    expect(writesOf(pbx)).toEqual([]);
  });
});

/** What somebody does in the console. */
async function change(pbx: Pbx, set: string, number: string, body: object): Promise<void> {
  const token = await fetch(`${pbx.url}/connect/token`, {
    method: "POST",
    body: new URLSearchParams({
      client_id: pbx.clientId,
      client_secret: pbx.clientSecret,
      grant_type: "client_credentials",
    }),
  });
  const { access_token: bearer } = (await token.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/json" };
  const found = await fetch(`${pbx.url}/xapi/v1/${set}(Number='${number}')?$select=Id`, {
    headers,
  });
  const { Id: id } = (await found.json()) as { Id: number };
  const changed = await fetch(`${pbx.url}/xapi/v1/${set}(${id})`, {
    method: "PATCH",
    headers,
    body: JSON.stringify(body),
  });
  expect(changed.status).toBe(204);
}
