import { describe, expect, it } from "vitest";
import {
  checksOf,
  countWrites,
  deploymentStates,
  issuesOf,
  ownComments,
} from "../../support/action/look.ts";
import { type ActionWorld, type OpenWorld, worldsOf } from "../../support/action/world.ts";
import {
  abuse,
  outage,
  primaryLimit,
  secondaryLimit,
  type GithubFault,
} from "../../support/github/faults.ts";
import { FULL_PERMISSIONS, type Permission } from "../../support/github/permissions.ts";
import { writeApp } from "../../support/project/pbx-project.ts";
import { writeScript } from "../../support/project/scripts.ts";

const APPS = { "806": "one" };
const MANIFEST = writeApp("806", "one")["apps/one.yaml"] ?? "";

/** A world that is applied, with one pull request that is planned. */
async function openPlanned(open: OpenWorld): Promise<{ world: ActionWorld; pull: number }> {
  const world = await open({ apps: APPS, live: true });
  const pull = world.openPull("Change one", () =>
    world.write("apps/one.cs", writeScript("One", "changed.wav")),
  );
  const ran = await world.runPull(pull);
  expect(ran.code, ran.raw).toBe(0);
  world.pbx.clearRequests();
  world.github.clearRequests();
  return { world, pull };
}

function isApplied({ pbx }: ActionWorld): boolean {
  return pbx.console.get("806")?.ScriptCode.includes("changed.wav") ?? false;
}

describe.concurrent("a permission that is missing", () => {
  const LINES: Readonly<Record<Exclude<Permission, "contents" | "statuses">, string>> = {
    checks: "checks: write",
    pull_requests: "pull-requests: write",
    deployments: "deployments: write",
    issues: "issues: write",
  };

  it("is named with the line to add, for every event", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const { world, pull } = await openPlanned(open);
    const sha = world.merge(pull);
    await world.pbx.console.edit("806", { Name: "byhand" });
    for (const [lacking, line] of Object.entries(LINES)) {
      const { [lacking as Permission]: _, ...permissions } = FULL_PERMISSIONS;
      // With `issues` a pull request may be commented on as well.
      const other = lacking === "pull_requests" ? { issues: "read" as const } : {};
      world.github.setPermissions({ ...permissions, ...other });
      const ran = lacking === "issues" ? await world.runSchedule() : await world.runPush(sha);
      expect(ran.code, ran.raw).toBe(1);
      expect(`${ran.text}${ran.summary}`).toContain(line);
      expect(ran.raw).not.toContain("has a bug");
      expect(isApplied(world)).toBe(false);
    }
  });

  it("of check runs turns annotations into workflow commands, and is said once", async ({
    onTestFinished,
  }) => {
    const open = worldsOf(onTestFinished);
    const { world, pull } = await openPlanned(open);
    const { checks: _, ...permissions } = FULL_PERMISSIONS;
    world.github.setPermissions(permissions);
    world.pushPull(pull, () => world.write("apps/one.yaml", `${MANIFEST}  no: 1\n`));
    const ran = await world.runPull(pull);
    expect(ran.code).toBe(1);
    const errors = ran.commands.filter(({ name }) => name === "error");
    expect(errors).toContainEqual(
      expect.objectContaining({
        properties: expect.objectContaining({ file: "apps/one.yaml", line: "8" }),
      }),
    );
    const said = ran.text.split("\n").filter((line) => /checks: write/.test(line));
    expect(said.filter((line) => line.startsWith("::"))).toHaveLength(1);
    expect(ownComments(world, pull)[0]?.body).toContain("no");
  });
});

