import { describe, expect, it } from "vitest";
import { findMergedPull, type MergedPull } from "../../../src/action/review/approval.ts";
import { openCheck, type Check } from "../../../src/action/github/checks.ts";
import { passGate, type Passed } from "../../../src/action/review/gate.ts";
import { packReviewed } from "../../../src/action/review/reviewed-plan.ts";
import type { Plan } from "../../../src/domain/plan/plan.ts";
import { FULL, makePlan, UPDATE } from "../../support/render/samples.ts";
import {
  listAttempts,
  openDeployment,
  setDeployment,
} from "../../../src/action/github/deployments.ts";
import { nameField, type Seals } from "../../../src/domain/review/seals.ts";
import type { Pull } from "../../support/github/state.ts";
import { makeJob, SHA, type FakeJob } from "../../support/action/fake-job.ts";

const HEAD = "b".repeat(40);
const PULL: MergedPull = { number: 7, head: HEAD, fork: false };
const LEFT: Plan = { ...FULL, changes: [UPDATE], digest: "e".repeat(64) };

const SEALS: Seals = {
  fields: new Map([
    [nameField("CallFlowApp *39", "transcriptionMode"), { before: "b", after: "a" }],
  ]),
  deletes: new Map([["CallFlowApp 801", "s"]]),
  unset: [],
};
const DESTINATION = { origin: FULL.target.url, client: "", ca: "" };

interface Scene extends FakeJob {
  readonly check: Check;
  pass(
    plan: Plan,
    more?: { sound?: boolean; pull?: MergedPull | undefined; check?: undefined; commit?: string },
  ): Promise<Passed>;
}

async function open(given: Readonly<Record<string, string>> = {}): Promise<Scene> {
  const fake = await makeJob(given, { applies: true });
  fake.github.state.commits.add(HEAD);
  const check = await openCheck(fake.job, "callform apply / production", SHA, []);
  if (check === undefined) throw new Error("no check run");
  return {
    ...fake,
    check,
    pass: async (plan, more) =>
      passGate(fake.job, {
        scope: "production",
        sound: true,
        commit: SHA,
        pull: PULL,
        check,
        destination: DESTINATION,
        seals: SEALS,
        attempts: await listAttempts(fake.job, "production"),
        plan,
        ...more,
      }),
  };
}

/** A review of the plan, as the pull request's run leaves it. */
async function review({ job }: FakeJob, plan: Plan): Promise<void> {
  const check = await openCheck(job, "callform / production", HEAD, []);
  await check?.conclude({
    conclusion: "success",
    title: "t",
    summary: "s",
    text: packReviewed(plan, 65_535, { seals: SEALS }),
    digest: plan.digest,
    problems: [],
  });
}

function codes({ refused }: Passed): string[] {
  return refused.map(({ code }) => code);
}

describe("the gate before an apply", () => {
  it("lets the reviewed plan through, recorded before anything is written", async () => {
    const scene = await open();
    await review(scene, FULL);
    const passed = await scene.pass(FULL);
    expect(passed.refused).toEqual([]);
    expect(scene.github.state.deployments).toMatchObject([
      {
        id: passed.deploymentId,
        payload: { digest: FULL.digest, approved: true, partial: true },
        statuses: [{ state: "in_progress" }],
      },
    ]);
  });

  it("lets a plan without changes through, and asks nobody", async () => {
    const scene = await open();
    scene.github.clearRequests();
    expect(codes(await scene.pass(makePlan(), {}))).toEqual([]);
    expect(
      scene.github.requests.some(
        ({ path }) => path.includes("check-runs") && path.includes("commits"),
      ),
    ).toBe(false);
  });

  it("records nothing of a plan that was not reviewed", async () => {
    const scene = await open();
    const passed = await scene.pass(FULL);
    expect(codes(passed)).toEqual(["not-approved"]);
    expect(passed.deploymentId).toBeUndefined();
    expect(scene.github.state.deployments).toEqual([]);
  });

  it("asks no approval where the input says so", async () => {
    const scene = await open({ "require-approved-plan": "false" });
    expect(codes(await scene.pass(FULL))).toEqual([]);
    expect(codes(await scene.pass(FULL, { pull: undefined, check: undefined }))).toEqual([]);
  });

  it("lets no plan with errors through, approved or not", async () => {
    const scene = await open({ "require-approved-plan": "false" });
    expect(await scene.pass(FULL, { sound: false })).toMatchObject({ deploymentId: undefined });
    expect(scene.github.state.deployments).toEqual([]);
  });

  it("refuses where check runs may not be read", async () => {
    const scene = await open();
    await review(scene, FULL);
    const { refused } = await scene.pass(FULL, { check: undefined });
    expect(refused[0]?.message).toContain("checks: write");
  });

  it("lets the rest through after an approved apply was cut off", async () => {
    const scene = await open();
    await review(scene, FULL);
    expect(codes(await scene.pass(LEFT))).toContain("not-approved");
    expect((await scene.pass(FULL)).refused).toEqual([]);
    expect((await scene.pass(LEFT)).refused).toEqual([]);
    const stranger = { ...LEFT, changes: [{ ...UPDATE, key: "999" }] };
    expect(codes(await scene.pass(stranger))).toContain("not-approved");
  });

  it("takes no earlier run that was refused for one that began", async () => {
    const scene = await open();
    await review(scene, FULL);
    await scene.pass(LEFT);
    expect(codes(await scene.pass(LEFT))).toContain("not-approved");
  });
});

