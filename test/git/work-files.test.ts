import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { keepsTracked } from "../../src/git/tracked.ts";
import { readWorkFiles } from "../../src/git/work-files.ts";
import { makeFolder } from "../support/project/folder.ts";
import { isolateGit, makeWork, replaceGit } from "../support/git/repositories.ts";

beforeEach(() => {
  isolateGit();
});

async function read(folder: string) {
  const found = await readWorkFiles(folder);
  return found && { tracked: [...found.tracked].toSorted(), edited: [...found.edited].toSorted() };
}

describe("the files of a work tree", () => {
  it("are those that Git could give back, relative to the folder that is asked about", async () => {
    const work = makeWork({ "pbx/apps/a.yaml": "a", "pbx/b ü\n.cs": "b", "top.yaml": "top" });
    expect(await read(work.path("pbx"))).toEqual({
      tracked: ["apps/a.yaml", "b ü\n.cs"],
      edited: [],
    });
    expect((await read(work.root))?.tracked).toEqual(expect.arrayContaining(["top.yaml"]));
  });

  it("are told apart from what was edited, staged, moved or removed since the last commit", async () => {
    const names = ["edited", "staged", "moved", "removed", "same", "ü ö"];
    const work = makeWork(Object.fromEntries(names.map((name) => [`pbx/${name}`, name])));
    work.write("pbx/edited", "1");
    work.write("pbx/staged", "1");
    work.git("add", "pbx/staged");
    work.git("mv", "pbx/moved", "pbx/else");
    rmSync(work.path("pbx/removed"));
    work.write("pbx/ü ö", "1");
    work.write("pbx/new", "1");
    const found = await read(work.path("pbx"));
    expect(found?.edited).toEqual(["edited", "else", "moved", "removed", "staged", "ü ö"]);
    expect(found?.tracked).not.toContain("new");
    expect(found?.tracked).toContain("same");
  });

  it("are all edited before the first commit, and none of an ignored folder is known", async () => {
    const work = makeWork({ "a.yaml": "a", ".gitignore": "logs/\n" });
    work.write("logs/x", "x");
    const found = await read(work.root);
    expect(found?.tracked).not.toContain("logs/x");
    work.git("checkout", "-q", "--orphan", "fresh");
    expect((await read(work.root))?.edited).toContain("a.yaml");
  });

  it("are found through a link to the folder", async () => {
    const work = makeWork({ "pbx/a.yaml": "a" });
    const elsewhere = makeFolder();
    symlinkSync(work.path("pbx"), elsewhere.path("link"));
    expect(await read(elsewhere.path("link"))).toEqual({ tracked: ["a.yaml"], edited: [] });
  });

  it("are unknown outside a work tree, in a bare repository and without git", async () => {
    const folder = makeFolder();
    mkdirSync(folder.path("apps"));
    expect(await read(folder.path("apps"))).toBeUndefined();
    const work = makeWork({ a: "a" });
    expect(await read(work.path(".git"))).toBeUndefined();
    vi.stubEnv("PATH", folder.root);
    expect(await read(work.root)).toBeUndefined();
  });

  it("are not read once the signal is aborted", async () => {
    const work = makeWork({ a: "a" });
    await expect(readWorkFiles(work.root, AbortSignal.abort(new Error("enough")))).rejects.toThrow(
      "enough",
    );
  });
});

describe("what Git keeps under a name", () => {
  const keeps = (folder: string) => keepsTracked(folder, ".callform");

  it("is anything there, however it is spelled", async () => {
    expect(await keeps(makeWork({ "pbx/.callform/pull.json": "{}" }).path("pbx"))).toBe(true);
    expect(await keeps(makeWork({ ".CallForm/pull.json": "{}" }).root)).toBe(true);
    const linked = makeWork({ "x/pull.json": "{}" });
    symlinkSync("x", linked.path(".callform"));
    expect(await keeps(linked.root)).toBe(false);
    linked.commit("a link");
    expect(await keeps(linked.root)).toBe(true);
    const nested = makeWork();
    nested.git("update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},.callform`);
    expect(await keeps(nested.root)).toBe(true);
  });

  it("is nothing outside a repository, and unknown where git does not say", async () => {
    const folder = makeFolder({ ".callform/pull.json": "{}" });
    expect(await keeps(folder.root)).toBe(false);
    const work = makeWork();
    work.write(".callform/pull.json", "{}");
    expect(await keeps(work.root)).toBe(false);
    replaceGit("echo fatal: detected dubious ownership >&2; exit 128");
    expect(await keeps(work.root)).toBeUndefined();
    expect(await keeps(folder.root)).toBe(false);
    vi.stubEnv("PATH", folder.root);
    expect(await keeps(work.root)).toBeUndefined();
  });

  it("is told whatever the environment says of paths", async () => {
    const work = makeWork({ ".callform/pull.json": "{}" });
    vi.stubEnv("GIT_LITERAL_PATHSPECS", "1");
    expect(await keeps(work.root)).toBe(true);
  });
});
