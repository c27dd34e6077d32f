import { describe, expect, it } from "vitest";
import { countWrites, deploymentStates, issuesOf } from "../../support/action/look.ts";
import { openActionWorld, type ActionWorld } from "../../support/action/world.ts";
import { writeScript } from "../../support/project/scripts.ts";

const APPS = { "806": "one", "807": "two" };

async function openGroup(): Promise<{ world: ActionWorld; sha: string }> {
  const world = await openActionWorld({ apps: APPS, live: true, here: true });
  const pulls = [];
  for (const [name, className] of [
    ["one", "One"],
    ["two", "Two"],
  ] as const) {
    const pull = world.openPull(`Change ${name}`, () =>
      world.write(`apps/${name}.cs`, writeScript(className, "queued.wav")),
    );
    const ran = await world.runPull(pull);
    expect(ran.code, ran.raw).toBe(0);
    pulls.push(pull);
  }
  // The queue puts both on top of each other, and pushes the second one's commit alone.
  const shas = pulls.map((pull) => world.merge(pull, "squash"));
  return { world, sha: shas.at(-1) ?? "" };
}

/** The run of the queue, before it merges its group. */
async function runGroup(world: ActionWorld, sha: string, event = "merge_group") {
  const payload = { action: "checks_requested", merge_group: { head_sha: sha } };
  return world.runPush(sha, { event, payload });
}

describe("a merge queue", () => {
  it("lands a group whose plan it has made", async () => {
    const { world, sha } = await openGroup();
    const planned = await runGroup(world, sha);
    expect(planned.code, planned.raw).toBe(0);
    const ran = await world.runPush(sha);
    expect(ran.code, ran.raw).toBe(0);
    for (const number of ["806", "807"])
      expect(world.pbx.console.get(number)?.ScriptCode).toContain("queued.wav");
    expect(deploymentStates(world)).toEqual([[sha, "success"]]);
  });

  it("lands no group whose plan is another one by then, or was never made", async () => {
    const { world, sha } = await openGroup();
    const never = await world.runPush(sha);
    expect(never.code).toBe(1);
    await runGroup(world, sha);
    await world.pbx.console.edit("807", { Name: "byhand" });
    const other = await world.runPush(sha);
    expect(other.code).toBe(1);
    expect(other.text).toContain("not-approved");
    expect(countWrites(world)).toBe(0);
  });
});

describe("drift after a merge that was refused", () => {
  it("says where the PBX is, what is merged and not applied, and reminds of it until it is", async () => {
    const world = await openActionWorld({ apps: APPS, live: true, here: true });
    const start = world.repository.git("rev-parse", "main");
    expect((await world.runPush()).code).toBe(0);
    world.write("apps/one.cs", writeScript("One", "straight.wav"));
    const sha = world.commit("Straight @everyone to <main>");
    expect((await world.runPush(sha)).code).toBe(1);
    const looked = await world.runSchedule();
    expect(looked.code, looked.raw).toBe(0);
    expect(looked.outputs["drift"]).toBe("false");
    const [issue] = issuesOf(world);
    expect(issue).toMatchObject({ state: "open", title: "Callform drift: production" });
    for (const words of [
      "Merged and not applied",
      sha.slice(0, 12),
      start.slice(0, 12),
      "Straight",
    ])
      expect(issue?.body).toContain(words);
    expect(issue?.body).not.toMatch(/(^|[^\\\w`])@everyone|<main>/);
    await world.runSchedule();
    expect(issuesOf(world)).toHaveLength(1);
    const applied = await world.runPush(sha, { inputs: { "require-approved-plan": "false" } });
    expect(applied.code, applied.raw).toBe(0);
    const clean = await world.runSchedule();
    expect(clean.code, clean.raw).toBe(0);
    expect(issuesOf(world)).toMatchObject([{ state: "closed" }]);
    const said = world.github.state.comments.filter(({ issue: of }) => of === issue?.number);
    expect(said.at(-1)?.body).toContain(`as Git says at ${sha.slice(0, 12)}`);
  });
});

describe("a push that was dropped from its branch", () => {
  it("is not applied", async () => {
    const world = await openActionWorld({ apps: APPS, live: true, here: true });
    const start = world.repository.git("rev-parse", "main");
    world.write("apps/one.cs", writeScript("One", "dropped.wav"));
    const dropped = world.commit("Dropped");
    world.repository.git("reset", "-q", "--hard", start);
    world.commit("Instead");
    const ran = await world.runPush(dropped, { inputs: { "require-approved-plan": "false" } });
    expect(ran.code).toBe(1);
    expect(ran.text).toContain("commit-dropped");
    expect(countWrites(world)).toBe(0);
  });
});
