import { describe, expect, it } from "vitest";
import { findMergedPull, type MergedPull } from "../../../src/action/review/approval.ts";
import { openCheck, type Check } from "../../../src/action/github/checks.ts";
import { passGate, type Passed } from "../../../src/action/review/gate.ts";
import { packReviewed } from "../../../src/action/review/reviewed-plan.ts";
import type { Plan } from "../../../src/domain/plan/plan.ts";
import { FULL, makePlan, UPDATE } from "../../support/render/samples.ts";
import type { Pull } from "../../support/github/state.ts";
import { makeJob, SHA, type FakeJob } from "../../support/action/fake-job.ts";

const HEAD = "b".repeat(40);
const PULL: MergedPull = { number: 7, head: HEAD, fork: false };
const LEFT: Plan = { ...FULL, changes: [UPDATE], digest: "e".repeat(64) };

interface Scene extends FakeJob {
  readonly check: Check;
  pass(
    plan: Plan,
    more?: { sound?: boolean; pull?: MergedPull; check?: undefined },
  ): Promise<Passed>;
}

async function open(given: Readonly<Record<string, string>> = {}): Promise<Scene> {
  const fake = await makeJob(given, { applies: true });
  fake.github.state.commits.add(HEAD);
  const check = await openCheck(fake.job, "callform apply / production", SHA, []);
  if (check === undefined) throw new Error("no check run");
  const request = { sound: true, commit: SHA, pull: PULL, check };
  return {
    ...fake,
    check,
    pass: (plan, more) => passGate(fake.job, { ...request, plan, ...more }),
  };
}

/** A review of the plan, as the pull request's run leaves it. */
async function review({ job }: FakeJob, plan: Plan): Promise<void> {
  const check = await openCheck(job, "callform / production", HEAD, []);
  await check?.conclude({
    conclusion: "success",
    title: "t",
    summary: "s",
    text: packReviewed(plan, 65_535),
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
    expect(codes(await scene.pass(makePlan(), {}))).toEqual([]);
    expect(
      scene.github.requests.some(
        ({ path }) => path.includes("check-runs") && path.includes("commits"),
      ),
    ).toBe(false);
  });

  it("records a plan that was not reviewed as not approved", async () => {
    const scene = await open();
    expect(codes(await scene.pass(FULL))).toEqual(["not-approved"]);
    expect(scene.github.state.deployments).toMatchObject([
      { payload: { approved: false }, statuses: [] },
    ]);
  });

  it("asks no approval where the input says so", async () => {
    const scene = await open({ "require-approved-plan": "false" });
    expect(codes(await scene.pass(FULL))).toEqual([]);
    expect(
      codes(
        await passGate(scene.job, {
          plan: FULL,
          sound: true,
          commit: SHA,
          pull: undefined,
          check: undefined,
        }),
      ),
    ).toEqual([]);
  });

  it("lets no plan with errors through, approved or not", async () => {
    const scene = await open({ "require-approved-plan": "false" });
    await scene.pass(FULL, { sound: false });
    expect(scene.github.state.deployments).toMatchObject([{ payload: { approved: false } }]);
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
