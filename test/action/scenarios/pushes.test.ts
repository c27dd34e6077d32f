import { describe, expect, it } from "vitest";
import { startSandbox } from "../../../src/sandbox/server.ts";
import {
  checksOf,
  countWrites,
  deploymentStates,
  ownComments,
  planOf,
} from "../../support/action/look.ts";
import { type ActionWorld, type OpenWorld, worldsOf } from "../../support/action/world.ts";
import type { MergeWay } from "../../support/action/pulls.ts";
import { SEED, writeApp } from "../../support/project/pbx-project.ts";
import { writeScript } from "../../support/project/scripts.ts";

const APPS = { "806": "one", "807": "two" };
const UNREVIEWED = { inputs: { "require-approved-plan": "false" } };
const OTHER_APP = { id: 99, slug: "other-app", name: "Other" };

function change(world: ActionWorld, greeting = "changed.wav"): () => void {
  return () => world.write("apps/one.cs", writeScript("One", greeting));
}

/** A world whose PBX is as the manifests say, and of which GitHub records no deployment. */
async function openLive(open: OpenWorld): Promise<ActionWorld> {
  return open({ apps: APPS, live: true });
}

/** The same, applied by the Action. */
async function openApplied(open: OpenWorld): Promise<ActionWorld> {
  const world = await openLive(open);
  const ran = await world.runPush();
  expect(ran.code, ran.raw).toBe(0);
  return world;
}

async function openReviewed(world: ActionWorld, greeting?: string): Promise<number> {
  const pull = world.openPull("Change one", change(world, greeting));
  const ran = await world.runPull(pull);
  expect(ran.code, ran.raw).toBe(0);
  return pull;
}

describe.concurrent("a merged pull request", () => {
  it.for<MergeWay>(["merge", "squash", "rebase"])(
    "is applied as it was reviewed after a %s",
    async (way, { onTestFinished }) => {
      const open = worldsOf(onTestFinished);
      const world = await openLive(open);
      const pull = await openReviewed(world);
      // A pull request that merely contains the commit, and one merged into another branch, are not meant.
      world.github.state.pulls.set(90, { ...getPull(world, pull), number: 90, merged_at: null });
      world.github.state.pulls.set(91, {
        ...getPull(world, pull),
        number: 91,
        base: { ...getPull(world, pull).base, ref: "release" },
        merged_at: "2026-01-01T00:00:00Z",
      });
      const sha = world.merge(pull, way);
      for (const decoy of [90, 91]) getPull(world, decoy).merge_commit_sha = sha;
      const ran = await world.runPush(sha);
      expect(ran.code, ran.raw).toBe(0);
      expect(world.pbx.console.get("806")?.ScriptCode).toContain("changed.wav");
      expect(deploymentStates(world).at(-1)).toEqual([sha, "success"]);
      expect(ownComments(world, pull)).toHaveLength(2);
      expect(ran.outputs).toMatchObject({ "has-changes": "true", updates: "1" });
      if (way !== "squash") return;
      world.pbx.clearRequests();
      const again = await world.runPush(sha);
      expect(again.code, again.raw).toBe(0);
      expect(countWrites(world)).toBe(0);
      expect(again.outputs["has-changes"]).toBe("false");
    },
  );

  it("is refused without a plan, with one that failed, and with one of another app", async ({
    onTestFinished,
  }) => {
    const open = worldsOf(onTestFinished);
    const world = await openLive(open);
    const unplanned = world.openPull("Never planned", change(world, "1.wav"));
    const first = await world.runPush(world.merge(unplanned));
    expect(first.code).toBe(1);
    expect(first.summary).toContain("no check run");
    expect(ownComments(world, unplanned).at(-1)?.body).toContain("no check run");

    const failed = await openReviewed(world, "2.wav");
    const [check] = checksOf(world, failed);
    Object.assign(check ?? {}, { conclusion: "failure" });
    const second = await world.runPush(world.merge(failed));
    expect(second.code).toBe(1);
    expect(second.summary).toContain("failure");

    const forged = await openReviewed(world, "3.wav");
    const [genuine] = checksOf(world, forged);
    if (genuine === undefined) throw new Error("there is no check run");
    const late = world.merge(forged);
    world.github.state.checkRuns.push({ ...genuine, id: 999_999, app: OTHER_APP });
    Object.assign(genuine, { external_id: "0".repeat(64) });
    const third = await world.runPush(late);
    expect(third.code).toBe(1);
    expect(countWrites(world)).toBe(0);
    expect(deploymentStates(world)).toEqual([]);
  });

  it("whose plan is newer than the review says how the two differ", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await openLive(open);
    const pull = await openReviewed(world);
    await world.pbx.console.edit("807", { Name: "byhand" });
    const sha = world.merge(pull);
    const ran = await world.runPush(sha);
    expect(ran.code).toBe(1);
    const { body } = ownComments(world, pull).at(-1) ?? { body: "" };
    for (const text of [body, ran.summary, ran.text]) {
      expect(text).toContain("not the one that was reviewed");
      expect(text).toMatch(/807/);
      expect(text).toContain("again");
    }
    // The plan job of the pull request is run again, and its plan approved.
    const replanned = await world.runPull(pull);
    expect(replanned.code, replanned.raw).toBe(0);
    const applied = await world.runPush(sha);
    expect(applied.code, applied.raw).toBe(0);
    expect(world.pbx.console.get("807")?.Name).toBe("two");
    expect(deploymentStates(world)).toEqual([[sha, "success"]]);
  });

  it("with a script that the PBX refuses ends as a failure, and the old script answers", async ({
    onTestFinished,
  }) => {
    const open = worldsOf(onTestFinished);
    const world = await openLive(open);
    const pull = world.openPull("Break one", () => {
      world.write("apps/one.cs", `${writeScript("One")}// broken\n`);
      world.write("apps/two.cs", writeScript("Two", "fine.wav"));
    });
    expect((await world.runPull(pull)).code).toBe(0);
    const sha = world.merge(pull, "squash");
    world.pbx.addFault({
      match: { method: "PATCH" },
      action: { type: "compile", verdict: "refuse", message: "CS0103 no such name" },
    });
    const ran = await world.runPush(sha);
    expect(ran.code).toBe(1);
    expect(deploymentStates(world).at(-1)).toEqual([sha, "failure"]);
    const body = ownComments(world, pull).at(-1)?.body ?? "";
    expect(body).toContain("CS0103");
    expect(body).toMatch(/applied/);
    expect(body).toMatch(/refused/);
    world.pbx.clearFaults();
    const again = await world.runPush(sha);
    expect(again.code, again.raw).toBe(0);
    expect(deploymentStates(world).at(-1)).toEqual([sha, "success"]);
  });
});

