import type { ChildProcess } from "node:child_process";
import { describe, expect, it } from "vitest";
import { countWrites, deploymentStates, ownComments } from "../../support/action/look.ts";
import { type ActionWorld, type OpenWorld, worldsOf } from "../../support/action/world.ts";
import { toClassName, writeApp } from "../../support/project/pbx-project.ts";
import { writeScript } from "../../support/project/scripts.ts";

/** Where a run is killed: as its nth request to GitHub arrives, or once that took effect. */
interface Boundary {
  readonly nth: number;
  readonly phase: "before" | "after";
}

interface MergedWorld {
  readonly world: ActionWorld;
  readonly pull: number;
  readonly sha: string;
  /** Brings PBX and GitHub back to where they were right after the merge. */
  rewind(): Promise<void>;
}

const WORLDS = 2;

/** A reviewed and merged pull request that adds one app, changes another and deletes a third. */
async function openMerged(open: OpenWorld): Promise<MergedWorld> {
  const world = await open({ apps: { "806": "one", "807": "two" }, live: true });
  const start = world.repository.git("rev-parse", "HEAD");
  const pull = world.openPull("Three things", () => {
    for (const [name, text] of Object.entries(writeApp("808", "three"))) world.write(name, text);
    world.write("apps/one.cs", writeScript("One", "changed.wav"));
    for (const name of ["apps/two.yaml", "apps/two.cs"]) world.remove(name);
  });
  const options = { inputs: { base: start } };
  const planned = await world.runPull(pull, options);
  expect(planned.code, planned.raw).toBe(0);
  expect(planned.outputs).toMatchObject({ creates: "1", updates: "1", deletes: "1" });
  const sha = world.merge(pull, "squash");
  const { state } = world.github;
  const lists = [state.comments, state.checkRuns, state.deployments, state.statuses];
  const lengths = lists.map(({ length }) => length);
  return {
    world: {
      ...world,
      runPush: (at, more) =>
        world.runPush(at, { ...more, inputs: { ...options.inputs, ...more?.inputs } }),
    },
    pull,
    sha,
    async rewind() {
      for (const [index, list] of lists.entries()) list.splice(lengths[index] ?? 0);
      const { console } = world.pbx;
      await console.edit("806", { ScriptCode: writeScript("One") });
      if (console.get("808") !== undefined) await console.remove("808");
      if (console.get("807") === undefined) {
        await console.create({ Number: "807", Name: "two" });
        await console.edit("807", { ScriptCode: writeScript(toClassName("two")) });
      }
      world.pbx.clearRequests();
      world.github.clearRequests();
    },
  };
}

/**
 * The boundaries that differ: nothing changes between one and the next unless a request to GitHub took effect or something was
 * written to the PBX, and a killed program remembers nothing.
 */
async function listBoundaries({ world, sha, rewind }: MergedWorld): Promise<readonly Boundary[]> {
  await rewind();
  const boundaries: Boundary[] = [];
  let written = -1;
  world.github.intercept((nth, phase, { method }) => {
    const moved = phase === "before" ? countWrites(world) > written : method !== "GET";
    if (moved) boundaries.push({ nth, phase });
    written = countWrites(world);
    return undefined;
  });
  const ran = await world.runPush(sha);
  expect(ran.code, ran.raw).toBe(0);
  return boundaries;
}

/** What is wrong after the run was killed at the boundary and run again; empty when nothing is. */
async function judgeBoundary(merged: MergedWorld, { nth, phase }: Boundary): Promise<string[]> {
  const { world, pull, sha } = merged;
  world.github.intercept(undefined);
  await merged.rewind();
  let running: ChildProcess | undefined;
  world.github.intercept((count, at) => {
    if (count !== nth || at !== phase) return undefined;
    running?.kill("SIGKILL");
    return "drop";
  });
  const killed = await world.runPush(sha, {
    onStart: (child) => {
      running = child;
    },
  });
  world.github.intercept(undefined);
  const writes = countWrites(world);
  const again = await world.runPush(sha);
  const first = killed.code === null ? [] : [`it was not killed, but ended with ${killed.code}`];
  const second = again.code === 0 ? [] : [`the next run ended with ${again.code}: ${again.raw}`];
  return [...first, ...second, ...judgeEnd(world, pull, sha), ...judgeWrites(world, writes)].map(
    (wrong) => `${phase} request ${nth}: ${wrong}`,
  );
}

