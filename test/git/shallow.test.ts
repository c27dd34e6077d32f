import { existsSync, rmSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { checkOutBase } from "../../src/git/tree.ts";
import {
  addHistory,
  awaitProcess,
  catchProblem,
  checkOut,
  isolateGit,
  isRunning,
  makeClone,
  makeWork,
  readFiles,
  takeFingerprint,
  type Work,
  writeProgram,
} from "../support/git/repositories.ts";

beforeEach(() => {
  isolateGit();
});

/** An origin with `count` numbered commits on main, and a clone of its newest commit alone. */
function makeShallow(count: number, depth = 1): { readonly origin: Work; readonly clone: Work } {
  const origin = makeWork();
  addHistory(origin, count);
  return { origin, clone: makeClone(origin, "--depth", String(depth)) };
}

/** What the file `count` holds at a ref, and what was reported meanwhile. */
async function readCount(clone: Work, ref: string): Promise<[string | undefined, string[]]> {
  const told: string[] = [];
  const { root } = await checkOut(clone.root, ref, (text) => told.push(text));
  return [readFiles(root)["count"], told];
}

const STEPS = [
  "fetching 50 more commits from origin",
  "fetching 500 more commits from origin",
  "fetching the rest of the history from origin",
];

describe("a shallow clone", () => {
  it("is not fetched into for a commit that it has", async () => {
    const { clone } = makeShallow(5, 3);
    clone.git("remote", "set-url", "origin", "file:///nowhere");
    expect(await readCount(clone, "HEAD")).toEqual(["5", []]);
    expect(await readCount(clone, "origin/main~2")).toEqual(["3", []]);
  });

  it.each([
    ["HEAD~3", 1],
    ["main~50", 1],
    ["HEAD~51", 2],
    ["@~549", 2],
    ["HEAD~~598", 3],
  ])("is deepened no further than %s needs: step %i", async (ref, steps) => {
    const { clone } = makeShallow(600);
    const back = Number(/\d+/.exec(ref)?.[0]) + ref.split("~").length - 2;
    expect(await readCount(clone, ref)).toEqual([String(600 - back), STEPS.slice(0, steps)]);
    expect(existsSync(clone.path(".git/shallow"))).toBe(steps < 3);
  });

  it("fetches a commit by its id, and that commit alone", async () => {
    const { origin, clone } = makeShallow(80);
    const id = origin.git("rev-parse", "HEAD~70");
    expect(await readCount(clone, id)).toEqual(["10", [`fetching ${id} from origin`]]);
    expect(clone.git("rev-list", "--count", id)).toBe("1");
    expect(await readCount(clone, id)).toEqual(["10", []]);
  });

  it("walks on from a commit that is given by its id", async () => {
    const { origin, clone } = makeShallow(80);
    const id = origin.git("rev-parse", "HEAD~20");
    const told = [`fetching ${id} from origin`, STEPS[0]];
    expect(await readCount(clone, `${id}~4`)).toEqual(["56", told]);
  });

  it("finds a commit by the beginning of its id, and by its message", async () => {
    const { origin, clone } = makeShallow(30);
    const id = origin.git("rev-parse", "HEAD~9").slice(0, 12);
    expect(await readCount(clone, id)).toEqual(["21", [STEPS[0]]]);
    const other = makeClone(origin, "--depth=1");
    expect(await readCount(other, ":/commit 17")).toEqual(["17", [STEPS[0]]]);
  });

  it("fetches branches and tags that only the remote has, under every name they go by", async () => {
    const { origin, clone } = makeShallow(9);
    origin.git("branch", "team/one", "HEAD~4");
    origin.git("tag", "light", "HEAD~5");
    origin.git("tag", "-a", "heavy", "-m", "a tag with a message", "HEAD~6");
    origin.git("update-ref", "refs/pull/7/head", "HEAD~7");
    for (const [ref, count] of [
      ["team/one", "5"],
      ["origin/team/one", "5"],
      ["remotes/origin/team/one", "5"],
      ["refs/remotes/origin/team/one", "5"],
      ["heads/team/one", "5"],
      ["refs/heads/team/one", "5"],
      ["light", "4"],
      ["heavy", "3"],
      ["refs/tags/heavy", "3"],
      ["pull/7/head", "2"],
      ["refs/pull/7/head", "2"],
    ] as const) {
      const [found] = await readCount(clone, ref);
      expect([ref, found]).toEqual([ref, count]);
    }
    const told = ["fetching team/one from origin", STEPS[0]];
    expect(await readCount(makeClone(origin, "--depth=1"), "team/one~2")).toEqual(["3", told]);
  });

  it("keeps the history it has when the remote's branch points into it", async () => {
    const { origin, clone } = makeShallow(9, 6);
    origin.git("branch", "team/one", "HEAD~2");
    expect(await readCount(clone, "team/one~1")).toEqual(["6", []]);
    expect(clone.git("rev-list", "--count", "HEAD")).toBe("6");
  });

  it("is deepened along the branch that is asked for, and not along HEAD", async () => {
    const origin = makeWork();
    origin.git("checkout", "-q", "-b", "side");
    origin.git("checkout", "-q", "main");
    addHistory(origin, 30);
    origin.git("branch", "-f", "side", "main");
    origin.git("reset", "-q", "--hard", "HEAD~30");
    const clone = makeClone(origin, "--depth=1");
    const told = ["fetching side from origin", STEPS[0]];
    expect(await readCount(clone, "side~12")).toEqual(["18", told]);
    const both = makeClone(origin, "--depth=1", "--no-single-branch");
    const id = origin.git("rev-parse", "side~12").slice(0, 12);
    expect(await readCount(both, id)).toEqual(["18", [STEPS[0]]]);
  });

  it("takes a tag before a branch of the same name, as git does", async () => {
    const { origin, clone } = makeShallow(9);
    origin.git("branch", "same", "HEAD~1");
    origin.git("tag", "same", "HEAD~2");
    expect((await readCount(clone, "same"))[0]).toBe("7");
  });

  it("reaches both parents of a merge", async () => {
    const origin = makeWork();
    addHistory(origin, 3);
    origin.git("checkout", "-q", "-b", "side", "HEAD~2");
    origin.write("side", "1");
    origin.commit("side");
    origin.git("checkout", "-q", "main");
    origin.git("merge", "-q", "--no-ff", "-m", "merge", "side");
    const clone = makeClone(origin, "--depth=1");
    expect((await readCount(clone, "HEAD^1"))[0]).toBe("3");
    expect((await readCount(clone, "HEAD^2"))[0]).toBe("1");
  });

  it("is deepened below commits that were never pushed", async () => {
    const { clone } = makeShallow(9);
    clone.write("mine", "1");
    clone.commit("mine");
    expect(await readCount(clone, "HEAD~4")).toEqual(["6", [STEPS[0]]]);
  });

  it("fetches from its only remote, whatever that is called", async () => {
    const { clone } = makeShallow(9);
    clone.git("remote", "rename", "origin", "upstream");
    const told = ["fetching 50 more commits from upstream"];
    expect(await readCount(clone, "HEAD~4")).toEqual(["5", told]);
  });

  it("gains objects and history, and is otherwise as it was", async () => {
    const { origin, clone } = makeShallow(60);
    origin.git("branch", "other", "HEAD~9");
    origin.git("tag", "v1", "HEAD~3");
    origin.write("new", "1");
    origin.commit("newer");
    clone.write("callform.yaml", "edited");
    writeProgram(clone, ".git/hooks/reference-transaction", "touch ran");
    for (const [key, value] of [
      ["fetch.prune", "true"],
      ["remote.origin.tagOpt", "--tags"],
    ] as const)
      clone.git("config", key, value);
    clone.git("update-ref", "refs/remotes/origin/gone", "HEAD");
    const before = takeFingerprint(clone);
    await checkOut(clone.root, "other~2");
    await checkOut(clone.root, "HEAD~55");
    await catchProblem(checkOutBase(clone.root, "nowhere", {}));
    expect(takeFingerprint(clone)).toEqual(before);
  });

  it("changes nothing in its remote", async () => {
    const { origin, clone } = makeShallow(60);
    const before = takeFingerprint(origin);
    await checkOut(clone.root, "HEAD~55");
    expect(takeFingerprint(origin)).toEqual(before);
  });
});

describe("a remote that gives out only the tips of its branches", () => {
  function makeOld(count: number): { readonly origin: Work; readonly clone: Work } {
    const made = makeShallow(count);
    // Version 0 of the protocol, as old servers speak it, asks for permission to fetch by id.
    made.clone.git("config", "protocol.version", "0");
    return made;
  }

  it("still deepens to a commit that is given by its id", async () => {
    const { origin, clone } = makeOld(9);
    const id = origin.git("rev-parse", "HEAD~4");
    const told = [`fetching ${id} from origin`, STEPS[0]];
    expect(await readCount(clone, id)).toEqual(["5", told]);
  });

  it("is named as the reason when the clone has fallen behind", async () => {
    const { origin, clone } = makeOld(9);
    origin.commit("newer");
    const problem = await catchProblem(checkOutBase(clone.root, "HEAD~4", {}));
    expect(problem.code).toBe("shallow-clone");
    expect(problem.message).toBe(
      "HEAD~4 is not in this shallow clone, and origin gives out only the tips of its branches",
    );
  });

  it("is named as the reason where a whole clone lacks a commit", async () => {
    const { origin } = makeOld(3);
    const clone = makeClone(origin);
    clone.git("config", "protocol.version", "0");
    origin.commit("lost");
    const id = origin.git("rev-parse", "HEAD");
    origin.git("reset", "-q", "--hard", "HEAD~1");
    const problem = await catchProblem(checkOutBase(clone.root, id, {}));
    expect(problem.code).toBe("unknown-ref");
    expect(problem.message).toContain("origin gives out only the tips of its branches");
  });
});

describe("a shallow clone that cannot be deepened", () => {
  it("says so, with git's reason and the way out", async () => {
    const { origin, clone } = makeShallow(9);
    rmSync(origin.root, { recursive: true });
    const problem = await catchProblem(checkOutBase(clone.root, "HEAD~3", {}));
    expect(problem.code).toBe("shallow-clone");
    expect(problem.message).toMatch(
      /^HEAD~3 is not in this shallow clone, and origin cannot be fetched from: .*\S/,
    );
    expect(problem.hint).toContain("fetch-depth: 0");
    expect(problem.hint).toContain("git fetch --unshallow");
  });

  it("says so when it has no remote, or several and none is called origin", async () => {
    const { clone } = makeShallow(9);
    const wanted = "HEAD~3 is not in this shallow clone, and there is no remote to fetch it from";
    clone.git("remote", "rename", "origin", "one");
    clone.git("remote", "add", "two", "file:///nowhere");
    expect(await catchProblem(checkOutBase(clone.root, "HEAD~3", {}))).toMatchObject({
      code: "shallow-clone",
      message: wanted,
    });
    for (const name of ["one", "two"]) clone.git("remote", "remove", name);
    const problem = await catchProblem(checkOutBase(clone.root, "HEAD~3", {}));
    expect(problem.message).toBe(wanted);
  });

  it("never repeats the credentials of its remote", async () => {
    const { clone } = makeShallow(9);
    // Port 1 of the loopback refuses at once.
    clone.git("remote", "set-url", "origin", "https://robot:hunter2@127.0.0.1:1/x.git");
    const problem = await catchProblem(checkOutBase(clone.root, "HEAD~3", {}));
    expect(problem.code).toBe("shallow-clone");
    expect(JSON.stringify(problem)).not.toContain("hunter2");
  });

  it("says that a commit is on no side when the remote does not have it either", async () => {
    const { clone } = makeShallow(9);
    const problem = await catchProblem(checkOutBase(clone.root, "1".repeat(40), {}));
    expect(problem.code).toBe("shallow-clone");
    expect(problem.message).toContain("not our ref");
  });

  it("does not fetch its whole history for a name that nobody knows", async () => {
    const { origin, clone } = makeShallow(99);
    origin.git("branch", "release");
    const told: string[] = [];
    const onProgress = (text: string): void => void told.push(text);
    const problem = await catchProblem(checkOutBase(clone.root, "relaese~3", { onProgress }));
    expect(problem).toMatchObject({ code: "unknown-ref", hint: "did you mean release?" });
    expect(told).toEqual([]);
  });

  it("says that an expression leads beyond the first commit once all of it is there", async () => {
    const { clone } = makeShallow(9);
    const problem = await catchProblem(checkOutBase(clone.root, "main~99", {}));
    expect(problem.code).toBe("unknown-ref");
    expect(problem.hint).toBe("main is there, but the rest leads to no commit from it");
  });
});

describe("a whole clone", () => {
  it("fetches a commit that it lacks by its id, and stays whole", async () => {
    const origin = makeWork();
    addHistory(origin, 4);
    const clone = makeClone(origin);
    origin.write("count", "lost");
    const id = origin.commit("on no branch");
    origin.git("reset", "-q", "--hard", "HEAD~1");
    const before = takeFingerprint(clone);
    expect(await readCount(clone, id)).toEqual(["lost", [`fetching ${id} from origin`]]);
    expect(clone.git("rev-parse", "--is-shallow-repository")).toBe("false");
    expect(takeFingerprint(clone)).toEqual(before);
  });

  it("is not fetched into for a name that it lacks", async () => {
    const origin = makeWork();
    const clone = makeClone(origin);
    origin.git("branch", "later");
    const told: string[] = [];
    const onProgress = (text: string): void => void told.push(text);
    const problem = await catchProblem(checkOutBase(clone.root, "later", { onProgress }));
    expect(problem.code).toBe("unknown-ref");
    expect(told).toEqual([]);
  });
});

describe("a fetch that hangs", () => {
  it("ends with the signal, and so does everything it started", async () => {
    const { clone } = makeShallow(9);
    writeProgram(clone, ".git/hang", 'echo $$ > "$(dirname "$0")/pid"; exec sleep 1000');
    clone.git("config", "remote.origin.uploadpack", clone.path(".git/hang"));
    const controller = new AbortController();
    const running = checkOutBase(clone.root, "HEAD~3", { signal: controller.signal });
    const pid = await awaitProcess(clone, ".git/pid");
    expect(isRunning(pid)).toBe(true);
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(isRunning(pid)).toBe(false);
    expect(existsSync(clone.path(".git/shallow.lock"))).toBe(false);
  });
});
