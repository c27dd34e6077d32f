import { Octokit } from "octokit";
import { describe, expect, it } from "vitest";
import { abuse, outage, primaryLimit, secondaryLimit } from "../../support/github/faults.ts";
import { plantComment, plantIssue } from "../../support/github/issues.ts";
import { FORK_PERMISSIONS } from "../../support/github/permissions.ts";
import { openGithub, startGithub, type Github } from "../../support/github/server.ts";

const REPO = { owner: "acme", repo: "phones" };
const SHA = "a".repeat(40);

function connect({ url, token }: Github): Octokit {
  const never = (): boolean => false;
  return new Octokit({
    auth: token,
    baseUrl: url,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    retry: { enabled: false },
    throttle: { enabled: false, onRateLimit: never, onSecondaryRateLimit: never },
  });
}

async function failOf(promise: Promise<unknown>): Promise<{
  status: number;
  message: string;
  response: { headers: Record<string, string> };
}> {
  return promise.then(
    () => {
      throw new Error("it was accepted");
    },
    (error: unknown) => error as never,
  );
}

async function openWithPull(): Promise<{ github: Github; octokit: Octokit; number: number }> {
  const github = await openGithub();
  const user = { login: "octocat", id: 1, type: "User" as const };
  const { number } = plantIssue(github.state, { title: "t", body: null, user, isPull: true });
  github.state.commits.add(SHA);
  return { github, octokit: connect(github), number };
}

