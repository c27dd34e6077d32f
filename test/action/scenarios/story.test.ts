import { describe, expect, it } from "vitest";
import {
  checksOf,
  countWrites,
  deploymentStates,
  issuesOf,
  ownComments,
  planComment,
  planOf,
  readHeader,
} from "../../support/action/look.ts";
import { type ActionWorld, worldsOf } from "../../support/action/world.ts";
import { writeApp } from "../../support/project/pbx-project.ts";
import { writeScript } from "../../support/project/scripts.ts";

const START = { ...writeApp("806", "one"), ...writeApp("807", "two") };
const UNREVIEWED = { inputs: { "require-approved-plan": "false" } };

function writeAll(world: ActionWorld, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) world.write(name, text);
}

describe.concurrent("the Action in a repository", () => {
  it("lives through reviews, merges, drift and a refusal", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({ files: START });
    const { pbx, github } = world;

    // The first apply, without a review, as somebody would who starts.
    const first = await world.runPush(undefined, UNREVIEWED);
    expect(first.code, first.raw).toBe(0);
    expect(pbx.console.list().map((app) => app.Number)).toEqual(["806", "807"]);
    expect(deploymentStates(world).map(([, state]) => state)).toEqual(["success"]);
    const start = world.repository.git("rev-parse", "main");

    // A pull request that adds one app and changes another.
    const pull = world.openPull("Add three, change one", () => {
      writeAll(world, writeApp("808", "three"));
      world.write("apps/one.cs", writeScript("One", "changed.wav"));
    });
    pbx.clearRequests();
    const planned = await world.runPull(pull);
    expect(planned.code, planned.raw).toBe(0);
    expect(planned.outputs).toMatchObject({
      "has-changes": "true",
      "has-deletes": "false",
      creates: "1",
      updates: "1",
      deletes: "0",
      unchanged: "1",
    });
    const comment = planComment(world, pull);
    expect(comment.body).toContain("1 to create, 1 to update, 0 to delete");
    expect(comment.body).toContain("changed.wav");
    expect(comment.body).toContain("```mermaid");
    expect(readHeader(comment.body)).toMatchObject({ v: 1, target: "production" });
    expect(planned.summary).toContain("1 to create, 1 to update, 0 to delete");
    expect(checksOf(world, pull)).toMatchObject([
      {
        name: "callform / production",
        status: "completed",
        conclusion: "success",
        external_id: planned.outputs["digest"],
      },
    ]);
    expect(planOf(world)).toMatchObject({ base: start, digest: planned.outputs["digest"] });
    expect(countWrites(world)).toBe(0);

    // Pushed again, the same comment tells the new plan, and keeps the old digest.
    world.pushPull(pull, () => world.write("apps/three.cs", writeScript("Three", "again.wav")));
    const again = await world.runPull(pull);
    expect(again.code, again.raw).toBe(0);
    expect(again.outputs["digest"]).not.toBe(planned.outputs["digest"]);
    expect(planComment(world, pull)).toMatchObject({ id: comment.id });
    expect(planComment(world, pull).body).toContain("again.wav");
    expect(planComment(world, pull).body).toContain((planned.outputs["digest"] ?? "").slice(0, 12));

    // Somebody changes an app in the console meanwhile: drift, shown apart.
    await pbx.console.edit("807", { Name: "byhand" });
    world.pushPull(pull, () => world.write("README.md", "words"));
    const drifted = await world.runPull(pull);
    expect(drifted.code, drifted.raw).toBe(0);
    expect(planComment(world, pull).id).toBe(comment.id);
    const [intended = "", drift = ""] = planComment(world, pull).body.split(/^### .*drift/im);
    expect(intended).toContain("| + create | CallFlowApp 808");
    expect(intended).not.toContain("| CallFlowApp 807");
    expect(drift).toContain("| ~ update | CallFlowApp 807");
    expect(drift).toContain("byhand");

    // Merged: what was approved is applied.
    const merged = world.merge(pull, "squash");
    const applied = await world.runPush(merged);
    expect(applied.code, applied.raw).toBe(0);
    expect(pbx.console.get("808")?.ScriptCode).toContain("again.wav");
    expect(pbx.console.get("806")?.ScriptCode).toContain("changed.wav");
    expect(deploymentStates(world).at(-1)).toEqual([merged, "success"]);
    expect(applied.outputs["deployment-id"]).toBe(String(github.state.deployments.at(-1)?.id));
    expect(github.state.deployments.at(-1)?.statuses.map(({ state }) => state)).toEqual([
      "in_progress",
      "success",
    ]);
    expect(github.state.deployments.at(-1)?.statuses.at(-1)?.log_url).toContain("/actions/runs/");
    expect(github.state.statuses.filter(({ sha }) => sha === merged)).toMatchObject([
      { context: "callform apply / production", state: "success" },
    ]);
    const results = ownComments(world, pull).filter(({ id }) => id !== comment.id);
    expect(results).toHaveLength(1);
    expect(results[0]?.body).toContain("806");
    expect(applied.commands.filter(({ name }) => name === "group").length).toBeGreaterThan(0);

    // A second merge compares with the first one's commit.
    const second = world.openPull("Change two", () =>
      world.write("apps/two.cs", writeScript("Two", "second.wav")),
    );
    expect((await world.runPull(second)).code).toBe(0);
    expect(planOf(world).base).toBe(merged);
    const next = world.merge(second, "merge");
    const appliedNext = await world.runPush(next);
    expect(appliedNext.code, appliedNext.raw).toBe(0);
    expect(planOf(world).base).toBe(merged);
    expect(pbx.console.get("807")?.ScriptCode).toContain("second.wav");

    // A third meets a system that has changed since the review, and is refused.
    const third = world.openPull("Change one again", () =>
      world.write("apps/one.cs", writeScript("One", "third.wav")),
    );
    expect((await world.runPull(third)).code).toBe(0);
    await pbx.console.edit("807", { Name: "byhand" });
    const late = world.merge(third, "rebase");
    pbx.clearRequests();
    const refused = await world.runPush(late);
    expect(refused.code).toBe(1);
    expect(countWrites(world)).toBe(0);
    expect(pbx.console.get("806")?.ScriptCode).toContain("changed.wav");
    const told = ownComments(world, third).at(-1)?.body ?? "";
    expect(told).toContain("807");
    expect(refused.summary).toContain("807");
    expect(deploymentStates(world).filter(([sha]) => sha === late)).toEqual([]);

    // The schedule opens an issue, updates it, and closes it.
    const scheduled = await world.runSchedule();
    expect(scheduled.outputs["drift"], scheduled.raw).toBe("true");
    expect(issuesOf(world)).toMatchObject([{ state: "open", title: "Callform drift: production" }]);
    expect(issuesOf(world)[0]?.body).toContain("807");
    await pbx.console.edit("808", { Name: "alsobyhand" });
    await world.runSchedule();
    expect(issuesOf(world)).toHaveLength(1);
    expect(issuesOf(world)[0]?.body).toContain("808");
    const repaired = await world.runPush(late, UNREVIEWED);
    expect(repaired.code, repaired.raw).toBe(0);
    expect(pbx.console.get("807")?.Name).toBe("two");
    const clean = await world.runSchedule();
    expect(clean.code, clean.raw).toBe(0);
    expect(clean.outputs["drift"]).toBe("false");
    expect(issuesOf(world)).toMatchObject([{ state: "closed" }]);
    expect(ownComments(world, issuesOf(world)[0]?.number ?? 0).length).toBeGreaterThan(0);
    expect(github.violations).toEqual([]);
  });
});
