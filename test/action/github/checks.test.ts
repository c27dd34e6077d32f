import { describe, expect, it } from "vitest";
import { openCheck, type Check, type CheckResult } from "../../../src/action/github/checks.ts";
import type { Problem } from "../../../src/domain/problem.ts";
import { makeJob, SHA, type FakeJob } from "../../support/action/fake-job.ts";

const RESULT: CheckResult = {
  conclusion: "success",
  title: "Plan: nothing",
  summary: "## Plan",
  text: "<!-- packed -->",
  digest: "d".repeat(64),
  problems: [],
};

function makeProblems(count: number): Problem[] {
  return Array.from({ length: count }, (_, n) => ({
    severity: "warning",
    code: "x",
    message: "y",
    at: { file: "a.yaml", line: n + 1, column: 1 },
  }));
}

async function open({ job }: FakeJob): Promise<Check> {
  const check = await openCheck(job, "callform / production", SHA, []);
  if (check === undefined) throw new Error("no check run");
  return check;
}

describe("a check run", () => {
  it("is in progress from the start, and knows the app it belongs to", async () => {
    const fake = await makeJob();
    const check = await open(fake);
    expect(check.app).toEqual({ id: 15_368, slug: "github-actions" });
    expect(fake.github.state.checkRuns).toMatchObject([
      {
        id: check.id,
        name: "callform / production",
        head_sha: SHA,
        status: "in_progress",
        details_url: "https://github.test/acme/phones/actions/runs/7",
      },
    ]);
  });

  it("carries digest, texts and conclusion at its end", async () => {
    const fake = await makeJob();
    await (await open(fake)).conclude(RESULT);
    expect(fake.github.state.checkRuns).toMatchObject([
      {
        status: "completed",
        conclusion: "success",
        external_id: "d".repeat(64),
        output: { title: "Plan: nothing", summary: "## Plan", text: "<!-- packed -->" },
      },
    ]);
  });

  it("carries no digest where there is no plan", async () => {
    const fake = await makeJob();
    await (await open(fake)).conclude({ ...RESULT, conclusion: "failure", digest: "", text: "" });
    expect(fake.github.state.checkRuns).toMatchObject([
      { conclusion: "failure", external_id: "", output: { text: null } },
    ]);
  });

  it.each([0, 1, 50, 51, 120])("takes %d annotations, fifty in a request", async (count) => {
    const fake = await makeJob();
    await (await open(fake)).conclude({ ...RESULT, problems: makeProblems(count) });
    const [run] = fake.github.state.checkRuns;
    expect(run?.annotations).toHaveLength(count);
    expect(run?.status).toBe("completed");
    const patches = fake.github.requests.filter(({ method }) => method === "PATCH");
    expect(patches).toHaveLength(Math.max(1, Math.ceil(count / 50)));
  });

  it("says how many annotations are left out", async () => {
    const fake = await makeJob();
    await (await open(fake)).conclude({ ...RESULT, problems: makeProblems(507) });
    const [run] = fake.github.state.checkRuns;
    expect(run?.annotations).toHaveLength(500);
    expect(run?.output.summary).toBe("## Plan\n\n7 more annotations are left out.");
  });

  it("is one, also when the answer to its making is lost", async () => {
    const fake = await makeJob();
    fake.github.addFault({ method: "POST", action: { type: "reset", when: "after" } });
    const check = await open(fake);
    expect(fake.github.state.checkRuns.map(({ id }) => id)).toEqual([check.id]);
  });

  it("is not mistaken for that of another run when the answer is lost", async () => {
    const fake = await makeJob();
    const first = await open(fake);
    fake.github.addFault({ method: "POST", action: { type: "reset", when: "before" } });
    const second = await open(fake);
    expect(second.id).not.toBe(first.id);
  });
});

describe("a check run that was left under way", () => {
  it("is concluded by the next run, and one that ended is left as it is", async () => {
    const fake = await makeJob();
    await open(fake);
    const second = await open(fake);
    const [first] = fake.github.state.checkRuns;
    expect(first).toMatchObject({ status: "completed", conclusion: "cancelled", external_id: "" });
    expect(second.before).toEqual([]);
    await second.conclude(RESULT);
    const third = await open(fake);
    expect(third.before).toEqual([RESULT.digest]);
    expect(fake.github.state.checkRuns.map(({ conclusion }) => conclusion)).toEqual([
      "cancelled",
      "success",
      null,
    ]);
  });

  it("is left alone where another app made it", async () => {
    const fake = await makeJob();
    await open(fake);
    const [first] = fake.github.state.checkRuns;
    Object.assign(first ?? {}, { app: { id: 1, slug: "other", name: "Other" } });
    await open(fake);
    expect(first).toMatchObject({ status: "in_progress" });
  });
});

describe("the permission for check runs", () => {
  it("may be missing, which is remembered once and asked for no more", async () => {
    const { job, github } = await makeJob();
    github.setPermissions({ checks: "read" });
    const missing: Problem[] = [];
    expect(await openCheck(job, "a", SHA, missing)).toBeUndefined();
    expect(await openCheck(job, "b", SHA, missing)).toBeUndefined();
    expect(missing).toMatchObject([{ severity: "warning", code: "github-permission" }]);
    expect(missing[0]?.hint).toContain("checks: write");
    expect(github.requests).toHaveLength(1);
  });

  it("is not taken for missing when GitHub is down", async () => {
    const { job, github } = await makeJob();
    github.addFault({ times: "always", action: { type: "reset", when: "before" } });
    await expect(openCheck(job, "a", SHA, [])).rejects.toThrow("GitHub is not available");
  });
});