describe("the GitHub stand-in", () => {
  it("keeps comments, gives them by pages with links, and lets their author change them", async () => {
    const { github, octokit, number } = await openWithPull();
    for (let n = 0; n < 205; n += 1)
      plantComment(github.state, number, `old ${n}`, { login: "x", id: 2, type: "User" });
    const { rest } = octokit;
    const { data } = await rest.issues.createComment({
      ...REPO,
      issue_number: number,
      body: "new",
    });
    const all = await octokit.paginate(rest.issues.listComments, {
      ...REPO,
      issue_number: number,
      per_page: 100,
    });
    expect(all).toHaveLength(206);
    expect(all.at(-1)).toMatchObject({ body: "new", user: { login: "github-actions[bot]" } });
    expect(github.requests.filter(({ method }) => method === "GET")).toHaveLength(3);
    await rest.issues.updateComment({ ...REPO, comment_id: data.id, body: "newer" });
    expect(github.state.comments.at(-1)?.body).toBe("newer");
    const foreign = github.state.comments[0]?.id ?? 0;
    const refused = rest.issues.updateComment({ ...REPO, comment_id: foreign, body: "mine" });
    expect(await failOf(refused)).toMatchObject({ status: 403 });
  });

  it("refuses a comment that is too long as GitHub does", async () => {
    const { octokit, number } = await openWithPull();
    const write = (body: string): Promise<unknown> =>
      octokit.rest.issues.createComment({ ...REPO, issue_number: number, body });
    await write("x".repeat(65_536));
    expect(await failOf(write("x".repeat(65_537)))).toMatchObject({
      status: 422,
      message: expect.stringContaining("Body is too long (maximum is 65536 characters)"),
    });
    expect(await failOf(write(" "))).toMatchObject({ status: 422 });
  });

  it("keeps check runs, and gives the latest of a name and an app", async () => {
    const { github, octokit } = await openWithPull();
    const { checks } = octokit.rest;
    const create = { ...REPO, head_sha: SHA, name: "callform / x" };
    const first = await checks.create({ ...create, external_id: "one", status: "in_progress" });
    const second = await checks.create({ ...create, external_id: "two", status: "queued" });
    await checks.update({
      ...REPO,
      check_run_id: second.data.id,
      conclusion: "success",
      output: { title: "t", summary: "s" },
    });
    const listed = await checks.listForRef({ ...REPO, ref: SHA, check_name: "callform / x" });
    expect(listed.data).toMatchObject({
      total_count: 1,
      check_runs: [{ external_id: "two", status: "completed", conclusion: "success" }],
    });
    const all = await checks.listForRef({ ...REPO, ref: SHA, filter: "all" });
    expect(all.data.check_runs.map(({ id }) => id)).toEqual([second.data.id, first.data.id]);
    expect(github.state.checkRuns[0]).toMatchObject({ status: "in_progress", conclusion: null });
    expect(await failOf(checks.create({ ...create, head_sha: "b".repeat(40) }))).toMatchObject({
      status: 422,
      message: expect.stringContaining("No commit found"),
    });
  });

  it("counts the bytes of a check run's texts", async () => {
    const { octokit } = await openWithPull();
    const write = (summary: string): Promise<unknown> =>
      octokit.rest.checks.create({
        ...REPO,
        head_sha: SHA,
        name: "x",
        output: { title: "t", summary },
      });
    await write("é".repeat(32_767));
    expect(await failOf(write("é".repeat(32_768)))).toMatchObject({
      status: 422,
      message: expect.stringContaining("bytesize of 65535"),
    });
  });

  it("keeps deployments, newest first, and retires earlier ones of an environment that is not production", async () => {
    const { github, octokit } = await openWithPull();
    const { repos } = octokit.rest;
    const deploy = async (environment: string): Promise<number> => {
      const { data } = await repos.createDeployment({
        ...REPO,
        ref: SHA,
        environment,
        task: "callform",
        auto_merge: false,
        required_contexts: [],
        payload: { a: 1 },
      });
      if (!("id" in data)) throw new Error("it merged");
      await repos.createDeploymentStatus({ ...REPO, deployment_id: data.id, state: "success" });
      return data.id;
    };
    const ids = [await deploy("lab"), await deploy("lab"), await deploy("production")];
    await deploy("production");
    const listed = await repos.listDeployments({ ...REPO, environment: "lab", task: "callform" });
    expect(listed.data.map(({ id }) => id)).toEqual([ids[1], ids[0]]);
    expect(listed.data[0]?.payload).toEqual({ a: 1 });
    expect(github.state.deployments.map(({ statuses }) => statuses.at(-1)?.state)).toEqual([
      "inactive",
      "success",
      "success",
      "success",
    ]);
    const merged = await repos.createDeployment({ ...REPO, ref: SHA });
    expect(merged.status).toBe(202);
  });

  it("lists pull requests among the issues, as GitHub does", async () => {
    const { octokit, number } = await openWithPull();
    const { issues } = octokit.rest;
    const { data } = await issues.create({ ...REPO, title: "drift", body: "x" });
    const listed = await issues.listForRepo(REPO);
    expect(listed.data.map((issue) => [issue.number, issue.pull_request !== undefined])).toEqual([
      [data.number, false],
      [number, true],
    ]);
    await issues.update({ ...REPO, issue_number: data.number, state: "closed" });
    expect((await issues.listForRepo(REPO)).data).toHaveLength(1);
    expect((await issues.listForRepo({ ...REPO, state: "all" })).data).toHaveLength(2);
  });

  it("says which permission is missing, and takes either of two for a pull request's comments", async () => {
    const { github, octokit, number } = await openWithPull();
    const { checks, issues, users } = octokit.rest;
    github.setPermissions(FORK_PERMISSIONS);
    const refused = await failOf(checks.create({ ...REPO, head_sha: SHA, name: "x" }));
    expect(refused).toMatchObject({
      status: 403,
      message: expect.stringContaining("Resource not accessible by integration"),
    });
    expect(refused.response.headers["x-accepted-github-permissions"]).toBe("checks=write");
    const write = (): Promise<unknown> =>
      issues.createComment({ ...REPO, issue_number: number, body: "x" });
    expect((await failOf(write())).response.headers["x-accepted-github-permissions"]).toBe(
      "issues=write; pull_requests=write",
    );
    github.setPermissions({ pull_requests: "write" });
    await write();
    expect(await failOf(issues.create({ ...REPO, title: "x" }))).toMatchObject({ status: 403 });
    expect(await failOf(users.getAuthenticated())).toMatchObject({ status: 403 });
  });

  it("plays limits, outages and lines that break before and after a request took effect", async () => {
    const { github, octokit, number } = await openWithPull();
    const write = (): Promise<unknown> =>
      octokit.rest.issues.createComment({ ...REPO, issue_number: number, body: "x" });
    const kept: number[] = [];
    const statuses: number[] = [];
    for (const action of [
      primaryLimit(5),
      primaryLimit(5, 429),
      secondaryLimit(3),
      abuse(2),
      outage(502),
      outage(500, "after"),
      { type: "reset", when: "before" } as const,
      { type: "reset", when: "after" } as const,
    ]) {
      github.addFault({ method: "POST", path: "/comments", action });
      statuses.push((await failOf(write())).status);
      kept.push(github.state.comments.length);
      github.clearFaults();
    }
    expect(statuses).toEqual([403, 429, 403, 403, 502, 500, 500, 500]);
    expect(kept).toEqual([0, 0, 0, 0, 0, 1, 1, 2]);
    github.addFault({ nth: 2, times: 2, action: outage() });
    const answers = [];
    for (let n = 0; n < 4; n += 1)
      answers.push(
        await write().then(
          () => "ok",
          () => "no",
        ),
      );
    expect(answers).toEqual(["ok", "no", "no", "ok"]);
  });

  it("can end an answer too early, which the client takes for a text", async () => {
    const { github, octokit, number } = await openWithPull();
    github.addFault({ action: { type: "truncate" } });
    const { data } = await octokit.rest.issues.createComment({
      ...REPO,
      issue_number: number,
      body: "x",
    });
    expect(data.id).toBeUndefined();
    expect(github.state.comments).toHaveLength(1);
  });

  it("lets a test step in at any request, before or after its effect", async () => {
    const { github, octokit, number } = await openWithPull();
    const write = (): Promise<unknown> =>
      octokit.rest.issues.createComment({ ...REPO, issue_number: number, body: "x" });
    const seen: string[] = [];
    github.intercept((count, phase, { method }) => {
      seen.push(`${method} ${count} ${phase} ${github.state.comments.length}`);
      return count === 2 && phase === "after" ? "drop" : undefined;
    });
    await write();
    await failOf(write());
    expect(seen).toEqual([
      "POST 1 before 0",
      "POST 1 after 1",
      "POST 2 before 1",
      "POST 2 after 2",
    ]);
  });
});

