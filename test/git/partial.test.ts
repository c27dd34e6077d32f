import { beforeEach, describe, expect, it } from "vitest";
import { checkOutBase } from "../../src/git/tree.ts";
import {
  catchProblem,
  checkOut,
  isolateGit,
  makeClone,
  makeWork,
  readFiles,
  takeFingerprint,
  type Work,
} from "../support/git/repositories.ts";

beforeEach(() => {
  isolateGit();
});

describe("a partial clone", () => {
  function makePartial(filter: string, ...options: string[]): Work {
    const origin = makeWork({ "pbx/a.yaml": "a1", "pbx/b.yaml": "b1", "big.wav": "big1" });
    for (const version of ["2", "3"]) {
      for (const name of ["pbx/a.yaml", "pbx/b.yaml", "big.wav"]) origin.write(name, version);
      origin.commit(version);
    }
    origin.git("config", "uploadpack.allowFilter", "true");
    return makeClone(origin, `--filter=${filter}`, ...options);
  }

  /** The objects that a clone was told of and does not have. */
  function countMissing(clone: Work): number {
    const listed = clone.git("rev-list", "--objects", "--missing=print", "HEAD");
    return listed.split("\n").filter((line) => line.startsWith("?")).length;
  }

  it("fetches what the project folder needs at once, and nothing more", async () => {
    const clone = makePartial("blob:none");
    const missing = countMissing(clone);
    const told: string[] = [];
    const base = await checkOut(clone.path("pbx"), "HEAD~2", (text) => told.push(text));
    expect(readFiles(base.root)).toEqual({ "a.yaml": "a1", "b.yaml": "b1" });
    expect(told).toEqual(["fetching 2 files from origin"]);
    expect(countMissing(clone)).toBe(missing - 2);
  });

  it("is not fetched into for files that it has", async () => {
    const clone = makePartial("blob:none");
    clone.git("remote", "set-url", "origin", "file:///nowhere");
    const base = await checkOut(clone.root, "HEAD");
    expect(readFiles(base.root)).toEqual({ "big.wav": "3", "pbx/a.yaml": "3", "pbx/b.yaml": "3" });
  });

  it("works without trees, and when it is shallow too", async () => {
    const treeless = await checkOut(makePartial("tree:0").path("pbx"), "HEAD~1");
    expect(readFiles(treeless.root)).toEqual({ "a.yaml": "2", "b.yaml": "2" });
    const shallow = await checkOut(makePartial("blob:none", "--depth=1").path("pbx"), "HEAD~2");
    expect(readFiles(shallow.root)).toEqual({ "a.yaml": "a1", "b.yaml": "b1" });
  });

  it("fetches a branch that only the remote has", async () => {
    const origin = makeWork();
    origin.git("config", "uploadpack.allowFilter", "true");
    const clone = makeClone(origin, "--filter=blob:none");
    origin.git("checkout", "-q", "-b", "later");
    origin.write("a.yaml", "later");
    origin.commit("later");
    const base = await checkOut(clone.root, "later");
    expect(readFiles(base.root)["a.yaml"]).toBe("later");
  });

  it("is otherwise as it was", async () => {
    const clone = makePartial("blob:none");
    const before = takeFingerprint(clone);
    await checkOut(clone.root, "HEAD~2");
    expect(takeFingerprint(clone)).toEqual(before);
  });

  it("says what failed when its remote is gone", async () => {
    const clone = makePartial("blob:none");
    clone.git("remote", "set-url", "origin", "file:///nowhere");
    const problem = await catchProblem(checkOutBase(clone.root, "HEAD~2", {}));
    expect(problem.code).toBe("git-failed");
    expect(problem.message).toContain("origin cannot be fetched from");
  });
});