describe("the order of commits", () => {
  const [OLDER, NEWER] = ["1".repeat(40), "2".repeat(40)];

  async function openLine(given: Readonly<Record<string, string>> = {}): Promise<Scene> {
    const scene = await open(given);
    const { state } = scene.github;
    for (const sha of [OLDER, NEWER]) state.commits.add(sha);
    state.parents.set(SHA, [OLDER]).set(NEWER, [SHA]);
    return scene;
  }

  async function deploy(
    { job }: FakeJob,
    sha: string,
    more: object = {},
    state = "success" as const,
  ) {
    const payload = {
      v: 1 as const,
      target: "production",
      digest: "d",
      approved: true,
      partial: false,
    };
    await setDeployment(job, await openDeployment(job, sha, { ...payload, ...more }), state, "x");
  }

  it.each(["true", "false"])(
    "has nothing applied below what was deployed, review asked for: %s",
    async (reviewed) => {
      const scene = await openLine({ "require-approved-plan": reviewed });
      await review(scene, FULL);
      await deploy(scene, NEWER);
      const passed = await scene.pass(FULL);
      expect(codes(passed)).toEqual(["superseded"]);
      expect(passed.refused[0]?.message).toContain(NEWER.slice(0, 12));
      expect(scene.github.state.deployments).toHaveLength(1);
    },
  );

  it("records no success of an old commit that has nothing to do", async () => {
    const scene = await openLine();
    await deploy(scene, NEWER);
    const passed = await scene.pass(makePlan());
    expect(passed).toMatchObject({
      deploymentId: undefined,
      refused: [],
      order: { is: "superseded" },
    });
    expect(scene.github.state.deployments).toHaveLength(1);
  });

  it("goes by the history and not by when something was recorded", async () => {
    const scene = await openLine();
    await review(scene, FULL);
    await deploy(scene, NEWER);
    await deploy(scene, OLDER);
    expect(codes(await scene.pass(FULL))).toEqual(["superseded"]);
  });

  it("counts a part of a newer commit, and one whose apply was cut off", async () => {
    const partly = await openLine();
    await review(partly, FULL);
    await deploy(partly, NEWER, { partial: true });
    expect(codes(await partly.pass(FULL))).toEqual(["superseded"]);
    const begun = await openLine();
    await review(begun, FULL);
    await deploy(begun, NEWER, {}, "failure" as never);
    const { refused } = await begun.pass(FULL);
    expect(refused[0]?.hint).toContain(`the apply job of ${NEWER.slice(0, 12)} again`);
  });

  it("has an approval used once", async () => {
    const scene = await openLine();
    for (const partial of [true, false]) {
      const whole = { ...FULL, partial };
      await review(scene, whole);
      const { deploymentId } = await scene.pass(whole);
      await setDeployment(scene.job, deploymentId ?? 0, "success", "x");
      expect(codes(await scene.pass(whole))).toEqual(["approval-used"]);
      const other = { ...whole, digest: "e".repeat(64) };
      await review(scene, other);
      expect(codes(await scene.pass(other))).toEqual(partial ? [] : ["approval-used"]);
      scene.github.state.deployments.length = 0;
    }
  });

  it("lets another part of the same commit follow", async () => {
    const scene = await openLine({ "require-approved-plan": "false" });
    const part = { ...LEFT, partial: true };
    await deploy(scene, SHA, { partial: true });
    expect(codes(await scene.pass(part))).toEqual([]);
  });

  it("lets a commit on another line of history through", async () => {
    const scene = await openLine();
    await review(scene, FULL);
    scene.github.state.parents.set(NEWER, [OLDER]);
    await deploy(scene, NEWER);
    expect(codes(await scene.pass(FULL))).toEqual([]);
  });
});