function getPull(world: ActionWorld, number: number) {
  const pull = world.github.state.pulls.get(number);
  if (pull === undefined) throw new Error(`there is no pull request ${number}`);
  return pull;
}

describe.concurrent("a direct push", () => {
  it("is refused with words, unless nobody asks for a review", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await openLive(open);
    change(world)();
    const sha = world.commit("Straight to main");
    const refused = await world.runPush(sha);
    expect(refused.code).toBe(1);
    expect(refused.summary).toContain("pushed directly");
    expect(refused.text).toContain("require-approved-plan");
    expect(countWrites(world)).toBe(0);
    expect(deploymentStates(world)).toEqual([]);
    const allowed = await world.runPush(sha, UNREVIEWED);
    expect(allowed.code, allowed.raw).toBe(0);
    expect(world.pbx.console.get("806")?.ScriptCode).toContain("changed.wav");
  });

  it("that changes nothing on the PBX needs no review, and is recorded", async ({
    onTestFinished,
  }) => {
    const open = worldsOf(onTestFinished);
    const world = await openLive(open);
    world.write("README.md", "words");
    const sha = world.commit("Words");
    const ran = await world.runPush(sha);
    expect(ran.code, ran.raw).toBe(0);
    expect(deploymentStates(world).at(-1)).toEqual([sha, "success"]);
    expect(countWrites(world)).toBe(0);
  });
});