describe.concurrent("GitHub's limits and outages on a pull request", () => {
  const passing: Readonly<Record<string, readonly GithubFault[]>> = {
    "limits of every kind": [
      { action: primaryLimit(0), nth: 2 },
      { action: secondaryLimit(1), method: "POST", path: "/comments" },
      { action: abuse(1), method: "PATCH", path: "/check-runs" },
    ],
    "the same as 429": [
      { action: secondaryLimit(1, 429), method: "POST", path: "/check-runs" },
      { action: primaryLimit(0, 429), method: "GET", path: "/comments" },
    ],
    "bad gateways and an error after it took effect": [
      { action: outage(502), path: "/deployments", times: 2 },
      { action: outage(500, "after"), method: "POST", path: "/check-runs" },
      { action: outage(504, "after"), method: "POST", path: "/comments" },
    ],
    "lines that broke before": [
      { action: { type: "reset", when: "before" }, method: "POST", path: "/check-runs" },
      { action: { type: "reset", when: "before" }, method: "POST", path: "/comments" },
    ],
    "lines that broke after": [
      { action: { type: "reset", when: "after" }, method: "POST", path: "/check-runs" },
      { action: { type: "reset", when: "after" }, method: "POST", path: "/comments" },
      { action: { type: "reset", when: "after" }, method: "PATCH" },
    ],
  };

  it("are waited out, and nothing is made twice", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const verdicts = await Promise.all(
      Object.entries(passing).map(async ([name, faults]) => {
        const world = await open({ apps: APPS, live: true });
        const pull = world.openPull(name, () =>
          world.write("apps/one.cs", writeScript("One", "changed.wav")),
        );
        for (const fault of faults) world.github.addFault(fault);
        const ran = await world.runPull(pull);
        const checks = checksOf(world, pull).map(({ conclusion }) => conclusion);
        return `${name}: ${ran.code}, ${ownComments(world, pull).length}, ${checks.join()}`;
      }),
    );
    expect(verdicts).toEqual(Object.keys(passing).map((name) => `${name}: 0, 1, success`));
  });

  it("that do not end are given up soon, with what to do", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const endless: Readonly<Record<string, GithubFault["action"]>> = {
      "rate limit": secondaryLimit(600),
      "too many requests": primaryLimit(3600),
      "not available": outage(503),
    };
    const runs = await Promise.all(
      Object.entries(endless).map(async ([words, action]) => {
        const world = await open({ apps: APPS, live: true });
        const pull = world.openPull("x", () => world.write("README.md", "x"));
        world.github.addFault({ action, times: "always" });
        return { words, world, ran: await world.runPull(pull) };
      }),
    );
    for (const { words, world, ran } of runs) {
      expect(ran.code, ran.raw).toBe(1);
      expect(ran.text).toContain(words);
      expect(ran.text).toMatch(/again/);
      expect(world.github.requests.length).toBeLessThan(30);
      // The plan itself needs no GitHub, and is told in the summary all the same.
      expect(ran.summary).toMatch(/Callform/);
    }
  });

  it("of an answer that ends too early leave no half of a result", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({ apps: APPS, live: true });
    const pull = world.openPull("x", () => world.write("README.md", "x"));
    world.github.addFault({ action: { type: "truncate" }, method: "POST" });
    const ran = await world.runPull(pull);
    expect(ran.text).not.toContain("has a bug");
    const [check] = checksOf(world, pull);
    if (ran.code === 0) expect(check).toMatchObject({ status: "completed" });
    else expect(ran.text).toMatch(/GitHub/);
  });
});

