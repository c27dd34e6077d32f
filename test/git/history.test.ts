import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { isAncestor } from "../../src/git/tree.ts";
import { makeFolder } from "../support/project/folder.ts";
import { makeRepository } from "../support/project/repository.ts";

describe("what a clone knows of its history", () => {
  function openOrigin() {
    const origin = makeFolder({ "a.txt": "a" });
    const { git, commit } = makeRepository(origin.root);
    const [first, second] = [commit("first"), commit("second")];
    git("switch", "-q", "-c", "other", first);
    return { origin, first, second, other: commit("other") };
  }

  it("is which commit contains which", async () => {
    const { origin, first, second, other } = openOrigin();
    expect(await isAncestor(origin.root, first, second)).toBe(true);
    expect(await isAncestor(origin.root, second, second)).toBe(true);
    expect(await isAncestor(origin.root, second, first)).toBe(false);
    expect(await isAncestor(origin.root, second, other)).toBe(false);
  });

  it("is nothing about commits that it lacks", async () => {
    const { origin, first, second } = openOrigin();
    expect(await isAncestor(origin.root, "d".repeat(40), second)).toBeUndefined();
    expect(await isAncestor(makeFolder().root, first, second)).toBeUndefined();
  });

  it("is no denial where its history ends early", async () => {
    const { origin, first, second } = openOrigin();
    const shallow = makeFolder();
    const from = `file://${origin.root}`;
    execFileSync("git", ["clone", "-q", "--no-local", "--depth=1", "--branch=main", from, "."], {
      cwd: shallow.root,
      stdio: "pipe",
    });
    expect(await isAncestor(shallow.root, second, second)).toBe(true);
    expect(await isAncestor(shallow.root, first, second)).toBeUndefined();
  });
});
