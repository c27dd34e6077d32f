import { describe, expect, it } from "vitest";
import { writeComment, type Sticky } from "../../../src/action/github/comments.ts";
import { readHeader, writeHeader, type Header } from "../../../src/render/comment/hidden-header.ts";
import type { Github } from "../../support/github/server.ts";
import { makeJob } from "../../support/action/fake-job.ts";

const BOT = { login: "github-actions[bot]", id: 1, type: "Bot" as const };
const EVE = { login: "eve", id: 2, type: "User" as const };
const STICKY: Sticky = {
  pull: 1,
  subject: "plan",
  target: "production",
  login: BOT.login,
  fresh: false,
  create: true,
};

function makeBody(more: Partial<Header> = {}): string {
  const header: Header = {
    v: 1,
    subject: "plan",
    target: "production",
    digest: "d",
    commit: "c",
    outcome: "o",
    earlier: [],
    ...more,
  };
  return `${writeHeader(header)}\ntext`;
}

async function openPull(): Promise<Awaited<ReturnType<typeof makeJob>>> {
  const fake = await makeJob();
  const at = "2026-01-05T08:00:00Z";
  fake.github.state.issues.set(1, {
    number: 1,
    user: EVE,
    created_at: at,
    isPull: true,
    title: "t",
    body: "",
    state: "open",
    state_reason: null,
    updated_at: at,
  });
  return fake;
}

function plant({ state }: Github, body: string, user = BOT): number {
  const id = state.nextId();
  const at = state.tick();
  state.comments.push({
    id,
    issue: 1,
    user,
    performed_via_github_app: null,
    created_at: at,
    updated_at: at,
    body,
  });
  return id;
}

describe("the comment on a pull request", () => {
  it("is made where there is none", async () => {
    const { job, github } = await openPull();
    await writeComment(job, STICKY, (before) => {
      expect(before).toBeUndefined();
      return makeBody();
    });
    expect(github.state.comments.map(({ body }) => body)).toEqual([makeBody()]);
  });

  it("is written again where it is there, given what it said", async () => {
    const { job, github } = await openPull();
    const id = plant(github, makeBody({ digest: "old" }));
    await writeComment(job, STICKY, (before) => makeBody({ outcome: before?.digest ?? "" }));
    expect(github.state.comments).toHaveLength(1);
    const [comment] = github.state.comments;
    expect(comment?.id).toBe(id);
    expect(readHeader(comment?.body ?? "")?.outcome).toBe("old");
  });

  it("is not written when it says the same", async () => {
    const { job, github } = await openPull();
    plant(github, makeBody());
    await writeComment(job, STICKY, () => makeBody());
    expect(github.requests.map(({ method }) => method)).toEqual(["GET"]);
  });

  it("is not made where none is wanted, and is kept true where it is there", async () => {
    const { job, github } = await openPull();
    const quiet = { ...STICKY, create: false };
    await writeComment(job, quiet, () => makeBody());
    expect(github.state.comments).toEqual([]);
    plant(github, makeBody({ digest: "old" }));
    await writeComment(job, quiet, () => makeBody());
    expect(github.state.comments[0]?.body).toBe(makeBody());
  });

  it.each<[string, string, typeof EVE | typeof BOT]>([
    ["of somebody else with the same header", makeBody(), EVE],
    ["on another target", makeBody({ target: "staging" }), BOT],
    ["on another subject", makeBody({ subject: "apply" }), BOT],
    ["with the header further down", `> ${makeBody()}`, BOT],
    ["without a header", "text", BOT],
  ])("is never one %s", async (_, body, user) => {
    const { job, github } = await openPull();
    plant(github, body, user as typeof BOT);
    await writeComment(job, STICKY, () => makeBody({ digest: "new" }));
    expect(github.state.comments.map((comment) => comment.body)).toEqual([
      body,
      makeBody({ digest: "new" }),
    ]);
  });

  it("is found behind hundreds of others", async () => {
    const { job, github } = await openPull();
    for (let n = 0; n < 230; n += 1) plant(github, "chat", EVE as unknown as typeof BOT);
    const id = plant(github, makeBody());
    await writeComment(job, STICKY, () => makeBody({ digest: "new" }));
    expect(github.state.comments).toHaveLength(231);
    expect(github.state.comments.find((comment) => comment.id === id)?.body).toContain("new");
  });

  it("is the oldest of several, and the others say that they are outdated", async () => {
    const { job, github } = await openPull();
    plant(github, makeBody({ digest: "1" }));
    plant(github, makeBody({ digest: "2" }));
    plant(github, makeBody({ digest: "3" }));
    await writeComment(job, STICKY, (before) =>
      makeBody({ outcome: `was ${before?.digest ?? ""}` }),
    );
    const [kept, ...others] = github.state.comments.map(({ body }) => body);
    expect(kept).toContain("was 1");
    for (const body of others) expect(body).toMatch(/^Outdated: /);
    await writeComment(job, STICKY, () => makeBody());
    expect(github.state.comments).toHaveLength(3);
  });

  it("is one, also when the answer to its making is lost", async () => {
    const { job, github } = await openPull();
    github.addFault({ method: "POST", action: { type: "reset", when: "after" } });
    await writeComment(job, STICKY, () => makeBody());
    expect(github.state.comments).toHaveLength(1);
  });
});