describe.concurrent("an outage of GitHub during an apply", () => {
  it("before it, has nothing applied", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const { world, pull } = await openPlanned(open);
    const sha = world.merge(pull);
    world.github.addFault({ action: outage(), times: "always" });
    const ran = await world.runPush(sha);
    expect(ran.code).toBe(1);
    expect(countWrites(world)).toBe(0);
    expect(ran.text).toContain("GitHub is not available");
    world.github.clearFaults();
    const again = await world.runPush(sha);
    expect(again.code, again.raw).toBe(0);
    expect(isApplied(world)).toBe(true);
  });

  it("once it has begun, lets it finish, says so, and is mended by another run", async ({
    onTestFinished,
  }) => {
    const open = worldsOf(onTestFinished);
    const { world, pull } = await openPlanned(open);
    const sha = world.merge(pull);
    // From the moment on that the deployment is in progress.
    let down = false;
    world.github.intercept((_count, phase, { method, path }) => {
      if (phase === "after" && method === "POST" && path.endsWith("/statuses")) {
        down = true;
        return undefined;
      }
      return down && phase === "before" ? "drop" : undefined;
    });
    const ran = await world.runPush(sha);
    expect(ran.code).toBe(1);
    expect(isApplied(world)).toBe(true);
    expect(deploymentStates(world).at(-1)).toEqual([sha, "in_progress"]);
    for (const text of [ran.text, ran.summary]) {
      expect(text).toContain("806");
      expect(text).toMatch(/1 applied|applied/);
      expect(text).toContain("again");
    }
    world.github.intercept(undefined);
    world.pbx.clearRequests();
    const again = await world.runPush(sha);
    expect(again.code, again.raw).toBe(0);
    expect(countWrites(world)).toBe(0);
    expect(deploymentStates(world).at(-1)).toEqual([sha, "success"]);
  });

  it("SIGTERM stops it, tells what is done, and the next run finishes", async ({
    onTestFinished,
  }) => {
    const open = worldsOf(onTestFinished);
    const { world, pull } = await openPlanned(open);
    const sha = world.merge(pull);
    world.pbx.addFault({
      match: { method: "PATCH" },
      action: { type: "compile", verdict: "never" },
    });
    const ran = await world.runPush(sha, {
      onStart: (child) => {
        const watch = setInterval(() => {
          if (countWrites(world) === 0) return;
          clearInterval(watch);
          child.kill("SIGTERM");
        }, 5);
        child.once("close", () => clearInterval(watch));
      },
    });
    expect(ran.code).toBe(1);
    expect(world.github.state.checkRuns.every(({ status }) => status === "completed")).toBe(true);
    expect(deploymentStates(world).at(-1)?.[1]).toMatch(/failure|error/);
    world.pbx.clearFaults();
    const again = await world.runPush(sha);
    expect(again.code, again.raw).toBe(0);
    expect(isApplied(world)).toBe(true);
    expect(deploymentStates(world).at(-1)).toEqual([sha, "success"]);
  });
});

describe.concurrent("the drift issue", () => {
  it("is written once, whatever breaks, and opened again when drift comes back", async ({
    onTestFinished,
  }) => {
    const open = worldsOf(onTestFinished);
    const { world } = await openPlanned(open);
    await world.pbx.console.edit("806", { Name: "byhand" });
    world.github.addFault({
      method: "POST",
      path: "/issues",
      action: { type: "reset", when: "after" },
    });
    const first = await world.runSchedule();
    expect(first.outputs["drift"], first.raw).toBe("true");
    expect(issuesOf(world)).toHaveLength(1);
    await world.pbx.console.edit("806", { Name: "one" });
    const clean = await world.runSchedule();
    expect(clean.outputs["drift"], clean.raw).toBe("false");
    expect(issuesOf(world)).toMatchObject([{ state: "closed" }]);
    await world.pbx.console.edit("806", { Name: "byhandagain" });
    await world.runSchedule();
    expect(issuesOf(world).filter(({ state }) => state === "open")).toHaveLength(1);
    const quiet = issuesOf(world).length;
    await world.runSchedule();
    expect(issuesOf(world)).toHaveLength(quiet);
  });

  it("is never somebody else's, however well its header is forged", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const { world } = await openPlanned(open);
    await world.pbx.console.edit("806", { Name: "byhand" });
    await world.runSchedule();
    const [own] = issuesOf(world);
    if (own === undefined) throw new Error("there is no issue");
    const mallory = { login: "mallory", id: 666, type: "User" as const };
    world.github.state.issues.set(own.number, { ...own, user: mallory });
    await world.runSchedule();
    expect(issuesOf(world)).toHaveLength(2);
    expect(issuesOf(world)[0]).toMatchObject({ state: "open", body: own.body });
  });
});
