import { describe, expect, it } from "vitest";
import { openGithub } from "../../../src/action/github-api/client.ts";
import { ProblemError } from "../../../src/domain/problem.ts";
import { openGithub as openStandIn } from "../../support/github/server.ts";
import {
  primaryLimit,
  secondaryLimit,
  type GithubFaultAction,
} from "../../support/github/faults.ts";
import { createVirtualClock } from "../../support/pbx/clock.ts";
import { makeJob, SHA, type FakeJob } from "../../support/action/fake-job.ts";

const PURPOSE = { doing: "write the thing", needs: "things: write" };
const DOWN: GithubFaultAction = {
  type: "answer",
  answer: { status: 502, body: { message: "Server Error" } },
};

/** Reads the repository: a request that may be repeated. */
function read({ job }: FakeJob): Promise<string> {
  return job.github.ask(PURPOSE, async (request) => {
    const { data, headers } = await request("GET /repos/{owner}/{repo}", job.github.repo);
    return { data: data.full_name, headers };
  });
}

/** Makes a check run: a request that must not be repeated blindly. */
function create(
  { job, github }: FakeJob,
  found: (name: string) => number | undefined,
): Promise<number> {
  return job.github.create(
    PURPOSE,
    async () => found(github.state.checkRuns.at(-1)?.name ?? ""),
    async (request) => {
      const { data, headers } = await request("POST /repos/{owner}/{repo}/check-runs", {
        ...job.github.repo,
        name: "x",
        head_sha: SHA,
      });
      return { data: Number(data.id), headers };
    },
  );
}

async function problemsOf(work: Promise<unknown>): Promise<string[]> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProblemError)) throw new Error(`no problem: ${String(error)}`);
  return error.problems.map(({ code, message, hint }) => `${code}: ${message} (${hint ?? ""})`);
}

describe("a request to GitHub", () => {
  it("carries the token and says who asks", async () => {
    const fake = await makeJob();
    expect(await read(fake)).toBe("acme/phones");
    expect(fake.github.requests[0]?.headers["user-agent"]).toMatch(/^callform\/0\.0\.0/);
  });

  it.each<[string, GithubFaultAction]>([
    ["an answer of 502", DOWN],
    ["a line that is cut before it took effect", { type: "reset", when: "before" }],
    ["a line that is cut afterwards", { type: "reset", when: "after" }],
    ["an answer that ends too early", { type: "truncate" }],
  ])("is sent again after %s, waiting longer each time", async (_, action) => {
    const fake = await makeJob();
    fake.github.addFault({ times: 3, action });
    expect(await read(fake)).toBe("acme/phones");
    expect(fake.clock.sleeps).toEqual([500, 1000, 2000]);
    expect(fake.notes).toHaveLength(3);
  });

  it("is given up after four attempts, in words", async () => {
    const fake = await makeJob();
    fake.github.addFault({ times: "always", action: DOWN });
    const [problem] = await problemsOf(read(fake));
    expect(problem).toMatch(
      /^github-unavailable: GitHub is not available, and did not let the run write the thing: 502/,
    );
    expect(fake.github.requests).toHaveLength(4);
  });

  it("does not try in vain again while GitHub is down, and does once it was back", async () => {
    const fake = await makeJob();
    fake.github.addFault({ times: 5, action: DOWN });
    await problemsOf(read(fake));
    await problemsOf(read(fake));
    expect(fake.github.requests).toHaveLength(5);
    expect(await read(fake)).toBe("acme/phones");
    fake.github.addFault({ times: 2, action: DOWN });
    expect(await read(fake)).toBe("acme/phones");
  });

  it.each([
    ["says how long", secondaryLimit(7), [7000]],
    ["says how long with 429", secondaryLimit(7, 429), [7000]],
    ["does not say how long", secondaryLimit(undefined), [60_000]],
  ])("waits for a secondary limit that %s", async (_, action, sleeps) => {
    const fake = await makeJob();
    fake.github.addFault({ action });
    expect(await read(fake)).toBe("acme/phones");
    expect(fake.clock.sleeps).toEqual(sleeps);
  });

  it("waits for a limit that ends at a date, and for one whose end nobody can read", async () => {
    for (const [after, least, most] of [
      [(now: number) => new Date(now + 30_000).toUTCString(), 25_000, 31_000],
      [() => "soon", 60_000, 60_000],
    ] as const) {
      const fake = await makeJob();
      const headers = { "retry-after": after(fake.clock.now()) };
      fake.github.addFault({
        action: { type: "answer", answer: { status: 429, body: { message: "slow" }, headers } },
      });
      expect(await read(fake)).toBe("acme/phones");
      expect(fake.clock.sleeps[0]).toBeGreaterThanOrEqual(least);
      expect(fake.clock.sleeps[0]).toBeLessThanOrEqual(most);
      expect(fake.notes.join()).not.toContain("NaN");
    }
  });

  it("takes a locked conversation for no missing permission", async () => {
    const fake = await makeJob();
    const message = "Unable to create comment because issue is locked.";
    fake.github.addFault({
      action: { type: "answer", answer: { status: 403, body: { message } } },
    });
    const [problem] = await problemsOf(read(fake));
    expect(problem).toMatch(/^github-refused: .*unlock the conversation/);
  });

  it("waits for GitHub's older wording too", async () => {
    const fake = await makeJob();
    const message = "You have triggered an abuse detection mechanism. Please wait a few minutes.";
    fake.github.addFault({
      action: { type: "answer", answer: { status: 403, body: { message } } },
    });
    expect(await read(fake)).toBe("acme/phones");
    expect(fake.clock.sleeps).toEqual([60_000]);
  });

  it("waits for a primary limit that ends soon, and not for one that does not", async () => {
    const fake = await makeJob();
    fake.github.addFault({ action: primaryLimit(20) });
    expect(await read(fake)).toBe("acme/phones");
    const [wait = 0] = fake.clock.sleeps;
    expect(wait).toBeGreaterThan(19_000);
    expect(wait).toBeLessThan(24_000);
    fake.github.addFault({ action: primaryLimit(3000) });
    expect(await problemsOf(read(fake))).toEqual([
      expect.stringMatching(/^github-rate-limit: .*later\)$/),
    ]);
    expect(fake.clock.sleeps).toHaveLength(1);
  });

  it("waits two minutes at most in a whole run", async () => {
    const fake = await makeJob();
    fake.github.addFault({ times: "always", action: secondaryLimit(50) });
    for (let n = 0; n < 3; n += 1)
      expect(await problemsOf(read(fake))).toEqual([expect.stringContaining("github-rate-limit")]);
    expect(fake.clock.sleeps).toEqual([50_000, 50_000]);
  });

  it("names the permission that it lacks, with the line to add", async () => {
    const fake = await makeJob();
    fake.github.setPermissions({});
    const [problem] = await problemsOf(create(fake, () => undefined));
    expect(problem).toContain("github-permission: the token may not write the thing");
    expect(problem).toContain("add the line `things: write` below `permissions:`");
    expect(fake.github.requests).toHaveLength(1);
  });

  it.each([
    [401, "github-token"],
    [404, "github-not-found"],
    [422, "github-refused"],
    [410, "github-refused"],
  ])("is not sent again after %d, which is %s", async (status, code) => {
    const fake = await makeJob();
    fake.github.addFault({
      action: { type: "answer", answer: { status, body: { message: "no" } } },
    });
    expect(await problemsOf(read(fake))).toEqual([expect.stringContaining(code)]);
    expect(fake.github.requests).toHaveLength(1);
  });

  it("is not made without a token", async () => {
    const standIn = await openStandIn();
    const github = openGithub({
      token: undefined,
      apiUrl: standIn.url,
      owner: "acme",
      repo: "phones",
      version: "0",
      clock: createVirtualClock(),
      stop: new AbortController().signal,
      onNote: () => undefined,
    });
    const asked = github.ask(PURPOSE, (request) =>
      request("GET /repos/{owner}/{repo}", github.repo),
    );
    expect(await problemsOf(asked)).toEqual([expect.stringContaining("github-token: the input")]);
    expect(standIn.requests).toHaveLength(0);
  });

  it("is sent once when the run was told to stop", async () => {
    const fake = await makeJob();
    fake.cancel();
    expect(await read(fake)).toBe("acme/phones");
    fake.github.addFault({ times: "always", action: DOWN });
    await problemsOf(read(fake));
    expect(fake.github.requests).toHaveLength(2);
  });

  it("ends its wait when the run is told to stop", async () => {
    const fake = await makeJob();
    fake.github.addFault({ action: secondaryLimit(60) });
    // It is told that there will be a wait just before it waits.
    fake.notes.push = () => {
      fake.cancel();
      return 0;
    };
    await expect(read(fake)).rejects.toThrow(/abort/i);
    expect(fake.github.requests).toHaveLength(1);
  });
});

