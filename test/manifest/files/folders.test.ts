import { mkdir, symlink } from "node:fs/promises";
import { join, sep } from "node:path";

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  isInside,
  openFolders,
  readProjectFile,
  showPath,
} from "../../../src/manifest/files/folders.ts";
import { writeProject } from "../../support/project/manifest-project.ts";

const names = fc.stringMatching(/^[a-z.]{1,6}$/).filter((name) => name !== "." && name !== "..");
const paths = fc.array(names, { maxLength: 5 }).map((parts) => join(sep, ...parts));

describe("inside", () => {
  test("is the folder itself and whatever lies beneath it", () => {
    fc.assert(
      fc.property(paths, fc.array(names, { maxLength: 4 }), (root, way) => {
        expect(isInside(root, join(root, ...way))).toBe(true);
      }),
    );
  });

  test("is nothing that lies above it or beside it", () => {
    fc.assert(
      fc.property(paths, names, names, (parent, name, way) => {
        const root = join(parent, name);
        expect(isInside(root, parent)).toBe(false);
        expect(isInside(root, `${root}x`)).toBe(false);
        expect(isInside(root, join(parent, `${name}${way}`))).toBe(false);
      }),
    );
  });

  test("is a folder whose name begins with two dots", () => {
    expect(isInside("/a", "/a/..b/c")).toBe(true);
    expect(isInside("/a", "/a/../b")).toBe(false);
  });
});

describe("a path as it is shown", () => {
  test("leads from the working folder to the file", () => {
    fc.assert(
      fc.property(paths, paths, (cwd, path) => {
        const shown = showPath(cwd, path);
        expect(join(cwd, shown)).toBe(path);
        expect(shown).not.toBe("");
        expect(shown).not.toContain("\\");
      }),
    );
  });
});

describe("a file of the project", () => {
  test("is read by every way that stays inside, and by none that does not", async () => {
    const outside = await writeProject({ "x.cs": "outside", "deep/x.cs": "outside" });
    const root = await writeProject({ "a/x.cs": "inside", "b/y.cs": "inside" });
    await symlink(join(root, "a"), join(root, "b/to-a"));
    await symlink("../a/x.cs", join(root, "b/x.cs"));
    await symlink(outside, join(root, "b/out"));
    await symlink(join(outside, "x.cs"), join(root, "b/out.cs"));
    await symlink(join(root, "b/out.cs"), join(root, "b/twice.cs"));
    await mkdir(join(root, "c"));
    await symlink(join(root, "b"), join(root, "c/b"));
    const folders = openFolders(root, root);
    const read = (name: string): string | undefined => {
      const { text, problem } = readProjectFile(join(root, name), { shown: name }, folders);
      return text ?? problem.code;
    };
    // Twice, because what is known of a folder is kept.
    for (const round of [1, 2]) {
      expect([
        round,
        ...["a/x.cs", "b/to-a/x.cs", "b/x.cs", "c/b/x.cs", "c/b/to-a/x.cs"].map(read),
      ]).toEqual([round, ...Array.from({ length: 5 }, () => "inside")]);
      const escapes = [
        "../x.cs",
        "b/out/x.cs",
        "b/out/deep/x.cs",
        "b/out.cs",
        "b/twice.cs",
        "c/b/out/x.cs",
      ];
      expect(escapes.map(read)).toEqual(escapes.map(() => "path-escape"));
      expect(read("a/gone.cs")).toBe("file-unreadable");
    }
  });

  test("is not looked for when the project folder is not there", async () => {
    const root = join(await writeProject({}), "gone");
    expect(() => openFolders(root, root)).toThrow("ENOENT");
  });
});
