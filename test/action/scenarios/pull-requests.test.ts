import { describe, expect, it } from "vitest";
import {
  checksOf,
  countWrites,
  ownComments,
  planComment,
  readHeader,
} from "../../support/action/look.ts";
import { type ActionWorld, worldsOf } from "../../support/action/world.ts";
import { plantComment } from "../../support/github/issues.ts";
import { FORK_PERMISSIONS } from "../../support/github/permissions.ts";
import { writeApp } from "../../support/project/pbx-project.ts";
import { BROKEN_LINE, writeBrokenScript, writeScript } from "../../support/project/scripts.ts";

const APPS = { "806": "one", "807": "two" };
const START = { ...writeApp("806", "one"), ...writeApp("807", "two") };
const MALLORY = { login: "mallory", id: 666, type: "User" as const };
const BOT = { login: "github-actions[bot]", id: 41_898_282, type: "Bot" as const };
const NO_SECRETS = { url: "", "client-id": "", "client-secret": "", "digest-key": "" };

function change(world: ActionWorld, greeting = "changed.wav"): () => void {
  return () => world.write("apps/one.cs", writeScript("One", greeting));
}

function isQuiet(world: ActionWorld): void {
  expect(world.github.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  expect(world.pbx.requests).toEqual([]);
}

describe.concurrent("a pull request from a fork", () => {
  it("is checked and compared offline, says why, and ends well", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({ apps: APPS, live: true });
    for (const fork of ["mallory/phones", null]) {
      const pull = world.openPull("From a fork", change(world), fork);
      world.github.setPermissions(FORK_PERMISSIONS);
      const ran = await world.runPull(pull, { inputs: NO_SECRETS });
      expect(ran.code, ran.raw).toBe(0);
      expect(ran.summary).toMatch(/fork/);
      expect(ran.summary).toMatch(/secret/);
      expect(ran.summary).toContain("806");
      expect(ran.summary).toContain("changed.wav");
      expect(ran.outputs).toMatchObject({ "has-changes": "true", updates: "1", creates: "0" });
      isQuiet(world);
    }
  });

  it("gets no secret even where one was passed on", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({ apps: APPS, live: true });
    const pull = world.openPull("From a fork", change(world), "mallory/phones");
    const ran = await world.runPull(pull);
    expect(ran.code, ran.raw).toBe(0);
    isQuiet(world);
  });

  it("fails with annotations where a manifest is wrong", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({ apps: APPS, live: true });
    const wrong = (): void =>
      world.write("apps/one.yaml", `${START["apps/one.yaml"]}  nonsense: 1\n`);
    const pull = world.openPull("From a fork", wrong, "mallory/phones");
    const ran = await world.runPull(pull, { inputs: NO_SECRETS });
    expect(ran.code).toBe(1);
    const error = ran.commands.find(({ name }) => name === "error");
    expect(error?.properties).toMatchObject({ file: "apps/one.yaml", line: "8" });
    isQuiet(world);
  });
});

describe.concurrent("a pull request of Dependabot", () => {
  it("is treated as one from a fork while it has no secrets", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({ apps: APPS, live: true });
    const pull = world.openPull("Bump", change(world));
    const env = { GITHUB_ACTOR: "dependabot[bot]" };
    const ran = await world.runPull(pull, { inputs: NO_SECRETS, env });
    expect(ran.code, ran.raw).toBe(0);
    expect(ran.summary).toContain("Dependabot");
    isQuiet(world);
  });
});

describe.concurrent("events that would hand secrets to strangers", () => {
  it.for(["pull_request_target", "workflow_run"])(
    "%s with credentials is refused before anything is read",
    async (event, { onTestFinished }) => {
      const open = worldsOf(onTestFinished);
      const world = await open({ apps: APPS, live: true });
      const pull = world.openPull("Hostile", () => {
        change(world)();
        world.write("callform.yaml", "apiVersion: [");
      });
      const ran = await world.runPull(pull, { event });
      expect(ran.code).toBe(1);
      expect(ran.text).toContain(event);
      expect(ran.text).toContain("pull_request");
      expect(ran.text).not.toContain("callform.yaml:");
      expect(world.github.requests).toEqual([]);
      expect(world.pbx.requests).toEqual([]);
    },
  );
});

