import { describe, expect, it } from "vitest";
import { checksOf, deploymentStates, issuesOf, ownComments } from "../../support/action/look.ts";
import { type ActionWorld, worldsOf } from "../../support/action/world.ts";
import { locateNode24 } from "../../support/action/node-24.ts";
import { writeScript } from "../../support/project/scripts.ts";

/** Plan, apply and drift, run by one Node. */
async function expectAll(world: ActionWorld, node: string): Promise<void> {
  const pull = world.openPull("Change one", () =>
    world.write("apps/one.cs", writeScript("One", "changed.wav")),
  );
  const planned = await world.runPull(pull, { node });
  expect(planned.code, planned.raw).toBe(0);
  expect(checksOf(world, pull)).toMatchObject([{ conclusion: "success" }]);
  const sha = world.merge(pull);
  const applied = await world.runPush(sha, { node });
  expect(applied.code, applied.raw).toBe(0);
  expect(deploymentStates(world)).toEqual([[sha, "success"]]);
  expect(ownComments(world, pull)).toHaveLength(2);
  await world.pbx.console.edit("806", { Name: "byhand" });
  const drift = await world.runSchedule({ node });
  expect(drift.outputs["drift"], drift.raw).toBe("true");
  expect(issuesOf(world)).toHaveLength(1);
  for (const { raw } of [planned, applied, drift]) expect(raw).not.toMatch(/Warning:|deprecat/i);
}

describe.concurrent("the bundle", () => {
  it(`runs on this Node, ${process.version}`, async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({ apps: { "806": "one" }, live: true });
    await expectAll(world, process.execPath);
  });

  it("runs on Node 24, as action.yml has it run", async ({ onTestFinished, skip }) => {
    const open = worldsOf(onTestFinished);
    const place = locateNode24();
    if ("absent" in place) {
      skip(place.absent);
      return;
    }
    const world = await open({ apps: { "806": "one" }, live: true });
    await expectAll(world, place.node);
  });

  it("finds the API of GitHub Enterprise Server below its path", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({
      apps: { "806": "one" },
      live: true,
      github: { prefix: "/api/v3", owner: "Big-Corp", name: "Phones.Prod" },
    });
    await expectAll(world, process.execPath);
  });
});