describe("a request that makes something new", () => {
  it("is not repeated where its answer was lost and it took effect", async () => {
    const fake = await makeJob();
    fake.github.addFault({ method: "POST", action: { type: "reset", when: "after" } });
    expect(await create(fake, (name) => (name === "x" ? 42 : undefined))).toBe(42);
    expect(fake.github.state.checkRuns).toHaveLength(1);
  });

  it("is repeated where it took none", async () => {
    const fake = await makeJob();
    fake.github.addFault({ method: "POST", action: { type: "reset", when: "before" } });
    const id = await create(fake, (name) => (name === "x" ? 42 : undefined));
    expect(fake.github.state.checkRuns.map((run) => run.id)).toEqual([id]);
  });

  it("is repeated without a look where it was refused for being one too many", async () => {
    const fake = await makeJob();
    fake.github.addFault({ method: "POST", action: secondaryLimit(1) });
    await create(fake, () => {
      throw new Error("looked");
    });
    expect(fake.github.state.checkRuns).toHaveLength(1);
  });
});

describe("a list", () => {
  it("is read page by page to its end", async () => {
    const fake = await makeJob();
    const run = {
      head_sha: SHA,
      app: { id: 1, slug: "a", name: "A" },
      started_at: "2026-01-05T08:00:00Z",
    };
    for (let id = 1; id <= 250; id += 1)
      fake.github.state.checkRuns.push({
        ...run,
        id,
        annotations: [],
        name: "x",
        external_id: "",
        details_url: null,
        status: "queued",
        conclusion: null,
        completed_at: null,
        output: { title: null, summary: null, text: null },
      });
    const { github } = fake.job;
    const ids = await github.list(PURPOSE, async (request, page) => {
      const { data, headers } = await request(
        "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
        {
          ...github.repo,
          ref: SHA,
          filter: "all",
          per_page: 100,
          page,
        },
      );
      return { data: data.check_runs.map(({ id }) => Number(id)), headers };
    });
    expect(new Set(ids).size).toBe(250);
    expect(fake.github.requests).toHaveLength(3);
  });
});
