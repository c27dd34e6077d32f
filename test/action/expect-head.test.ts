import { describe, expect, it } from "vitest";
import type { Work } from "../../src/action/choose-work.ts";
import { expectHead } from "../../src/action/expect-head.ts";
import type { Job } from "../../src/action/job/job.ts";
import type { Event } from "../../src/action/runner/event.ts";
import { makeJob, SHA } from "../support/action/fake-job.ts";
import { makeFolder } from "../support/project/folder.ts";

const OTHER = "b".repeat(40);
const HEAD = "c".repeat(40);
const APPLY: Work = { do: "apply", commit: SHA, branch: "main", message: "" };
const PLAN: Work = { do: "plan", commit: HEAD, check: true, pull: 7 };
const PUSH: Event = { type: "push", branch: "main", toDefault: true, deleted: false, message: "" };
const PULL: Event = {
  type: "pull_request",
  action: "synchronize",
  number: 7,
  head: HEAD,
  base: OTHER,
  fork: false,
  author: "octocat",
};

async function place(work: Work, event: Event, commit: string | undefined, dirty = false) {
  const history: Job["history"] = {
    head: commit === undefined ? undefined : { commit, dirty },
    contains: async () => undefined,
  };
  const surroundings = { env: {}, cwd: makeFolder({ "callform.yaml": "" }).root };
  const { job } = await makeJob({}, { event, history, surroundings });
  return expectHead(job, work);
}

describe("what is checked out", () => {
  it("is the commit of the event", async () => {
    expect(await place(APPLY, PUSH, SHA)).toEqual({ work: APPLY, notes: [] });
    expect(await place(PLAN, PULL, SHA)).toEqual({ work: PLAN, notes: [] });
  });

  it("may be the pull request's branch alone, which is said", async () => {
    expect((await place(PLAN, PULL, HEAD)).notes.join()).toContain("without what was merged");
  });

  it.each<[string, Work, Event]>([
    ["a push", APPLY, PUSH],
    ["a pull request", PLAN, PULL],
    ["a merge group", PLAN, { type: "merge_group", head: HEAD }],
  ])("must not be another one for %s", async (_, work, event) => {
    await expect(place(work, event, OTHER)).rejects.toMatchObject({
      problems: [{ code: "wrong-checkout", message: expect.stringContaining("bbbbbbbbbbbb") }],
    });
  });

  it("is what a plan without a commit of its own is about, and drift", async () => {
    const event: Event = { type: "other", name: "workflow_dispatch" };
    const placed = await place({ ...PLAN, check: false, commit: SHA }, event, OTHER);
    expect(placed.work).toMatchObject({ commit: OTHER });
    expect((await place({ do: "drift", commit: SHA }, event, OTHER)).work).toEqual({
      do: "drift",
      commit: OTHER,
    });
  });

  it("is said to differ from its commit where a step has written files", async () => {
    expect((await place(APPLY, PUSH, SHA, true)).notes.join()).toContain("a step before");
  });

  it("is named as the cause where there is none", async () => {
    await expect(place(APPLY, PUSH, undefined)).rejects.toMatchObject({
      problems: [{ code: "no-checkout", hint: expect.stringContaining("actions/checkout") }],
    });
    const surroundings = { env: {}, cwd: makeFolder().root };
    const { job } = await makeJob({}, { event: PUSH, surroundings });
    for (const work of [APPLY, PLAN, { do: "validate" } as const])
      await expect(expectHead(job, work)).rejects.toMatchObject({
        problems: [{ code: "no-checkout", message: expect.stringContaining("empty") }],
      });
  });
});

describe("an event that a stranger can cause", () => {
  it.each(["issue_comment", "issues", "discussion_comment", "fork", "watch", "gollum"])(
    "%s applies nothing, and plans the event's own commit alone",
    async (name) => {
      const event: Event = { type: "other", name };
      const plan: Work = { ...PLAN, check: false, commit: SHA };
      await expect(place(APPLY, event, SHA)).rejects.toMatchObject({
        problems: [{ code: "event-unsafe" }],
      });
      for (const work of [plan, { do: "drift", commit: SHA } as const]) {
        await expect(place(work, event, OTHER)).rejects.toMatchObject({
          problems: [{ code: "event-unsafe" }],
        });
        expect((await place(work, event, SHA)).work).toMatchObject({ commit: SHA });
      }
    },
  );
});
