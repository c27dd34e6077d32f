import { execFileSync } from "node:child_process";
import { applyPatch } from "diff";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alignLines, writeUnifiedDiff } from "../../../src/domain/plan/line-diff.ts";
import { makeFolder } from "../../support/project/folder.ts";

const lines = fc.array(
  fc.constantFrom("a", "b", "c", "", "--- a/x", "+++ b/x", "@@ -1 +1 @@", " d"),
  {
    maxLength: 12,
  },
);
const text = fc
  .tuple(lines, fc.constantFrom("", "\n"))
  .map(([parts, end]) => (parts.length === 0 ? "" : parts.join("\n") + end));

describe("aligning lines", () => {
  it("covers both lists in order without gaps, and calls same only what is the same", () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        let [b, a] = [0, 0];
        let last: boolean | undefined;
        for (const run of alignLines(before, after)) {
          expect([run.before[0], run.after[0]]).toEqual([b, a]);
          expect(run.same).not.toBe(last);
          expect(run.before[1] - run.before[0] + run.after[1] - run.after[0]).toBeGreaterThan(0);
          if (run.same) expect(before.slice(...run.before)).toEqual(after.slice(...run.after));
          [b, a, last] = [run.before[1], run.after[1], run.same];
        }
        expect([b, a]).toEqual([before.length, after.length]);
      }),
      { numRuns: 500 },
    );
  });

  it("finds a list the same as itself, and gives up on what has nothing in common", () => {
    fc.assert(
      fc.property(lines, (list) => {
        expect(alignLines(list, list).every(({ same }) => same)).toBe(true);
      }),
    );
    const [before, after] = [6000, 6000].map((count, side) =>
      Array.from({ length: count }, (_, index) => `${side} ${index}`),
    );
    expect(alignLines(before ?? [], after ?? [])).toEqual([
      { same: false, before: [0, 6000], after: [0, 6000] },
    ]);
  });
});

describe("the unified diff of a file", () => {
  it("makes the one text of the other", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = writeUnifiedDiff("a b.yaml", before, after);
        expect(diff === "").toBe(before === after);
        if (diff !== "") expect(applyPatch(before, diff)).toBe(after);
      }),
      { numRuns: 500 },
    );
  });

  it("does so where hardly a line is the same", () => {
    const make = (mark: string): string =>
      Array.from({ length: 5000 }, (_, index) => `${mark}${index}\n`).join("");
    expect(applyPatch(make("a"), writeUnifiedDiff("x", make("a"), make("b")))).toBe(make("b"));
  });

  it("is what git applies, also for a new file", () => {
    const folder = makeFolder({ "old.txt": "one\ntwo\n" });
    const patch =
      writeUnifiedDiff("old.txt", "one\ntwo\n", "one\n2") +
      writeUnifiedDiff("dir/new.txt", undefined, "x\n");
    folder.write("p.patch", patch);
    execFileSync("git", ["apply", "p.patch"], { cwd: folder.root });
    expect(folder.read("old.txt")).toBe("one\n2");
    expect(folder.read("dir/new.txt")).toBe("x\n");
    expect(patch).toContain("--- /dev/null\n+++ b/dir/new.txt\n@@ -0,0 +1,1 @@\n+x\n");
  });
});
