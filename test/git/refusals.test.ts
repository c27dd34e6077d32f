import { existsSync, rmSync } from "node:fs";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { parseExpression } from "../../src/git/refs.ts";
import { checkOutBase } from "../../src/git/tree.ts";
import { makeFolder } from "../support/project/folder.ts";
import { catchProblem, isolateGit, makeWork, replaceGit } from "../support/git/repositories.ts";
import { codePoint } from "../support/worlds/text.ts";

beforeEach(() => {
  isolateGit();
});

function refuse(folder: string, ref = "HEAD") {
  return catchProblem(checkOutBase(folder, ref, {}));
}

describe("a ref that could do harm", () => {
  it.each([
    "",
    "-x",
    "--upload-pack=touch ran",
    "--all",
    "--exec=x",
    "-",
    "a\0b",
    "a\nb",
    "\u001B[2J",
    "x".repeat(1001),
  ])("is refused before git is asked: %j", async (ref) => {
    const folder = replaceGit('touch "$WORK/ran"');
    const problem = await refuse(folder.root, ref);
    expect(problem).toMatchObject({ severity: "error", code: "invalid-ref" });
    expect(problem.message).toContain("cannot name a commit");
    expect(problem.message.length).toBeLessThan(120);
    expect(existsSync(folder.path("ran"))).toBe(false);
  });

  it.each(["a..b", "a...b", "main..", "^main", "~3", ":file", ":0:file", "HEAD:callform.yaml"])(
    "or that is never one commit is refused the same way: %j",
    async (ref) => {
      const problem = await refuse(makeWork().root, ref);
      expect(problem.code).toBe("invalid-ref");
      expect(problem.hint).toContain("HEAD~3");
    },
  );

  it("never reaches git's command line as an option, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: codePoint }), (text) => {
        const ref = accept(text);
        if (ref !== undefined) expect(`${ref.start}${ref.rest}` || text).toMatch(/^[^-\p{Cc}]/u);
      }),
    );
  });

  it("is cut where it starts to walk, and nothing of it is lost", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9/._-]{0,12}$/).filter((n) => !n.includes(".."));
    const log = fc.constantFrom("", "@{1}", "@{upstream}", "@{2026-01-05 10:00:00}", "@");
    const walk = fc.array(fc.constantFrom("~", "~3", "^", "^2", "^{}", "^{/a:b}", "~0"));
    fc.assert(
      fc.property(name, log, walk, (plain, entry, steps) => {
        const [start, rest] = [plain + entry, steps.join("")];
        expect(parseExpression(start + rest)).toEqual({ start, rest });
      }),
    );
  });

  it.each([
    ["HEAD", "HEAD", ""],
    ["@", "@", ""],
    ["@~2", "@", "~2"],
    ["@{-1}", "@{-1}", ""],
    ["@{u}^", "@{u}", "^"],
    [":/fix: the thing", "", ""],
    ["v1.0^{}", "v1.0", "^{}"],
    ["日本", "日本", ""],
  ])("is read as git reads it: %s", (ref, start, rest) => {
    expect(parseExpression(ref)).toEqual({ start, rest });
  });
});

function accept(text: string) {
  try {
    return parseExpression(text);
  } catch {
    return undefined;
  }
}

describe("a name that is not there", () => {
  it("is answered with names that are near", async () => {
    const work = makeWork();
    for (const name of ["release/1.2", "release/1.3", "hotfix"]) work.git("branch", name);
    work.git("tag", "v1.0.0");
    work.git("update-ref", "refs/remotes/origin/develop", "HEAD");
    for (const [ref, hint] of [
      ["mian", "did you mean main?"],
      ["release/1.4", "did you mean release/1.2 or release/1.3?"],
      ["v1.0", "did you mean v1.0.0?"],
      ["develop", "did you mean origin/develop?"],
      ["Hotfix~1", "did you mean hotfix?"],
    ] as const) {
      expect(await refuse(work.root, ref)).toEqual({
        severity: "error",
        code: "unknown-ref",
        message: `${ref} does not name one commit of this repository`,
        hint,
      });
    }
  });

  it("is answered with where to look when none is near", async () => {
    const problem = await refuse(makeWork().root, "something-else");
    expect(problem.hint).toBe("`git branch --all` and `git tag` list the names there are");
  });

  it("is told from an expression that leads beyond the first commit", async () => {
    const problem = await refuse(makeWork().root, "main~5");
    expect(problem.message).toBe("main~5 does not name one commit of this repository");
    expect(problem.hint).toBe("main is there, but the rest leads to no commit from it");
  });

  it.each(["HEAD", "main", "HEAD~1"])("is %s before the first commit", async (ref) => {
    const folder = makeFolder();
    const work = makeWork();
    work.git("init", "-q", folder.root);
    expect(await refuse(folder.root, ref)).toMatchObject({ code: "unknown-ref" });
  });

  it("is a tag that points at no commit", async () => {
    const work = makeWork();
    work.git("tag", "file", "HEAD:callform.yaml");
    expect(await refuse(work.root, "file")).toMatchObject({ code: "unknown-ref" });
  });

  it("is a commit id that only a remote could have, where there is no remote", async () => {
    const id = "1".repeat(40);
    const problem = await refuse(makeWork().root, id);
    expect(problem.code).toBe("unknown-ref");
    expect(problem.message).toContain("there is no remote to fetch it from");
  });
});

