import { existsSync, readdirSync, symlinkSync } from "node:fs";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { checkOutBase } from "../../src/git/tree.ts";
import { makeFolder } from "../support/project/folder.ts";
import {
  catchProblem,
  checkOut,
  commitTree,
  isolateGit,
  makeWork,
  readFiles,
  takeFingerprint,
  writeObject,
  writeProgram,
  writeTree,
} from "../support/git/repositories.ts";

let temporary: string;
beforeEach(() => {
  temporary = isolateGit();
});

/** What checkOutBase has left among the temporary files. */
function listLeftovers(): string[] {
  return readdirSync(temporary).filter((name) => name.startsWith("callform-git-"));
}

const letters = "abcXYZ09 .,'\"`\\\n\t*?[]{}$&;|<>!#%~^:@=+-_".split("");
const wide = ["é", "ß", "日本", "🎉", "\uFEFF"];
const word = fc
  .array(fc.constantFrom(...letters, ...wide), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join(""));
// The endings keep folders and files apart, and both from names such as `..`.
const place = fc
  .tuple(fc.array(word, { maxLength: 3 }), word)
  .map(([folders, file]) => [...folders.map((name) => `${name}.d`), `${file}.f`].join("/"));
const content = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ maxLength: 40 }).map((text) => Buffer.from(text)),
);
const tree = fc.dictionary(place, content, { minKeys: 1, maxKeys: 12, noNullPrototype: true });

function inLatin1(files: Readonly<Record<string, Uint8Array>>): Record<string, string> {
  const entries = Object.entries(files);
  return Object.fromEntries(
    entries.map(([name, bytes]) => [name, Buffer.from(bytes).toString("latin1")]),
  );
}

