import { describe, expect, it } from "vitest";
import { countWrites, deploymentStates, ownComments, planOf } from "../../support/action/look.ts";
import { openActionWorld, type ActionWorld } from "../../support/action/world.ts";
import { writeApp } from "../../support/project/pbx-project.ts";
import { writeScript } from "../../support/project/scripts.ts";

const APPS = { "806": "one", "807": "two" };

async function openWorld(): Promise<ActionWorld> {
  const world = await openActionWorld({ apps: APPS, live: true, here: true });
  const ran = await world.runPush();
  expect(ran.code, ran.raw).toBe(0);
  return world;
}

function setScript(world: ActionWorld, name: string, greeting: string): void {
  const className = name[0]?.toUpperCase() + name.slice(1);
  world.write(`apps/${name}.cs`, writeScript(className, greeting));
}

/** Plans and merges; gives the merged commit and the pull request. */
async function land(
  world: ActionWorld,
  change: () => void,
): Promise<{ sha: string; pull: number }> {
  const pull = world.openPull("A change", change);
  const ran = await world.runPull(pull);
  expect(ran.code, ran.raw).toBe(0);
  return { sha: world.merge(pull), pull };
}

async function apply(world: ActionWorld, sha: string): Promise<void> {
  const ran = await world.runPush(sha);
  expect(ran.code, ran.raw).toBe(0);
}

function scriptOf({ pbx }: ActionWorld, number: string): string {
  return pbx.console.get(number)?.ScriptCode ?? "";
}

describe.each<[string, 1 | "all"]>([
  ["with one commit checked out", 1],
  ["with the whole history", "all"],
])("an old run that is run again, %s", (_, depth) => {
  it("rolls nothing back and records no success", async () => {
    const world = await openWorld();
    const first = await land(world, () => setScript(world, "one", "first.wav"));
    await apply(world, first.sha);
    const second = await land(world, () => {
      setScript(world, "one", "second.wav");
      world.remove("apps/two.yaml");
      world.remove("apps/two.cs");
    });
    await apply(world, second.sha);
    const states = deploymentStates(world);
    const told = ownComments(world, first.pull).map(({ body }) => body);
    const statuses = world.github.state.statuses.length;
    world.pbx.clearRequests();
    const again = await world.runPush(first.sha, { depth });
    expect(again.code, again.raw).toBe(1);
    expect(again.text).toContain("superseded");
    expect(again.text).toContain(second.sha.slice(0, 12));
    expect(countWrites(world)).toBe(0);
    expect(scriptOf(world, "806")).toContain("second.wav");
    expect(deploymentStates(world)).toEqual(states);
    // What was said of the old commit was true then, and stays.
    expect(ownComments(world, first.pull).map(({ body }) => body)).toEqual(told);
    expect(world.github.state.statuses).toHaveLength(statuses);
    const next = world.openPull("Look", () => world.write("README.md", "words"));
    await world.runPull(next);
    expect(planOf(world).base).toBe(second.sha);
  });
});

describe("an approval", () => {
  it("is used up once its commit is applied: what was removed by hand is not made anew", async () => {
    const world = await openWorld();
    const { sha } = await land(world, () => {
      for (const [name, text] of Object.entries(writeApp("808", "three"))) world.write(name, text);
    });
    await apply(world, sha);
    await world.pbx.console.remove("808");
    world.pbx.clearRequests();
    const again = await world.runPush(sha);
    expect(again.code).toBe(1);
    expect(again.text).toContain("approval-used");
    expect(countWrites(world)).toBe(0);
    expect(world.pbx.console.get("808")).toBeUndefined();
  });

  it("of an apply that was cut off does not revert what a newer commit has changed", async () => {
    const world = await openWorld();
    const second = await land(world, () => {
      setScript(world, "one", "b.wav");
      setScript(world, "two", "b.wav");
    });
    world.pbx.addFault({
      match: { method: "PATCH" },
      nth: 2,
      times: "always",
      action: { type: "compile", verdict: "refuse", message: "CS0103 no such name" },
    });
    const cut = await world.runPush(second.sha);
    expect(cut.code, cut.raw).toBe(1);
    world.pbx.clearFaults();
    const third = await land(world, () => setScript(world, "two", "c.wav"));
    await apply(world, third.sha);
    expect(scriptOf(world, "807")).toContain("c.wav");
    world.pbx.clearRequests();
    const again = await world.runPush(second.sha);
    expect(again.code).toBe(1);
    expect(countWrites(world)).toBe(0);
    expect(scriptOf(world, "807")).toContain("c.wav");
    expect(deploymentStates(world).at(-1)).toEqual([third.sha, "success"]);
  });

  it("is resumed where each app is as it was seen, and not over somebody's hands", async () => {
    const world = await openWorld();
    const { sha } = await land(world, () => {
      setScript(world, "one", "b.wav");
      setScript(world, "two", "b.wav");
    });
    world.pbx.addFault({
      match: { method: "PATCH" },
      action: { type: "compile", verdict: "refuse", message: "CS0103 no such name" },
    });
    expect((await world.runPush(sha)).code).toBe(1);
    world.pbx.clearFaults();
    const left = ["806", "807"].filter((number) => !scriptOf(world, number).includes("b.wav"));
    expect(left.length).toBeGreaterThan(0);
    for (const number of left)
      await world.pbx.console.edit(number, { ScriptCode: writeScript("Byhand", "hands.wav") });
    const over = await world.runPush(sha);
    expect(over.code).toBe(1);
    expect(over.text).toContain("is different on the PBX now");
    for (const number of left) expect(scriptOf(world, number)).toContain("hands.wav");
  });
});
