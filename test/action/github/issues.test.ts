import { describe, expect, it } from "vitest";
import { findLogin } from "../../../src/action/github/identity.ts";
import { closeDriftIssue, writeDriftIssue } from "../../../src/action/github/issues.ts";
import { writeHeader } from "../../../src/render/comment/hidden-header.ts";
import { makeJob, type FakeJob } from "../../support/action/fake-job.ts";

const LOGIN = "github-actions[bot]";

function makeBody(target = "production", text = "text"): string {
  const header = { v: 1, subject: "drift", target, digest: "", commit: "c", outcome: "o" } as const;
  return `${writeHeader({ ...header, earlier: [] })}\n${text}`;
}

function show({ github }: FakeJob): string[] {
  return [...github.state.issues.values()].map(
    ({ number, title, state, body }) =>
      `${number} ${state} ${title}: ${body?.split("\n").at(-1) ?? ""}`,
  );
}

/** An issue that somebody wrote, with whatever body. */
function plant(
  { github }: FakeJob,
  body: string,
  more: { login?: string; isPull?: boolean } = {},
): number {
  const number = github.state.nextNumber();
  const at = github.state.tick();
  github.state.issues.set(number, {
    number,
    user: { login: more.login ?? LOGIN, id: 1, type: "Bot" },
    created_at: at,
    updated_at: at,
    isPull: more.isPull ?? false,
    title: "t",
    body,
    state: "open",
    state_reason: null,
  });
  return number;
}

describe("the drift issue", () => {
  it("is opened, written anew, closed with a note, and another one follows", async () => {
    const fake = await makeJob();
    const write = (text: string): Promise<void> =>
      writeDriftIssue(fake.job, "production", LOGIN, makeBody("production", text));
    await write("one");
    expect(show(fake)).toEqual(["1 open Callform drift: production: one"]);
    await write("two");
    expect(show(fake)).toEqual(["1 open Callform drift: production: two"]);
    await closeDriftIssue(fake.job, "production", LOGIN, "clean");
    expect(show(fake)).toEqual(["1 closed Callform drift: production: two"]);
    expect(fake.github.state.comments.map(({ body }) => body)).toEqual(["clean"]);
    expect(fake.github.state.issues.get(1)?.state_reason).toBe("completed");
    await write("three");
    expect(show(fake)).toHaveLength(2);
  });

  it("of another App is found by its header, and asked for by author where that is known", async () => {
    const fake = await makeJob({ labels: "phones, drift" });
    const number = plant(fake, makeBody("production", "old"), { login: "phones-bot[bot]" });
    await writeDriftIssue(fake.job, "production", undefined, makeBody("production", "new"));
    expect(fake.github.state.issues.get(number)?.body).toContain("new");
    expect(fake.github.state.issues.size).toBe(1);
    fake.github.clearRequests();
    await writeDriftIssue(fake.job, "production", LOGIN, makeBody());
    expect(fake.github.requests[0]?.target).toContain("creator=github-actions%5Bbot%5D");
    const made = fake.github.requests.find(({ method }) => method === "POST");
    expect(JSON.parse(made?.body ?? "{}")).toMatchObject({ labels: ["phones", "drift"] });
  });

  it("is not closed where there is none", async () => {
    const { job, github } = await makeJob();
    await closeDriftIssue(job, "production", LOGIN, "clean");
    expect(github.requests.map(({ method }) => method)).toEqual(["GET"]);
  });

  it("is one for each target", async () => {
    const fake = await makeJob();
    for (const target of ["berlin", "bonn"])
      await writeDriftIssue(fake.job, target, LOGIN, makeBody(target));
    expect(show(fake)).toHaveLength(2);
    await closeDriftIssue(fake.job, "bonn", LOGIN, "clean");
    expect(show(fake)[0]).toContain("open Callform drift: berlin");
    expect(show(fake)[1]).toContain("closed Callform drift: bonn");
  });

  it("is never somebody else's issue, nor a pull request, nor one without a header", async () => {
    const fake = await makeJob();
    plant(fake, makeBody(), { login: "eve" });
    plant(fake, makeBody(), { isPull: true });
    plant(fake, "text");
    await closeDriftIssue(fake.job, "production", LOGIN, "clean");
    expect(show(fake).filter((line) => line.includes("closed"))).toEqual([]);
    await writeDriftIssue(fake.job, "production", LOGIN, makeBody());
    expect(show(fake)).toHaveLength(4);
  });

  it("is the oldest of several, and the others are closed", async () => {
    const fake = await makeJob();
    for (const text of ["one", "two", "three"]) plant(fake, makeBody("production", text));
    await writeDriftIssue(fake.job, "production", LOGIN, makeBody("production", "new"));
    expect(show(fake)).toEqual([
      "1 open Callform drift: production: new",
      "2 closed t: two",
      "3 closed t: three",
    ]);
  });

  it("is found behind hundreds of others", async () => {
    const fake = await makeJob();
    for (let n = 0; n < 150; n += 1) plant(fake, "chat", { login: "eve" });
    const number = plant(fake, makeBody());
    await writeDriftIssue(fake.job, "production", LOGIN, makeBody("production", "new"));
    expect(fake.github.state.issues.get(number)?.body).toContain("new");
    expect(fake.github.state.issues.size).toBe(151);
  });

  it("is one, also when the answer to its opening is lost", async () => {
    const fake = await makeJob();
    fake.github.addFault({ method: "POST", action: { type: "reset", when: "after" } });
    await writeDriftIssue(fake.job, "production", LOGIN, makeBody());
    expect(show(fake)).toHaveLength(1);
  });
});

describe("the token's own login", () => {
  it("is that of the app its check runs name", async () => {
    const { job, github } = await makeJob();
    expect(await findLogin(job, "acme-bot")).toBe("acme-bot[bot]");
    expect(github.requests).toEqual([]);
  });

  it("is not known where it may not ask", async () => {
    const { job } = await makeJob();
    expect(await findLogin(job, undefined)).toBeUndefined();
  });

  it("is not guessed while GitHub is down", async () => {
    const { job, github } = await makeJob();
    github.addFault({ times: "always", action: { type: "reset", when: "before" } });
    await expect(findLogin(job, undefined)).rejects.toThrow("GitHub is not available");
  });

  it("is a person's where the token is a person's", async () => {
    const { job, github } = await makeJob();
    const body = { login: "hubot", id: 1, type: "User" };
    github.addFault({ path: "/user", action: { type: "answer", answer: { status: 200, body } } });
    expect(await findLogin(job, undefined)).toBe("hubot");
  });
});
