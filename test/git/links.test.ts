import { readdirSync, realpathSync, symlinkSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { staysInside } from "../../src/git/content/unpack.ts";
import {
  checkOut,
  commitTree,
  isolateGit,
  makeWork,
  readFiles,
  writeObject,
  writeTree,
} from "../support/git/repositories.ts";

let temporary: string;
beforeEach(() => {
  temporary = isolateGit();
});

async function checkOutLinks(links: Readonly<Record<string, string>>): Promise<string> {
  const work = makeWork({ "apps/deep/a.cs": "a" });
  for (const [name, target] of Object.entries(links)) symlinkSync(target, work.path(name));
  work.commit("links");
  return (await checkOut(work.root, "HEAD")).root;
}

describe("symbolic links of a base", () => {
  it("are links again when they lead to a place in the folder, there or not", async () => {
    const root = await checkOutLinks({
      file: "apps/deep/a.cs",
      folder: "apps/deep",
      "apps/up": "../apps/deep/a.cs",
      "apps/deep/top": "../..",
      missing: "apps/nothing",
      self: "self",
      dotted: "./apps//deep/./a.cs",
    });
    expect(readFiles(root)).toEqual({
      "apps/deep/a.cs": "a",
      file: "-> apps/deep/a.cs",
      folder: "-> apps/deep",
      "apps/up": "-> ../apps/deep/a.cs",
      "apps/deep/top": "-> ../..",
      missing: "-> apps/nothing",
      self: "-> self",
      dotted: "-> ./apps//deep/./a.cs",
    });
  });

  it("are left out when they lead anywhere else", async () => {
    const root = await checkOutLinks({
      absolute: "/etc/passwd",
      beside: "../beside",
      "apps/out": "../../x",
      "apps/deep/out": "../../../callform.yaml",
      roundabout: "apps/../../x",
      windows: String.raw`C:\secrets`,
      share: String.raw`\\server\share`,
    });
    expect(readFiles(root)).toEqual({ "apps/deep/a.cs": "a" });
  });

  it("are left out when their target is no name at all", async () => {
    const work = makeWork();
    const link = (name: string, target: string | Buffer) => ({
      mode: "120000",
      name,
      id: writeObject(work, "blob", target),
    });
    const odd = writeTree(work, [
      link("empty", ""),
      link("long", "x".repeat(5000)),
      link("nul", "a\0b"),
      link("raw", Buffer.from([0xff, 0xfe])),
    ]);
    const base = await checkOut(work.root, commitTree(work, odd));
    expect(readdirSync(base.root)).toEqual([]);
  });

  it("are never written through, also where a tree has a link and a folder of one name", async () => {
    const work = makeWork();
    const id = writeObject(work, "blob", "planted");
    const hostile = writeTree(work, [
      { mode: "120000", name: "a", id: writeObject(work, "blob", temporary) },
      { mode: "40000", name: "a", id: writeTree(work, [{ mode: "100644", name: "outside", id }]) },
    ]);
    const base = await checkOut(work.root, commitTree(work, hostile));
    expect(readFiles(base.root)).toEqual({ "a/outside": "planted" });
    expect(readdirSync(temporary)).not.toContain("outside");
  });
});

const step = fc.constantFrom("..", ".", "", "a", "b", "link");
const target = fc.array(step, { minLength: 1, maxLength: 6 }).map((steps) => steps.join("/"));
const where = fc.constantFrom("link", "a/link", "a/b/link", "b/link");

describe("the rule for links", () => {
  it("holds on a real file system: no chain of accepted links leads out", async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(where, target, { minKeys: 1 }), async (links) => {
        const work = makeWork();
        const id = writeObject(work, "blob", "text");
        const make = (folder: string, below: Parameters<typeof writeTree>[1]): string => {
          const name = `${folder}link`;
          const to = links[name];
          const entry = { mode: "120000", name: "link", id: writeObject(work, "blob", to ?? "") };
          const file = { mode: "100644", name: "file", id };
          return writeTree(work, [...below, file, ...(to === undefined ? [] : [entry])]);
        };
        const deep = { mode: "40000", name: "b", id: make("a/b/", []) };
        const tree = make("", [
          { mode: "40000", name: "a", id: make("a/", [deep]) },
          { mode: "40000", name: "b", id: make("b/", []) },
        ]);
        const { root } = await checkOut(work.root, commitTree(work, tree));
        const real = realpathSync(root);
        for (const name of Object.keys(readFiles(root))) {
          const end = follow(path.join(root, name));
          expect(end === undefined || end === real || end.startsWith(`${real}/`)).toBe(true);
        }
      }),
      { numRuns: 15 },
    );
  });

  it("never takes a target that the names alone lead out", () => {
    fc.assert(
      fc.property(where, target, (link, to) => {
        const end = path.posix.join("/root", path.posix.dirname(link), to);
        const inside = end === "/root" || end === "/root/" || end.startsWith("/root/");
        if (!inside || to.startsWith("/")) expect(staysInside(link, to)).toBe(false);
      }),
    );
  });

  it("takes every target that only goes down", () => {
    fc.assert(
      fc.property(where, fc.array(fc.constantFrom("a", "b", ".", "...", "..c")), (link, steps) => {
        expect(staysInside(link, ["x", ...steps].join("/"))).toBe(true);
      }),
    );
  });
});

/** Where a path really ends; undefined when it ends nowhere. */
function follow(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}