describe("the review of a pull request", () => {
  const reason = async (scene: Scene): Promise<string> =>
    (await scene.pass(FULL)).refused[0]?.message ?? "";

  it("is the newest check run, also where an older one was better", async () => {
    const scene = await open();
    await review(scene, FULL);
    await review(scene, LEFT);
    expect(codes(await scene.pass(FULL))).toContain("plan-differs");
    await review(scene, FULL);
    expect(codes(await scene.pass(FULL))).toEqual([]);
  });

  it("does not count while it is under way, when it failed, or without a digest", async () => {
    const scene = await open();
    expect(await reason(scene)).toContain('has no check run "callform / production"');
    await review(scene, FULL);
    const run = scene.github.state.checkRuns.at(-1);
    if (run === undefined) throw new Error("no check run");
    Object.assign(run, { conclusion: "failure" });
    expect(await reason(scene)).toContain("ended as failure");
    Object.assign(run, { conclusion: "success", external_id: "" });
    expect(await reason(scene)).toContain("carries no digest");
    Object.assign(run, { status: "in_progress", conclusion: null });
    expect(await reason(scene)).toContain("is not finished");
  });

  it("does not count from another app", async () => {
    const scene = await open();
    await review(scene, FULL);
    const run = scene.github.state.checkRuns.at(-1);
    Object.assign(run ?? {}, { app: { id: 1, slug: "evil", name: "Evil" } });
    expect(await reason(scene)).toContain("has no check run");
  });
});

describe("the pull request of a pushed commit", () => {
  const pushed = { commit: SHA, branch: "main", message: "Change one (#7)\n\nwords" };

  function plant({ github }: FakeJob, more: Partial<Pull> = {}): void {
    const user = { login: "octocat", id: 1, type: "User" as const };
    const at = "2026-01-05T08:00:00Z";
    github.state.issues.set(7, {
      number: 7,
      user,
      created_at: at,
      updated_at: at,
      isPull: true,
      title: "Change one",
      body: null,
      state: "closed",
      state_reason: null,
    });
    github.state.pulls.set(7, {
      number: 7,
      base: { ref: "main", sha: "a".repeat(40), repository: "acme/phones" },
      head: { ref: "topic", sha: HEAD, repository: "acme/phones" },
      merged_at: at,
      merge_commit_sha: SHA,
      landed: [SHA],
      ...more,
    });
  }

  it("is the one that was merged with it", async () => {
    const fake = await makeJob();
    plant(fake);
    expect(await findMergedPull(fake.job, pushed)).toEqual(PULL);
  });

  it("is known to come from a fork", async () => {
    const fake = await makeJob();
    plant(fake, { head: { ref: "topic", sha: HEAD, repository: "eve/phones" } });
    expect(await findMergedPull(fake.job, pushed)).toMatchObject({ fork: true });
  });

  it("is none for a direct push", async () => {
    const fake = await makeJob();
    expect(await findMergedPull(fake.job, { ...pushed, message: "Quick fix" })).toBeUndefined();
    expect(await findMergedPull(fake.job, pushed)).toBeUndefined();
  });

  it.each<[string, Partial<Pull>]>([
    ["that is open", { merged_at: null }],
    ["that was merged as another commit", { merge_commit_sha: "f".repeat(40) }],
    [
      "that was merged into another branch",
      { base: { ref: "old", sha: HEAD, repository: "acme/phones" } },
    ],
  ])("is never one %s", async (_, more) => {
    const fake = await makeJob();
    plant(fake, more);
    expect(await findMergedPull(fake.job, pushed)).toBeUndefined();
  });

  it("is found by the message while GitHub's list lags behind", async () => {
    const fake = await makeJob();
    plant(fake);
    const empty = { type: "answer" as const, answer: { status: 200, body: [] } };
    for (const message of [pushed.message, "Merge pull request #7 from acme/topic"]) {
      fake.github.addFault({ path: "/commits/", times: "always", action: empty });
      expect(await findMergedPull(fake.job, { ...pushed, message })).toEqual(PULL);
    }
    expect(await findMergedPull(fake.job, { ...pushed, message: "About #7" })).toBeUndefined();
    expect(await findMergedPull(fake.job, { ...pushed, message: "Fix (#99)" })).toBeUndefined();
  });
});
