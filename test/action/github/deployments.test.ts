import { describe, expect, it } from "vitest";
import {
  findLastSuccess,
  listDeployments,
  openDeployment,
  setDeployment,
  type Payload,
} from "../../../src/action/github/deployments.ts";
import { withBase } from "../../../src/action/review/base.ts";
import type { Settings } from "../../../src/app/settings/resolve.ts";
import { failure } from "../../../src/domain/problem.ts";
import type { TargetConfig } from "../../../src/manifest/project/load.ts";
import { makeJob, SHA, type FakeJob } from "../../support/action/fake-job.ts";

const PAYLOAD: Payload = {
  v: 1,
  target: "production",
  digest: "d",
  approved: true,
  partial: false,
};
const [FIRST, SECOND] = ["a".repeat(40), "b".repeat(40)];

async function open(given: Readonly<Record<string, string>> = {}): Promise<FakeJob> {
  const fake = await makeJob(given);
  fake.github.state.commits.add(FIRST).add(SECOND);
  return fake;
}

async function deploy(
  { job }: FakeJob,
  sha: string,
  state: "success" | "failure" | "in_progress",
  payload = PAYLOAD,
): Promise<number> {
  const id = await openDeployment(job, sha, payload);
  await setDeployment(job, id, state, "x");
  return id;
}

describe("the last successful deployment", () => {
  it("is none at first", async () => {
    expect(await findLastSuccess((await open()).job, "production")).toBeUndefined();
  });

  it("is the newest that succeeded, whatever failed since", async () => {
    const fake = await open();
    await deploy(fake, FIRST, "success");
    const id = await deploy(fake, SECOND, "success");
    await deploy(fake, SHA, "failure");
    await deploy(fake, FIRST, "in_progress");
    expect(await findLastSuccess(fake.job, "production")).toMatchObject({ id, sha: SECOND });
  });

  it("is the newest of the history, whatever was recorded last", async () => {
    const fake = await open();
    fake.github.state.parents.set(SECOND, [FIRST]);
    const id = await deploy(fake, SECOND, "success");
    await deploy(fake, FIRST, "success");
    expect(await findLastSuccess(fake.job, "production")).toMatchObject({ id, sha: SECOND });
  });

  it("is found behind more than fifty that failed", async () => {
    const fake = await open();
    const id = await deploy(fake, FIRST, "success");
    const [sample] = fake.github.state.deployments;
    if (sample === undefined) throw new Error("no deployment");
    for (let more = 1; more <= 120; more += 1)
      fake.github.state.deployments.push({
        ...sample,
        id: id + more,
        payload: { ...PAYLOAD, approved: false },
        statuses: [],
      });
    expect(await findLastSuccess(fake.job, "production")).toMatchObject({ id });
  });

  it("still is when GitHub has called it inactive", async () => {
    const fake = await open();
    const id = await deploy(fake, FIRST, "success");
    const [deployment] = fake.github.state.deployments;
    const [status] = deployment?.statuses ?? [];
    if (status !== undefined) deployment?.statuses.push({ ...status, id: 1, state: "inactive" });
    expect(await findLastSuccess(fake.job, "production")).toMatchObject({ id });
  });

  it("is of the same target, whole, and made by Callform", async () => {
    const fake = await open({ environment: "phones" });
    await deploy(fake, FIRST, "success", { ...PAYLOAD, target: "staging" });
    await deploy(fake, FIRST, "success", { ...PAYLOAD, partial: true });
    await deploy(fake, FIRST, "success", { ...PAYLOAD, v: 2 as never });
    const [sample] = fake.github.state.deployments;
    if (sample === undefined) throw new Error("no deployment");
    for (const payload of [{}, "", "not json", null, "[]"])
      fake.github.state.deployments.push({ ...sample, id: 9000, payload });
    fake.github.state.deployments.push({ ...sample, id: 9001, payload: PAYLOAD, task: "deploy" });
    fake.github.state.deployments.push({ ...sample, id: 9002, payload: PAYLOAD, environment: "x" });
    expect(await findLastSuccess(fake.job, "production")).toBeUndefined();
    const text = { ...sample, id: 9003, payload: JSON.stringify(PAYLOAD), environment: "phones" };
    fake.github.state.deployments.push(text);
    expect(await findLastSuccess(fake.job, "production")).toMatchObject({ id: 9003 });
  });
});