describe("the base of a plan", () => {
  it("is, byte for byte, what was committed, whatever the files are called and hold", async () => {
    await fc.assert(
      fc.asyncProperty(tree, tree, async (then, now) => {
        const work = makeWork(then);
        for (const [name, bytes] of Object.entries(now)) work.write(name, bytes);
        work.commit("second");
        const base = await checkOut(work.root, "HEAD~1");
        expect(readFiles(base.root)).toEqual(inLatin1(then));
      }),
      { numRuns: 25 },
    );
  });

  it("is of the commit, not of the index or the work tree", async () => {
    const work = makeWork({ "a.yaml": "committed", "b.yaml": "committed" });
    work.write("a.yaml", "staged");
    work.git("add", "a.yaml");
    work.write("a.yaml", "edited");
    work.git("rm", "-q", "b.yaml");
    work.write("c.yaml", "new");
    const base = await checkOut(work.root, "HEAD");
    expect(readFiles(base.root)).toEqual({ "a.yaml": "committed", "b.yaml": "committed" });
  });

  it("leaves work tree, index, HEAD, references and configuration as they were", async () => {
    const work = makeWork({ "a.yaml": "1", "sub/b.yaml": "1" });
    work.write("a.yaml", "2");
    work.commit("second");
    work.write("a.yaml", "3");
    work.write("new.yaml", "3");
    work.git("add", "new.yaml");
    const before = takeFingerprint(work);
    await checkOut(work.root, "HEAD~1");
    await checkOut(work.path("sub"), "main");
    await catchProblem(checkOutBase(work.root, "nowhere", {}));
    expect(takeFingerprint(work)).toEqual(before);
  });

  it("gives the full id of the commit for every way to name it", async () => {
    const work = makeWork();
    const first = work.git("rev-parse", "HEAD");
    work.git("tag", "light");
    work.git("tag", "-a", "heavy", "-m", "a tag with a message");
    work.git("branch", "team/one");
    work.commit("the second one");
    const names = ["HEAD~1", "HEAD^", "@~", "light", "heavy", "heavy^{}", "team/one", "HEAD@{1}"];
    const searches = [":/first", "HEAD^{/first}", "refs/tags/heavy", "tags/light"];
    for (const name of [...names, ...searches, first, first.slice(0, 8), first.toUpperCase()]) {
      expect([name, (await checkOut(work.root, name)).commit]).toEqual([name, first]);
    }
  });

  it("is the project folder alone when that is a subfolder", async () => {
    const work = makeWork({
      "README.md": "top",
      "pbx/callform.yaml": "kind: Project",
      "pbx/apps/a.yaml": "a",
      "pbx2/callform.yaml": "another",
    });
    const base = await checkOut(work.path("pbx"), "HEAD");
    expect(readFiles(base.root)).toEqual({ "callform.yaml": "kind: Project", "apps/a.yaml": "a" });
  });

  it.each([
    ["was not there yet", {}],
    ["was a file", { pbx: "a file of that name" }],
  ])("is an empty folder when the project folder %s", async (_, files) => {
    const work = makeWork({ "README.md": "top", ...files });
    work.git("rm", "-q", "--ignore-unmatch", "pbx");
    work.write("pbx/callform.yaml", "kind: Project");
    work.commit("second");
    const base = await checkOut(work.path("pbx"), "HEAD~1");
    expect(readdirSync(base.root)).toEqual([]);
  });

  it("is an empty folder for a commit of nothing", async () => {
    const work = makeWork();
    const empty = commitTree(work, writeTree(work, []));
    expect(readdirSync((await checkOut(work.root, empty)).root)).toEqual([]);
  });

  it("works in a linked work tree and through a symbolic link to the folder", async () => {
    const work = makeWork({ "pbx/a.yaml": "a" });
    const linked = makeFolder().path("linked");
    work.git("worktree", "add", "-q", "--detach", linked);
    const alias = makeFolder().path("alias");
    symlinkSync(`${linked}/pbx`, alias);
    const base = await checkOut(alias, "main");
    expect(readFiles(base.root)).toEqual({ "a.yaml": "a" });
  });

  it("holds large files whole", async () => {
    const large = Buffer.alloc(6 * 1024 * 1024, "x");
    const work = makeWork({ "a.cs": large });
    const base = await checkOut(work.root, "HEAD");
    expect(readFiles(base.root)["a.cs"]?.length).toBe(large.length);
  });

  it("leaves submodules out", async () => {
    const inner = makeWork();
    const work = makeWork({ "a.yaml": "a" });
    work.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.root, "sub");
    work.commit("with a submodule");
    const base = await checkOut(work.root, "HEAD");
    expect(Object.keys(readFiles(base.root)).toSorted()).toEqual([".gitmodules", "a.yaml"]);
  });

  it("works in a repository that names its objects with SHA-256", async () => {
    const work = makeWork();
    work.git("init", "-q", "--object-format=sha256", "new");
    work.write("new/a.yaml", "a");
    work.git("-C", "new", "add", "-A");
    work.git("-C", "new", "commit", "-q", "-m", "first");
    const base = await checkOut(work.path("new"), "HEAD");
    expect(base.commit).toHaveLength(64);
    expect(readFiles(base.root)).toEqual({ "a.yaml": "a" });
  });
});

describe("the bytes of a base", () => {
  it("are raw: no line end is converted, no filter runs, an LFS pointer stays one", async () => {
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
    const work = makeWork({ "a.cs": "one\r\ntwo\n", "ring.wav": pointer });
    work.write(
      ".gitattributes",
      "*.cs text eol=crlf filter=planted diff=planted\n*.wav filter=planted\n",
    );
    work.commit("attributes");
    writeProgram(work, ".git/planted", 'touch "$(dirname "$0")/ran"; cat');
    for (const key of ["filter.planted.smudge", "filter.planted.process", "diff.planted.textconv"])
      work.git("config", key, work.path(".git/planted"));
    const raw = work.git("cat-file", "-p", "HEAD:a.cs");
    const base = await checkOut(work.root, "HEAD");
    expect(readFiles(base.root)).toMatchObject({ "a.cs": `${raw}\n`, "ring.wav": pointer });
    expect(existsSync(work.path(".git/ran"))).toBe(false);
  });

  it("keep the carriage returns that were committed", async () => {
    const work = makeWork({ "a.cs": "one\r\ntwo\r\n" });
    work.git("config", "core.autocrlf", "input");
    const base = await checkOut(work.root, "HEAD");
    expect(readFiles(base.root)).toEqual({ "a.cs": "one\r\ntwo\r\n" });
  });
});