describe("a folder that is in no work tree", () => {
  it.each([
    ["lies in no repository", () => makeFolder().root, /not a git repository/],
    ["does not exist", () => makeFolder().path("missing"), /No such file or directory/],
    ["lies in .git", () => makeWork().path(".git/objects"), /without a work tree/],
    ["is a bare repository", makeBare, /without a work tree/],
  ])("is refused, with the reason: it %s", async (_, make, reason) => {
    const folder = make();
    const problem = await refuse(folder);
    expect(problem.code).toBe("not-a-repository");
    expect(problem.message).toMatch(reason);
    expect(problem.message).toContain(folder);
    expect(problem.hint).toContain("actions/checkout");
  });

  it("is refused with git's own remedy when somebody else owns it", async () => {
    const work = makeWork();
    vi.stubEnv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
    const problem = await refuse(work.root);
    expect(problem.code).toBe("not-a-repository");
    expect(problem.hint).toContain(`git config --global --add safe.directory ${work.root}`);
  });
});

function makeBare(): string {
  const bare = makeFolder().root;
  makeWork().git("init", "-q", "--bare", bare);
  return bare;
}

describe("git itself", () => {
  it("is asked for when it is not there", async () => {
    const work = makeWork();
    vi.stubEnv("PATH", makeFolder().root);
    const problem = await refuse(work.root);
    expect(problem.code).toBe("git-missing");
    expect(problem.message).toBe("git cannot be run: it is not in PATH");
    expect(problem.hint).toContain("2.30");
  });

  it("is asked for when what is called git only says what to install", async () => {
    const folder = replaceGit('echo "xcrun: error: invalid active developer path" >&2; exit 1');
    const problem = await refuse(folder.root);
    expect(problem.code).toBe("git-missing");
    expect(problem.message).toContain("invalid active developer path");
  });

  it.each(["1.9.5", "2.17.1", "2.29.9"])("is too old in version %s", async (version) => {
    const folder = replaceGit(`echo "git version ${version}"`);
    const problem = await refuse(folder.root);
    expect(problem.code).toBe("git-too-old");
    expect(problem.message).toBe(`git ${version} is too old: 2.30 or newer is needed`);
  });

  it.each(["2.30.0", "2.30", "2.39.5 (Apple Git-154)", "2.45.1.windows.1", "2.100.0-rc0", "3.0.0"])(
    "is new enough in version %s",
    async (version) => {
      const folder = replaceGit(
        `case "$*" in *version) echo "git version ${version}";; *) echo "fatal: asked" >&2; exit 128;; esac`,
      );
      const problem = await refuse(folder.root);
      expect(problem.message).toContain("asked");
    },
  );

  it("that fails is quoted", async () => {
    const work = makeWork();
    work.write(".git/config", "[core\nbroken");
    const problem = await refuse(work.root);
    expect(problem.message).toContain("bad config line 1");
  });

  it("that lacks an object is told from a missing name", async () => {
    const work = makeWork({ "a.yaml": "a" });
    const id = work.git("rev-parse", "HEAD:a.yaml");
    rmSync(work.path(`.git/objects/${id.slice(0, 2)}/${id.slice(2)}`));
    const problem = await refuse(work.root);
    expect(problem.code).toBe("git-failed");
    expect(problem.message).toContain(id);
    expect(problem.hint).toContain("git fsck");
  });
});