describe.concurrent("the comment on a pull request", () => {
  it("is the oldest of several; the others say that they are outdated", async ({
    onTestFinished,
  }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({ apps: APPS, live: true });
    const pull = world.openPull("Change", change(world));
    await world.runPull(pull);
    const first = planComment(world, pull);
    const copy = plantComment(world.github.state, pull, first.body, BOT);
    const ran = await world.runPull(pull);
    expect(ran.code, ran.raw).toBe(0);
    expect(planComment(world, pull).id).toBe(first.id);
    expect(copy.body).toMatch(/outdated/i);
    expect(copy.body).not.toContain("callform {");
    expect(ownComments(world, pull)).toHaveLength(2);
  });

  it("is never somebody else's, however well its header is forged", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({ apps: APPS, live: true });
    const pull = world.openPull("Change", change(world));
    await world.runPull(pull);
    const own = planComment(world, pull);
    const forged = own.body;
    world.github.state.comments.splice(0);
    const foreign = plantComment(world.github.state, pull, forged, MALLORY);
    const almost = { ...MALLORY, login: "github-actions" };
    plantComment(world.github.state, pull, forged, almost);
    const ran = await world.runPull(pull);
    expect(ran.code, ran.raw).toBe(0);
    expect(foreign.body).toBe(forged);
    expect(planComment(world, pull).id).not.toBe(foreign.id);
    const writes = world.github.requests.filter(({ method }) => method === "PATCH");
    expect(writes.filter(({ path }) => path.endsWith(`/comments/${foreign.id}`))).toEqual([]);
  });

  it("is found on the last of many pages", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({ apps: APPS, live: true });
    const pull = world.openPull("Change", change(world));
    for (let n = 0; n < 230; n += 1)
      plantComment(world.github.state, pull, `chatter ${n}`, MALLORY);
    await world.runPull(pull);
    const first = planComment(world, pull);
    world.pushPull(pull, change(world, "again.wav"));
    await world.runPull(pull);
    expect(planComment(world, pull)).toMatchObject({ id: first.id });
    expect(planComment(world, pull).body).toContain("again.wav");
  });

  it("becomes one line when nothing changes any more, and keeps the digests of before", async ({
    onTestFinished,
  }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({ apps: APPS, live: true });
    const pull = world.openPull("Change", change(world));
    const planned = await world.runPull(pull);
    const before = planComment(world, pull);
    world.pushPull(pull, () => world.write("apps/one.cs", START["apps/one.cs"] ?? ""));
    const ran = await world.runPull(pull);
    expect(ran.code, ran.raw).toBe(0);
    const after = planComment(world, pull);
    expect(after.id).toBe(before.id);
    const seen = after.body.replace(/^.*\n/, "").replace(/<details>[^]*<\/details>/, "");
    const [line = "", ...rest] = seen.split("\n").filter((text) => text !== "");
    expect(rest.filter((text) => !text.startsWith("<sub>"))).toEqual([]);
    expect(line).toMatch(/no changes/i);
    expect(after.body).not.toContain("changed.wav");
    expect(JSON.stringify(readHeader(after.body))).toContain(
      planned.outputs["digest"]?.slice(0, 12),
    );
    expect(ran.outputs).toMatchObject({ "has-changes": "false", unchanged: "2" });
  });

  it("is made only when there is something to say, or never, as the input asks", async ({
    onTestFinished,
  }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({ apps: APPS, live: true });
    const quiet = world.openPull("Docs", () => world.write("README.md", "x"));
    await world.runPull(quiet, { inputs: { comment: "changes" } });
    expect(ownComments(world, quiet)).toEqual([]);
    await world.runPull(quiet);
    expect(ownComments(world, quiet)).toHaveLength(1);
    const loud = world.openPull("Change", change(world));
    await world.runPull(loud, { inputs: { comment: "never" } });
    expect(ownComments(world, loud)).toEqual([]);
    await world.runPull(loud, { inputs: { comment: "changes" } });
    expect(ownComments(world, loud)).toHaveLength(1);
    expect(checksOf(world, loud)).toHaveLength(2);
  });
});

