import { describe, expect, it } from "vitest";
import { readEvent } from "../../../src/action/runner/event.ts";
import { makeFolder } from "../../support/project/folder.ts";

function read(name: string, payload: unknown): ReturnType<typeof readEvent> {
  const folder = makeFolder({
    "event.json": typeof payload === "string" ? payload : JSON.stringify(payload),
  });
  return readEvent({ GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: folder.path("event.json") });
}

const REPO = { full_name: "acme/phones" };
const PULL = {
  action: "opened",
  pull_request: {
    number: 7,
    user: { login: "octocat" },
    head: { sha: "aaa", repo: REPO },
    base: { sha: "bbb", repo: REPO },
  },
};

describe("a pull request event", () => {
  it("has number, commits and author", async () => {
    expect(await read("pull_request", PULL)).toEqual({
      type: "pull_request",
      action: "opened",
      number: 7,
      head: "aaa",
      base: "bbb",
      fork: false,
      author: "octocat",
    });
  });

  it.each([
    ["of another repository", { sha: "aaa", repo: { full_name: "eve/phones" } }],
    ["of a repository that is gone", { sha: "aaa", repo: null }],
  ])("is a fork's with a head %s", async (_, head) => {
    const event = await read("pull_request", {
      ...PULL,
      pull_request: { ...PULL.pull_request, head },
    });
    expect(event).toMatchObject({ fork: true });
  });

  it.each(["number", "user", "head", "base"])("is refused without %s", async (key) => {
    const pull = Object.fromEntries(
      Object.entries(PULL.pull_request).filter(([name]) => name !== key),
    );
    await expect(read("pull_request", { ...PULL, pull_request: pull })).rejects.toThrow(
      "the event has no",
    );
  });
});

describe("a push event", () => {
  const push = { ref: "refs/heads/main", repository: { default_branch: "main" }, deleted: false };

  it("knows branch, default branch and message", async () => {
    expect(await read("push", { ...push, head_commit: { message: "Merge" } })).toEqual({
      type: "push",
      branch: "main",
      toDefault: true,
      deleted: false,
      message: "Merge",
    });
    expect(await read("push", { ...push, ref: "refs/heads/a/b" })).toMatchObject({
      branch: "a/b",
      toDefault: false,
      message: "",
    });
  });

  it("knows a tag and a branch that is gone", async () => {
    expect(await read("push", { ...push, ref: "refs/tags/main" })).toMatchObject({
      branch: undefined,
      toDefault: false,
    });
    expect(await read("push", { ...push, deleted: true, head_commit: null })).toMatchObject({
      deleted: true,
    });
  });
});

describe("an event", () => {
  it("of a merge group has its head", async () => {
    expect(await read("merge_group", { merge_group: { head_sha: "ccc" } })).toEqual({
      type: "merge_group",
      head: "ccc",
    });
  });

  it("of another kind has its name", async () => {
    expect(await read("schedule", { schedule: "0 3 * * *" })).toEqual({
      type: "other",
      name: "schedule",
    });
  });

  it.each([
    ["is no JSON", "{"],
    ["is a list", []],
    ["is null", "null"],
  ])("that %s is refused", async (_, payload) => {
    await expect(read("push", payload)).rejects.toThrow("the event in");
  });

  it("is asked for where there is none", async () => {
    await expect(readEvent({})).rejects.toThrow("no run of GitHub Actions");
    await expect(readEvent({ GITHUB_EVENT_PATH: "/nowhere.json" })).rejects.toThrow(
      /^the event in \/nowhere\.json cannot be read: there is no such file or folder$/,
    );
    await expect(readEvent({ GITHUB_EVENT_PATH: "/dev/zero" })).rejects.toThrow(
      "it is not a plain file",
    );
    await expect(read("push", "{")).rejects.toThrow(/event\.json is no valid JSON$/);
  });
});