describe("requests that GitHub's description would reject", () => {
  const HEADERS = { accept: "application/vnd.github+json", "user-agent": "x" };
  const wrong: Readonly<Record<string, [string, string, unknown?]>> = {
    "GitHub has no GET /repos/acme/phones/nothing": ["GET", "/repos/acme/phones/nothing"],
    "only ": ["PUT", "/repos/acme/phones/issues"],
    "must have required property 'body'": ["POST", "/repos/acme/phones/issues/1/comments", {}],
    "must be string": ["POST", "/repos/acme/phones/issues/1/comments", { body: 1 }],
    "must NOT have additional properties": [
      "POST",
      "/repos/acme/phones/issues/1/comments",
      { body: "x", sticky: true },
    ],
    "body: it is missing": ["POST", "/repos/acme/phones/issues/1/comments"],
    "path/issue_number: must be integer": ["GET", "/repos/acme/phones/issues/one/comments"],
    "query: must NOT have additional": ["GET", "/repos/acme/phones/issues/1/comments?pages=1"],
    "query: per_page is above 100": ["GET", "/repos/acme/phones/issues/1/comments?per_page=101"],
    "query: an option is given twice": ["GET", "/repos/acme/phones/issues?page=1&page=2"],
    "must NOT have more than 50 items": [
      "POST",
      "/repos/acme/phones/check-runs",
      {
        name: "x",
        head_sha: SHA,
        output: {
          title: "x",
          summary: "x",
          annotations: Array.from({ length: 51 }, () => ({
            path: "x",
            start_line: 1,
            end_line: 1,
            annotation_level: "notice",
            message: "x",
          })),
        },
      },
    ],
    "must be equal to one of the allowed values": [
      "POST",
      "/repos/acme/phones/deployments/1/statuses",
      { state: "failed" },
    ],
    "is GitHub's, but the stand-in does not play it": ["GET", "/repos/acme/phones/labels"],
  };

  it.each(Object.entries(wrong))("are told: %s", async (text, [method, target, body]) => {
    const github = await startGithub();
    const headers = { ...HEADERS, authorization: `token ${github.token}` };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await fetch(`${github.url}${target}`, init);
    await github.close();
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(github.violations.join("\n")).toContain(text);
  });

  it("are told for headers, and never without the token", async () => {
    const github = await startGithub();
    const answer = await fetch(`${github.url}/repos/acme/phones`);
    await github.close();
    expect(answer.status).toBe(401);
    expect(github.violations.join("\n")).toContain("headers: accept");
  });
});