describe("names that no work tree can have", () => {
  it("are left out, and nothing is written beside the base", async () => {
    const work = makeWork();
    const id = writeObject(work, "blob", "planted");
    const inner = writeTree(work, [{ mode: "100644", name: "config", id }]);
    const hostile = writeTree(work, [
      { mode: "100644", name: "..", id },
      { mode: "100644", name: "../beside", id },
      { mode: "100644", name: "/absolute", id },
      { mode: "40000", name: ".GIT", id: inner },
      { mode: "40000", name: ".git", id: inner },
      { mode: "100644", name: "good", id },
      { mode: "40000", name: "up", id: writeTree(work, [{ mode: "100644", name: "..", id }]) },
    ]);
    const before = readdirSync(temporary).length;
    const base = await checkOut(work.root, commitTree(work, hostile));
    expect(readFiles(base.root)).toEqual({ good: "planted" });
    expect(readdirSync(temporary)).toHaveLength(before + 1);
  });

  it("are left out when they are not UTF-8, with the other files untouched", async () => {
    const work = makeWork();
    const id = writeObject(work, "blob", "text");
    const odd = writeTree(work, [
      { mode: "100644", name: Buffer.from([0x61, 0xff, 0x62]), id },
      { mode: "100644", name: "z.yaml", id },
    ]);
    const base = await checkOut(work.root, commitTree(work, odd));
    expect(readFiles(base.root)).toEqual({ "z.yaml": "text" });
  });
});

describe("the temporary folder", () => {
  it("is there until it is disposed of, and may be disposed of twice", async () => {
    const work = makeWork();
    const base = await checkOutBase(work.root, "HEAD", {});
    expect(listLeftovers()).toHaveLength(1);
    await base.dispose();
    expect(listLeftovers()).toEqual([]);
    await base.dispose();
  });

  it("is not there after a failure", async () => {
    const work = makeWork();
    const id = writeObject(work, "blob", "text");
    const damaged = writeTree(work, [
      { mode: "100644", name: "a", id },
      { mode: "40000", name: "a", id: writeTree(work, [{ mode: "100644", name: "b", id }]) },
    ]);
    const problem = await catchProblem(checkOutBase(work.root, commitTree(work, damaged), {}));
    expect(problem).toMatchObject({ severity: "error", code: "base-unwritable" });
    expect(listLeftovers()).toEqual([]);
  });

  it("that cannot be made is a problem that names the place", async () => {
    const work = makeWork();
    vi.stubEnv("TMPDIR", `${temporary}/missing`);
    const problem = await catchProblem(checkOutBase(work.root, "HEAD", {}));
    expect(problem.code).toBe("base-unwritable");
    expect(problem.message).toContain(`${temporary}/missing`);
    expect(problem.hint).toContain("TMPDIR");
  });
});

describe("a base that is too large", () => {
  const mebibyte = 1024 * 1024;

  it.each([
    ["in one file", { "a.wav": 65 }],
    ["in all of them", { "a.wav": 40, "b.wav": 25 }],
    ["because one content stands under many names", { "a.wav": 33, "b.wav": 33 }],
  ])("is refused: more than 64 MiB %s", async (_, sizes) => {
    const files = Object.entries(sizes).map(([name, size]) => [
      name,
      Buffer.alloc(size * mebibyte),
    ]);
    const work = makeWork(Object.fromEntries(files));
    const problem = await catchProblem(checkOutBase(work.root, "HEAD", {}));
    expect(problem.code).toBe("base-too-large");
    expect(problem.message).toBe("the project folder holds more than 64 MiB at HEAD");
    expect(listLeftovers()).toEqual([]);
  });

  it("is not one where only other folders of the repository are large", async () => {
    const work = makeWork({ "big.wav": Buffer.alloc(65 * mebibyte), "pbx/a.yaml": "a" });
    expect(readFiles((await checkOut(work.path("pbx"), "HEAD")).root)).toEqual({ "a.yaml": "a" });
  });
});

describe("cancelling", () => {
  it("throws the signal's reason, before and while git runs, and leaves nothing", async () => {
    const work = makeWork();
    const reason = new Error("enough");
    await expect(
      checkOutBase(work.root, "HEAD", { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
    const controller = new AbortController();
    const running = checkOutBase(work.root, "HEAD", { signal: controller.signal });
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(listLeftovers()).toEqual([]);
  });
});
