import { existsSync } from "node:fs";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { readWorkFiles } from "../../src/git/work-files.ts";
import { describeHead } from "../../src/git/tree.ts";
import { makeFolder } from "../support/project/folder.ts";
import {
  catchProblem,
  isolateGit,
  makeClone,
  makeWork,
  replaceGit,
  takeFingerprint,
  writeProgram,
} from "../support/git/repositories.ts";

beforeEach(() => {
  isolateGit();
});

describe("the description of HEAD", () => {
  it("is the full id of the commit, and clean, right after a commit", async () => {
    const work = makeWork();
    const commit = work.git("rev-parse", "HEAD");
    expect(await describeHead(work.root)).toEqual({ commit, dirty: false });
    work.git("checkout", "-q", "--detach");
    expect(await describeHead(work.root)).toEqual({ commit, dirty: false });
  });

  it.each<[string, (work: ReturnType<typeof makeWork>) => void]>([
    ["a file is edited", (work) => work.write("pbx/a.yaml", "edited")],
    ["a file is new", (work) => work.write("pbx/new/b.yaml", "new")],
    ["a file is staged", (work) => void (work.write("pbx/n", "1"), work.git("add", "pbx/n"))],
    ["a file is removed", (work) => void work.git("rm", "-q", "pbx/a.yaml")],
    ["a file is moved in", (work) => void work.git("mv", "top.yaml", "pbx/top.yaml")],
  ])("is dirty when %s", async (_, change) => {
    const work = makeWork({ "pbx/a.yaml": "a", "pbx/b.yaml": "b", "top.yaml": "top" });
    change(work);
    expect(await describeHead(work.path("pbx"))).toMatchObject({ dirty: true });
  });

  it("is clean when only what lies outside the folder, or is ignored, has changed", async () => {
    const work = makeWork({ "pbx/a.yaml": "a", "top.yaml": "top", ".gitignore": "*.log" });
    work.write("top.yaml", "edited");
    work.write("new.yaml", "new");
    work.write("pbx/run.log", "ignored");
    expect(await describeHead(work.path("pbx"))).toMatchObject({ dirty: false });
    expect(await describeHead(work.root)).toMatchObject({ dirty: true });
  });

  it("is clean when only a submodule has moved on", async () => {
    const work = makeWork();
    const inner = makeWork();
    work.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.root, "sub");
    work.commit("with a submodule");
    work.git("-C", "sub", "commit", "-q", "--allow-empty", "-m", "second");
    expect(await describeHead(work.root)).toMatchObject({ dirty: false });
  });

  it("does not depend on the user's settings for status", async () => {
    const work = makeWork();
    work.git("config", "status.showUntrackedFiles", "no");
    work.write("new.yaml", "new");
    expect(await describeHead(work.root)).toMatchObject({ dirty: true });
  });

  it("is dirty exactly when something differs from the commit, whatever was done", async () => {
    const name = fc.constantFrom("a.yaml", "sub/b.yaml", "c d.yaml");
    const edit = fc.record({ name, text: fc.constantFrom("first", "other") });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 4 }), async (edits) => {
        const files = { "a.yaml": "first", "sub/b.yaml": "first" };
        const work = makeWork(files);
        const now: Record<string, string> = { ...files };
        for (const { name: file, text } of edits) {
          work.write(file, text);
          now[file] = text;
        }
        const dirty = Object.entries(now).some(
          ([file, text]) => Object.entries(files).find(([known]) => known === file)?.[1] !== text,
        );
        expect(await describeHead(work.root)).toMatchObject({ dirty });
      }),
      { numRuns: 8 },
    );
  });

  it("leaves the repository as it was, its index with stale times included", async () => {
    const work = makeWork({ "a.yaml": "a" });
    // The same content written again makes the index stale; git status would refresh it.
    work.write("a.yaml", "a");
    const before = takeFingerprint(work);
    expect(await describeHead(work.root)).toMatchObject({ dirty: false });
    expect(takeFingerprint(work)).toEqual(before);
  });

  it("runs no file system monitor and no hook", async () => {
    const work = makeWork();
    writeProgram(work, ".git/planted", 'touch "$(dirname "$0")/ran"');
    work.git("config", "core.fsmonitor", work.path(".git/planted"));
    writeProgram(work, ".git/hooks/post-index-change", 'touch "$(dirname "$0")/../ran"');
    await describeHead(work.root);
    expect(existsSync(work.path(".git/ran"))).toBe(false);
  });

  it("works in a shallow clone and after the folder's name needs quoting", async () => {
    const origin = makeWork({ "a b'c\"d/a.yaml": "a" });
    const clone = makeClone(origin, "--depth=1");
    const commit = clone.git("rev-parse", "HEAD");
    expect(await describeHead(clone.path("a b'c\"d"))).toEqual({ commit, dirty: false });
  });

  it("is undefined where git names no commit", async () => {
    const folder = makeFolder();
    expect(await describeHead(folder.root)).toBeUndefined();
    expect(await describeHead(folder.path("missing"))).toBeUndefined();
    const work = makeWork();
    work.git("checkout", "-q", "--orphan", "unborn");
    expect(await describeHead(work.root)).toBeUndefined();
    work.git("checkout", "-q", "main");
    vi.stubEnv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
    expect(await describeHead(work.root)).toBeUndefined();
  });

  it("is undefined without git", async () => {
    const work = makeWork();
    vi.stubEnv("PATH", makeFolder().root);
    expect(await describeHead(work.root)).toBeUndefined();
  });

  it("is a problem when git finds HEAD and then fails", async () => {
    const work = makeWork();
    replaceGit(
      `case "$*" in *status*) echo "fatal: index file corrupt" >&2; exit 128;; *get-regexp*) exit 1;; esac; echo ${"a".repeat(40)}`,
    );
    expect(await catchProblem(describeHead(work.root))).toMatchObject({
      code: "git-failed",
      message: "git status failed: index file corrupt",
    });
  });

  it("throws the signal's reason when it is cancelled", async () => {
    const reason = new Error("enough");
    await expect(describeHead(makeWork().root, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe("a repository whose configuration has filters", () => {
  it("is looked at without running one, by both questions", async () => {
    const work = makeWork({ "a.yaml": "a", ".gitattributes": "* filter=planted\n" });
    for (const what of ["clean", "smudge", "process"])
      work.git("config", `filter.planted.${what}`, `touch ${work.path(".git/ran")}; cat`);
    work.git("config", "filter.planted.required", "true");
    work.write("a.yaml", "b");
    expect(await describeHead(work.root)).toMatchObject({ dirty: true });
    expect((await readWorkFiles(work.root))?.edited).toEqual(new Set(["a.yaml"]));
    expect(() => work.read(".git/ran")).toThrow("ENOENT");
    work.git("config", "filter.a=b.clean", "touch ran");
    await expect(describeHead(work.root)).rejects.toThrow("a name that cannot be turned off");
  });
});