describe.concurrent("the check run of a pull request", () => {
  it("is concluded as a failure with the line of every mistake when a manifest is wrong", async ({
    onTestFinished,
  }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({ apps: APPS, live: true });
    const pull = world.openPull("Wrong", () => {
      world.write("apps/one.yaml", `${START["apps/one.yaml"]}  nonsense: 1\n`);
      world.write("apps/two.cs", writeBrokenScript("Two"));
    });
    const ran = await world.runPull(pull, { inputs: { strict: "true" } });
    expect(ran.code).toBe(1);
    const [check] = checksOf(world, pull);
    expect(check).toMatchObject({ status: "completed", conclusion: "failure" });
    expect(check?.external_id).not.toMatch(/^[0-9a-f]{64}$/);
    expect(check?.annotations).toContainEqual(
      expect.objectContaining({
        path: "apps/one.yaml",
        start_line: 8,
        annotation_level: "failure",
      }),
    );
    expect(planComment(world, pull).body).toContain("nonsense");
    expect(countWrites(world)).toBe(0);
  });

  it("has the line of a script that does not parse", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({ apps: APPS, live: true });
    const pull = world.openPull("Wrong", () =>
      world.write("apps/two.cs", writeBrokenScript("Two")),
    );
    const ran = await world.runPull(pull, { inputs: { strict: "true" } });
    expect(ran.code).toBe(1);
    const [check] = checksOf(world, pull);
    expect(check?.annotations).toContainEqual(
      expect.objectContaining({ path: "apps/two.cs", start_line: BROKEN_LINE }),
    );
  });

  it("carries more annotations than one request may", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({ apps: APPS, live: true });
    const wrong = Array.from({ length: 130 }, (_, n) => `  wrong${n}: 1\n`).join("");
    const pull = world.openPull("Very wrong", () =>
      world.write("apps/one.yaml", `${START["apps/one.yaml"]}${wrong}`),
    );
    const ran = await world.runPull(pull);
    expect(ran.code).toBe(1);
    expect(checksOf(world, pull)[0]?.annotations).toHaveLength(130);
    expect(checksOf(world, pull)[0]).toMatchObject({ conclusion: "failure" });
  });

  it("is concluded when the PBX cannot be reached", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({ apps: APPS, live: true });
    const pull = world.openPull("Change", change(world));
    const ran = await world.runPull(pull, { inputs: { "client-secret": "not-the-secret" } });
    expect(ran.code).toBe(1);
    expect(checksOf(world, pull)).toMatchObject([{ status: "completed", conclusion: "failure" }]);
    expect(ownComments(world, pull)).toHaveLength(1);
  });

  it.for(["SIGTERM", "SIGINT"] as const)(
    "is concluded on %s",
    async (signal, { onTestFinished }) => {
      const open = worldsOf(onTestFinished);
      const world = await open({ apps: APPS, live: true });
      const pull = world.openPull("Change", change(world));
      world.pbx.addFault({
        match: { method: "GET" },
        action: { type: "delay", milliseconds: 3_600_000 },
      });
      const ran = await world.runPull(pull, {
        onStart: (child) =>
          world.github.intercept((_count, phase, { method, path }) => {
            if (phase === "after" && method === "POST" && path.endsWith("/check-runs"))
              setImmediate(() => child.kill(signal));
            return undefined;
          }),
      });
      expect(ran.code).toBe(1);
      // A request that had been waited for in vain would have been sent again.
      const targets = world.pbx.requests.map(({ path, query }) => `${path}?${query}`);
      expect(targets).toEqual([...new Set(targets)]);
      expect(checksOf(world, pull)).toMatchObject([
        { status: "completed", conclusion: "cancelled" },
      ]);
    },
  );
});

describe.concurrent("other events", () => {
  it("a merge group is planned, with a check run on its head", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({ apps: APPS, live: true });
    const pull = world.openPull("Change", change(world));
    const { sha } = world.describeEvent(pull);
    const payload = {
      action: "checks_requested",
      merge_group: {
        head_sha: sha,
        head_ref: "refs/heads/gh-readonly-queue/main/pr-1",
        base_sha: sha,
      },
      repository: world.describeRepository(),
    };
    const ran = await world.runPull(pull, { event: "merge_group", payload, sha });
    expect(ran.code, ran.raw).toBe(0);
    expect(world.github.state.checkRuns).toMatchObject([{ head_sha: sha, conclusion: "success" }]);
    expect(ownComments(world, pull)).toEqual([]);
  });

  it("a push to another branch is planned and told to nobody", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({ apps: APPS, live: true });
    const pull = world.openPull("Change", change(world));
    const { sha } = world.describeEvent(pull);
    const push = world.describePush(world.repository.git("rev-parse", "main"));
    const payload = { ...(push.payload as object), ref: "refs/heads/other", after: sha };
    const ran = await world.runPull(pull, { event: "push", payload });
    expect(ran.code, ran.raw).toBe(0);
    expect(ran.outputs["has-changes"]).toBe("true");
    expect(countWrites(world)).toBe(0);
    expect(world.github.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("a missing token, a missing project and an unknown command are said in words", async ({
    onTestFinished,
  }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({ apps: APPS, live: true });
    const pull = world.openPull("Change", change(world));
    const wrong = await world.runPull(pull, { inputs: { command: "aplly" } });
    expect(wrong.code).toBe(1);
    expect(wrong.text).toContain('the input command is "aplly"');
    const missing = await world.runPull(pull, { inputs: { "github-token": "" } });
    expect(missing.code).toBe(1);
    expect(missing.text).toContain("github-token");
    const nowhere = await world.runPull(pull, { inputs: { project: "nowhere" } });
    expect(nowhere.code).toBe(1);
    expect(nowhere.text).toContain("nowhere");
  });
});
