import { describe, expect, it } from "vitest";
import type { SeedClient } from "../../src/sandbox/state/seed.ts";
import {
  makePbxProject,
  SEED,
  toClassName,
  writeApp,
  type PbxProject,
} from "../support/project/pbx-project.ts";
import type { Ran } from "../support/program/run.ts";
import { writeScript } from "../support/project/scripts.ts";

const REFUSAL = "error token-superseded";
const WORDS = "another program is using the client id callform";

/** Apps that are there and get a new script, and apps that are not there yet. */
const THERE = ["811", "812", "813", "814"];
const NEW = ["831", "832"];

/** Every answer takes long enough for two runs to be at it at the same time. */
async function makeSlowProject(
  latency: number,
  clients: readonly SeedClient[] = [],
): Promise<PbxProject> {
  const files: Record<string, string> = {};
  for (const number of [...THERE, ...NEW]) Object.assign(files, writeApp(number, `app${number}`));
  for (const number of THERE) files[`apps/app${number}.cs`] = wantedScript(number);
  const apps = THERE.map((number) => ({
    number,
    name: `app${number}`,
    scriptCode: writeScript(toClassName(`app${number}`), "old.wav"),
  }));
  return makePbxProject(files, { seed: { ...SEED, apps, clients }, latency });
}

function wantedScript(number: string): string {
  return writeScript(toClassName(`app${number}`), THERE.includes(number) ? "new.wav" : undefined);
}

function applyTwice(project: PbxProject): Promise<[Ran, Ran]> {
  const args = ["apply", "--yes", "--concurrency", "2"];
  return Promise.all([project.run(args), project.run(args)]);
}

/** Each number there at most once, with what it had or what it is to get, and never silent in between. */
function judgePbx({ pbx }: PbxProject): string[] {
  const found = pbx.console.list().map(({ Number: number }) => number);
  const twice = found.filter((number, index) => found.indexOf(number) !== index);
  const silent = THERE.filter((number) =>
    pbx.console.history(number).some(({ runnable }) => runnable === null),
  );
  const strange = THERE.filter((number) => {
    const runs = pbx.console.get(number)?.runnable ?? "";
    return runs !== wantedScript(number) && !runs.includes("old.wav");
  });
  return [
    ...twice.map((number) => `${number} is there twice`),
    ...silent.map((number) => `${number} was silent`),
    ...strange.map((number) => `${number} runs what nobody wrote`),
  ];
}

/** The goal, reached by one run on its own. */
async function finish(project: PbxProject): Promise<void> {
  const clean = await project.run(["apply", "--yes"]);
  expect(clean.stderr).not.toContain("error");
  expect(clean.code).toBe(0);
  expect(await project.run(["plan", "--detailed-exitcode"])).toMatchObject({ code: 0 });
  for (const number of [...THERE, ...NEW])
    expect(project.pbx.console.get(number)?.runnable).toBe(wantedScript(number));
  expect(project.pbx.console.list()).toHaveLength(THERE.length + NEW.length);
  expect(judgePbx(project)).toEqual([]);
}

describe("two applies at once with one client id", () => {
  it.each([25, 60, 120])(
    "with answers that take %i ms: one is told that it is not alone, and the PBX is consistent",
    async (latency) => {
      const project = await makeSlowProject(latency);
      const runs = await applyTwice(project);
      const tokens = project.pbx.requests.filter(({ path }) => path === "/connect/token");
      expect(tokens.length).toBeGreaterThan(2);
      expect(runs.filter(({ code }) => code !== 0 && code !== 1)).toEqual([]);
      const refused = runs.filter(({ code }) => code === 1);
      for (const { stdout, stderr } of refused) {
        expect(stdout + stderr).not.toContain("has a bug");
        expect(stderr).toMatch(/error (token-superseded|pbx-conflict|pbx-refused) /);
      }
      const told = runs.filter(({ stderr }) => stderr.includes(REFUSAL));
      expect(told.length).toBeLessThanOrEqual(1);
      for (const { stderr } of told) expect(stderr).toContain(WORDS);
      expect(judgePbx(project)).toEqual([]);
      await finish(project);
    },
  );

  it("is refused with one clear sentence and a way out, not with a list of failed requests", async () => {
    const project = await makeSlowProject(40);
    // Somebody else who asks for a token before every write is the worst neighbour there can be.
    project.pbx.addFault({
      match: { method: "PATCH" },
      times: "always",
      action: { type: "supersede" },
    });
    const ran = await project.run(["apply", "--yes", "--concurrency", "2"]);
    expect(ran.code).toBe(1);
    const sentences = ran.stderr.split("\n").filter((line) => line.includes(WORDS));
    // Those that were under way say so; what was not started does not repeat it.
    expect(sentences.length).toBeGreaterThan(0);
    expect(sentences.length).toBeLessThanOrEqual(2);
    expect(ran.stdout).toMatch(/Apply: (1|2) failed, \d skipped, 0 unchanged\./);
    expect(ran.stderr).toContain("the PBX has ended our token 3 times");
    expect(ran.stderr).toContain("3CX keeps one live token per client");
    project.pbx.clearFaults();
    expect(judgePbx(project)).toEqual([]);
    await finish(project);
  });
});

describe("two applies at once with a client id each", () => {
  it("do not end each other's tokens", async () => {
    const second = { clientId: "other", clientSecret: "other-secret" };
    const project = await makeSlowProject(25, [second]);
    const args = ["apply", "--yes", "--concurrency", "2"];
    const env = { PBX_CLIENT_ID: second.clientId, PBX_CLIENT_SECRET: second.clientSecret };
    const runs = await Promise.all([project.run(args), project.run(args, { env })]);
    expect(runs.map(({ stderr }) => stderr.includes(REFUSAL))).toEqual([false, false]);
    const tokens = project.pbx.requests.filter(({ path }) => path === "/connect/token");
    expect(tokens).toHaveLength(2);
    expect(judgePbx(project)).toEqual([]);
    await finish(project);
  });
});
