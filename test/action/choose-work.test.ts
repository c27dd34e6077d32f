import { describe, expect, it } from "vitest";
import { chooseWork } from "../../src/action/choose-work.ts";
import type { Event, PullRequestEvent, PushEvent } from "../../src/action/runner/event.ts";
import type { Place } from "../../src/action/runner/place.ts";
import { makeInputs, SHA } from "../support/action/fake-job.ts";

const PLACE: Place = {
  owner: "acme",
  repo: "phones",
  sha: SHA,
  refName: "main",
  apiUrl: "",
  runUrl: "",
  actor: "octocat",
};
const PULL: PullRequestEvent = {
  type: "pull_request",
  action: "synchronize",
  number: 7,
  head: "head",
  base: "base",
  fork: false,
  author: "octocat",
};
const PUSH: PushEvent = {
  type: "push",
  branch: "main",
  toDefault: true,
  deleted: false,
  message: "m",
};
const other = (name: string): Event => ({ type: "other", name });

function choose(
  event: Event,
  given: Readonly<Record<string, string>> = {},
  place = PLACE,
): unknown {
  return chooseWork(makeInputs(given), event, place);
}

describe("what a run does by itself", () => {
  it("plans a pull request on its head, with check run and comment", () => {
    expect(choose(PULL)).toEqual({ do: "plan", commit: "head", check: true, pull: 7 });
  });

  it("plans a merge group with a check run and no comment", () => {
    const event: Event = { type: "merge_group", head: "group" };
    expect(choose(event)).toEqual({ do: "plan", commit: "group", check: true, pull: undefined });
  });

  it("applies a push to the default branch", () => {
    expect(choose(PUSH)).toEqual({ do: "apply", commit: SHA, branch: "main", message: "m" });
  });

  it("plans a push elsewhere and tells nobody", () => {
    const plan = { do: "plan", commit: SHA, check: false, pull: undefined };
    expect(choose({ ...PUSH, branch: "topic", toDefault: false })).toEqual(plan);
    expect(choose({ ...PUSH, branch: undefined, toDefault: false })).toEqual(plan);
  });

  it("looks for drift on schedule and by hand", () => {
    expect(choose(other("schedule"))).toMatchObject({ do: "drift" });
    expect(choose(other("workflow_dispatch"))).toMatchObject({ do: "drift" });
  });

  it("does nothing for a closed pull request and a deleted branch", () => {
    expect(choose({ ...PULL, action: "closed" })).toMatchObject({ do: "nothing" });
    expect(choose({ ...PUSH, deleted: true })).toMatchObject({ do: "nothing" });
  });

  it("asks what to do for other events", () => {
    expect(() => choose(other("release"))).toThrow("no command of its own for the event release");
  });
});

describe("a pull request without secrets", () => {
  it("from a fork is compared offline, whatever secrets there are", () => {
    const work = choose({ ...PULL, fork: true }, { "client-secret": "s" });
    expect(work).toMatchObject({ do: "compare", base: "base" });
    expect(JSON.stringify(work)).toContain("A pull request from a fork gets no secrets");
  });

  it("of Dependabot is compared offline while it has none", () => {
    expect(choose({ ...PULL, author: "dependabot[bot]" })).toMatchObject({ do: "compare" });
    expect(choose(PULL, {}, { ...PLACE, actor: "dependabot[bot]" })).toMatchObject({
      do: "compare",
    });
    const given = { "client-secret": "s" };
    expect(choose({ ...PULL, author: "dependabot[bot]" }, given)).toMatchObject({ do: "plan" });
  });

  it("of somebody else in the repository is planned, and fails in words where secrets are missing", () => {
    expect(choose(PULL)).toMatchObject({ do: "plan" });
  });
});

describe("a command that is named", () => {
  it.each<[string, Event]>([
    ["a pull request", PULL],
    ["a push", PUSH],
    ["a schedule", other("schedule")],
    ["anything", other("release")],
  ])("validates and finds drift on %s", (_, event) => {
    expect(choose(event, { command: "validate" })).toEqual({ do: "validate" });
    expect(choose(event, { command: "drift" })).toMatchObject({ do: "drift" });
  });

  it("plans where it would apply or look for drift", () => {
    const plan = { do: "plan", commit: SHA, check: false, pull: undefined };
    expect(choose(PUSH, { command: "plan" })).toEqual(plan);
    expect(choose(other("workflow_dispatch"), { command: "plan" })).toEqual(plan);
  });

  it("applies by hand, and on another branch than the default", () => {
    const apply = { command: "apply" };
    expect(choose(other("workflow_dispatch"), apply)).toMatchObject({
      do: "apply",
      branch: "main",
    });
    expect(choose({ ...PUSH, branch: "live", toDefault: false }, apply)).toMatchObject({
      do: "apply",
      branch: "live",
    });
  });

  it.each<[string, Event]>([
    ["a pull request", PULL],
    ["a pull request from a fork", { ...PULL, fork: true }],
    ["a merge group", { type: "merge_group", head: "h" }],
    ["a tag", { ...PUSH, branch: undefined, toDefault: false }],
  ])("does not apply %s", (_, event) => {
    expect(() => choose(event, { command: "apply" })).toThrow("only what was merged is");
  });
});