describe("a deployment", () => {
  it("merges nothing, waits for nothing, and says what was approved", async () => {
    const fake = await open();
    const id = await deploy(fake, SHA, "success");
    const made = fake.github.requests.find(({ method }) => method === "POST");
    expect(JSON.parse(made?.body ?? "")).toMatchObject({
      ref: SHA,
      task: "callform",
      environment: "production",
      auto_merge: false,
      required_contexts: [],
      payload: PAYLOAD,
    });
    expect(fake.github.state.deployments).toMatchObject([
      { id, statuses: [{ state: "success", log_url: fake.job.place.runUrl }] },
    ]);
  });

  it("is made once when the answer to its making is lost, beside one of an earlier run", async () => {
    const fake = await open();
    const earlier = await openDeployment(fake.job, SHA, PAYLOAD);
    fake.github.addFault({ method: "POST", action: { type: "reset", when: "after" } });
    const id = await openDeployment(fake.job, SHA, PAYLOAD);
    expect(id).not.toBe(earlier);
    expect((await listDeployments(fake.job, "production", SHA)).map((one) => one.id)).toEqual([
      id,
      earlier,
    ]);
  });

  it("has a description that GitHub takes", async () => {
    const fake = await open();
    const id = await openDeployment(fake.job, SHA, PAYLOAD);
    await setDeployment(fake.job, id, "failure", "x".repeat(1000));
    expect(fake.github.state.deployments[0]?.statuses[0]?.description).toHaveLength(140);
  });
});

describe("the base of a plan", () => {
  // Only target and base are looked at.
  const target = { name: "production" } as TargetConfig;
  const settings = { target, base: undefined } as Settings;
  const tellBase = async (based: {
    settings: Settings;
    notes: readonly string[];
    problems: readonly object[];
  }) => ({
    base: based.settings.base,
    notes: based.notes.join(),
    problems: based.problems,
  });

  it("is the commit that was last deployed", async () => {
    const fake = await open();
    await deploy(fake, FIRST, "success");
    expect(await withBase(fake.job, settings, tellBase)).toEqual({
      base: FIRST,
      notes: "",
      problems: [],
    });
  });

  it("is what the input says, and GitHub is not asked then", async () => {
    const fake = await open();
    await deploy(fake, FIRST, "success");
    fake.github.clearRequests();
    const given = { ...settings, base: "v1" };
    expect(await withBase(fake.job, given, tellBase)).toMatchObject({ base: "v1" });
    expect(fake.github.requests).toEqual([]);
  });

  it("is none at first, which is said", async () => {
    const { job } = await open();
    expect(await withBase(job, settings, tellBase)).toEqual({
      base: undefined,
      notes: expect.stringMatching(
        /no successful deployment of production yet.*cannot tell drift/,
      ) as string,
      problems: [],
    });
  });

  it("is none with a warning where deployments may not be read", async () => {
    const fake = await open();
    fake.github.setPermissions({});
    const based = await withBase(fake.job, settings, tellBase);
    expect(based).toMatchObject({ base: undefined, problems: [{ severity: "warning" }] });
    expect(JSON.stringify(based.problems)).toContain("deployments: read");
  });

  it("is none with a warning where that commit is gone, but not where anything else is wrong", async () => {
    const fake = await open();
    await deploy(fake, FIRST, "success");
    const gone = (code: string) =>
      withBase(fake.job, settings, async (based) => {
        if (based.settings.base !== undefined) throw failure(code, "oh");
        return tellBase(based);
      });
    expect(await gone("unknown-ref")).toMatchObject({
      problems: [{ code: "base-gone", severity: "warning" }],
    });
    expect(await gone("shallow-clone")).toMatchObject({
      notes: expect.stringContaining(FIRST) as string,
    });
    await expect(gone("base-unreadable")).rejects.toThrow("oh");
  });

  it("is not given up when GitHub is down", async () => {
    const fake = await open();
    fake.github.addFault({ times: "always", action: { type: "reset", when: "before" } });
    await expect(withBase(fake.job, settings, tellBase)).rejects.toThrow("GitHub is not available");
  });
});