describe.concurrent("the base of a plan", () => {
  it("is the newest deployment that succeeded, made by the Action for this target", async ({
    onTestFinished,
  }) => {
    const open = worldsOf(onTestFinished);
    const world = await openApplied(open);
    const [first = ["", ""]] = deploymentStates(world);
    const { state } = world.github;
    const [genuine] = state.deployments;
    if (genuine === undefined) throw new Error("there is no deployment");
    world.write("README.md", "words");
    const newer = world.commit("Words");
    const decoys = [
      { ...genuine, id: 8001, sha: newer, task: "deploy" },
      { ...genuine, id: 8002, sha: newer, environment: "elsewhere" },
      { ...genuine, id: 8003, sha: newer, statuses: [] },
      { ...genuine, id: 8004, sha: newer, payload: "" },
    ];
    state.deployments.push(...decoys);
    const pull = await openReviewed(world);
    expect(planOf(world).base).toBe(first[0]);
    await world.runPull(pull, { inputs: { base: newer } });
    expect(planOf(world).base).toBe(newer);
  });

  it("that a force push has removed is warned of, and the plan is made without it", async ({
    onTestFinished,
  }) => {
    const open = worldsOf(onTestFinished);
    const world = await openApplied(open);
    const [deployment] = world.github.state.deployments;
    Object.assign(deployment ?? {}, { sha: "d".repeat(40) });
    const pull = world.openPull("Change one", change(world));
    const ran = await world.runPull(pull);
    expect(ran.code, ran.raw).toBe(0);
    expect(planOf(world).base).toBeUndefined();
    expect(ran.summary).toContain("d".repeat(12));
    expect(ownComments(world, pull)[0]?.body).toContain("not in this repository");
  });

  it("lets an app that has left Git be deleted, and says so before", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await openApplied(open);
    const pull = world.openPull("Remove two", () => {
      world.remove("apps/two.yaml");
      world.remove("apps/two.cs");
    });
    const ran = await world.runPull(pull);
    expect(ran.outputs).toMatchObject({ "has-deletes": "true", deletes: "1" });
    const applied = await world.runPush(world.merge(pull));
    expect(applied.code, applied.raw).toBe(0);
    expect(world.pbx.console.list().map((app) => app.Number)).toEqual(["806"]);
  });
});

describe.concurrent("several targets", () => {
  const PROJECT = (north: string, south: string): string => `apiVersion: callform/v1
kind: Project
targets:
  north: { url: "${north}", clientId: "\${env:NORTH_ID}", clientSecret: "\${env:NORTH_SECRET}" }
  south: { url: "${south}", clientId: "\${env:SOUTH_ID}", clientSecret: "\${env:SOUTH_SECRET}" }
`;

  it("each get their own result, and one that fails does not stop the others", async ({
    onTestFinished,
  }) => {
    const open = worldsOf(onTestFinished);
    const [north, south] = await Promise.all([
      startSandbox({ seed: SEED }),
      startSandbox({ seed: { ...SEED, clientSecret: "another-secret" } }),
    ]);
    const files = { "callform.yaml": PROJECT(north.url, south.url) };
    const world = await open({ apps: APPS, files });
    const options = {
      inputs: { url: "", "client-id": "", "client-secret": "", target: "*" },
      env: {
        NORTH_ID: north.clientId,
        NORTH_SECRET: north.clientSecret,
        SOUTH_ID: south.clientId,
        SOUTH_SECRET: south.clientSecret,
      },
    };
    const pull = world.openPull("Add three", () => {
      for (const [name, text] of Object.entries(writeApp("808", "three"))) world.write(name, text);
    });
    const planned = await world.runPull(pull, options);
    expect(planned.code, planned.raw).toBe(0);
    expect(ownComments(world, pull)).toHaveLength(2);
    expect(checksOf(world, pull).map(({ name }) => name)).toEqual([
      "callform / north",
      "callform / south",
    ]);
    expect(planned.outputs["creates"]).toBe("6");
    const sha = world.merge(pull);
    const env = { ...options.env, NORTH_SECRET: "no-longer-the-secret" };
    const applied = await world.runPush(sha, { ...options, env });
    expect(applied.code).toBe(1);
    expect(south.console.list()).toHaveLength(3);
    const states = world.github.state.deployments.map(({ environment, statuses }) => [
      environment,
      statuses.at(-1)?.state,
    ]);
    expect(states).toContainEqual(["south", "success"]);
    expect(states).not.toContainEqual(["north", "success"]);
    const said = world.github.state.statuses.map(({ context, state }) => `${context}: ${state}`);
    expect(new Set(said)).toEqual(
      new Set(["callform apply / north: failure", "callform apply / south: success"]),
    );
    const bodies = ownComments(world, pull).map(({ body }) => body);
    expect(bodies).toHaveLength(4);
    await Promise.all([north.close(), south.close()]);
  });
});