function judgeEnd(world: ActionWorld, pull: number, sha: string): string[] {
  const { console } = world.pbx;
  const numbers = console.list().map((app) => app.Number);
  const applied = console.get("806")?.ScriptCode.includes("changed.wav") === true;
  const last = deploymentStates(world).at(-1) ?? [];
  return [
    ...(numbers.join() === "806,808" && applied ? [] : [`the PBX has ${numbers.join()}`]),
    ...(last.join() === `${sha},success` ? [] : [`the deployment is ${last.join()}`]),
    ...(ownComments(world, pull).length <= 2 ? [] : ["there are too many comments"]),
  ];
}

/** Two runs together may write no more than one does: POST, script and rest of each app, and a delete. */
function judgeWrites(world: ActionWorld, before: number): string[] {
  const all = world.pbx.requests.filter(
    ({ method, path }) => method !== "GET" && path !== "/connect/token",
  );
  const seen = all.map(({ method, path, body }) => `${method} ${path} ${JSON.stringify(body)}`);
  const repeated = seen.filter((text, index) => seen.indexOf(text) !== index);
  return repeated.map((text) => `after ${before} writes was repeated: ${text.slice(0, 80)}`);
}

describe.concurrent("a push that is killed at a request to GitHub", () => {
  it("applies at most once, and the next run ends well", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const [first, ...more] = await Promise.all(
      Array.from({ length: WORLDS }, () => openMerged(open)),
    );
    if (first === undefined) throw new Error("there is no world");
    const queue = [...(await listBoundaries(first))];
    // The first request, the end of the apply, and at least deployment, its two statuses and the comment.
    expect(queue.length).toBeGreaterThan(6);
    const tried = queue.map(({ nth, phase }) => `${phase} ${nth}`).join(", ");
    const work = async (merged: MergedWorld): Promise<string[]> => {
      const wrong: string[] = [];
      for (let next = queue.shift(); next !== undefined; next = queue.shift())
        wrong.push(...(await judgeBoundary(merged, next)));
      return wrong;
    };
    const wrong = (await Promise.all([first, ...more].map(work))).flat();
    process.stdout.write(`killed at requests to GitHub: ${tried}\n`);
    expect(wrong).toEqual([]);
  });
});

describe.concurrent("a push that is killed between two writes to the PBX", () => {
  /** Kills the run once the PBX has answered so many writes. */
  async function killAfter({ world, sha }: MergedWorld, writes: number): Promise<void> {
    const killed = await world.runPush(sha, {
      inputs: { concurrency: "1" },
      onStart: (child) => {
        const watch = setInterval(() => {
          if (countWrites(world) >= writes) child.kill("SIGKILL");
        }, 1);
        child.once("close", () => clearInterval(watch));
      },
    });
    expect(killed.code).toBeNull();
    expect(deploymentStates(world).at(-1)).toEqual([sha, "in_progress"]);
  }

  it("goes on with the rest of what was approved", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const merged = await openMerged(open);
    const { world, sha, pull } = merged;
    await killAfter(merged, 2);
    const again = await world.runPush(sha);
    expect(again.code, again.raw).toBe(0);
    // The rest is less than what was approved, and has another digest.
    expect(again.outputs["digest"]).not.toBe(world.runs[0]?.outputs["digest"]);
    expect(again.outputs["has-changes"]).toBe("true");
    expect(judgeEnd(world, pull, sha)).toEqual([]);
  });

  it("refuses the rest when something else has changed meanwhile", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const merged = await openMerged(open);
    const { world, sha } = merged;
    await killAfter(merged, 2);
    const { Name: before } = world.pbx.console.get("806") ?? { Name: "" };
    await world.pbx.console.edit("806", { Name: `${before}byhand` });
    const writes = countWrites(world);
    const again = await world.runPush(sha);
    expect(again.code).toBe(1);
    expect(countWrites(world)).toBe(writes);
    expect(again.summary).toContain("not the one that was reviewed");
  });
});
