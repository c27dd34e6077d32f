import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ANNOTATIONS_AT_ONCE, batchAnnotations } from "../../../src/action/runner/annotate.ts";
import type { Problem } from "../../../src/domain/problem.ts";

const PROBLEM: Problem = {
  severity: "error",
  code: "script-syntax",
  message: "a semicolon is missing",
  hint: "add one",
  at: { file: "apps/a.cs", line: 3, column: 5 },
};

function annotate(...problems: readonly Problem[]): readonly object[] {
  return batchAnnotations(problems).batches.flat();
}

describe("an annotation", () => {
  it("has the problem's place, weight, words and code", () => {
    expect(annotate(PROBLEM)).toEqual([
      {
        path: "apps/a.cs",
        start_line: 3,
        end_line: 3,
        start_column: 5,
        end_column: 5,
        annotation_level: "failure",
        message: "a semicolon is missing\nadd one",
        title: "script-syntax",
      },
    ]);
  });

  it.each([
    ["error", "failure"],
    ["warning", "warning"],
    ["info", "notice"],
  ] as const)("of severity %s is a %s", (severity, level) => {
    expect(annotate({ ...PROBLEM, severity })).toMatchObject([{ annotation_level: level }]);
  });

  it("has columns only within one line, as GitHub demands", () => {
    const at = { file: "a", line: 3, column: 5, endLine: 4, endColumn: 2 };
    const [wide] = annotate({ ...PROBLEM, at });
    expect(wide).toMatchObject({ start_line: 3, end_line: 4 });
    expect(wide).not.toHaveProperty("start_column");
    expect(annotate({ ...PROBLEM, at: { ...at, endLine: 3, endColumn: 9 } })).toMatchObject([
      { start_column: 5, end_column: 9 },
    ]);
  });

  it("of an archive's entry stands at the archive, which has no lines", () => {
    const at = { file: "apps/a.zip/Main.cs", line: 30, column: 5, archive: "apps/a.zip" };
    const [annotation] = annotate({ ...PROBLEM, at });
    expect(annotation).toMatchObject({ path: "apps/a.zip", start_line: 1, end_line: 1 });
    expect(annotation).not.toHaveProperty("start_column");
  });

  it("is not made of a problem without a place", () => {
    expect(annotate({ severity: "error", code: "x", message: "y" })).toEqual([]);
  });

  it("has no marks that hide or reorder, and no more text than GitHub takes", () => {
    const message = `\u202Eevil\u0000 ${"x".repeat(100_000)}`;
    const [annotation] = annotate({ ...PROBLEM, message, code: "c".repeat(1000) });
    const shown = JSON.stringify(annotation);
    expect(shown).not.toMatch(/\u202E|\\u0000/);
    expect(shown.length).toBeLessThan(5000);
  });
});

describe("many annotations", () => {
  it("go in batches of fifty, none lost and in order, up to five hundred", () => {
    fc.assert(
      fc.property(fc.nat(700), (count) => {
        const problems = Array.from({ length: count }, (_, n) => ({
          ...PROBLEM,
          at: { file: "a", line: n + 1, column: 1 },
        }));
        const { batches, leftOut } = batchAnnotations(problems);
        for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(ANNOTATIONS_AT_ONCE);
        const lines = batches.flat().map((annotation) => annotation.start_line);
        expect(lines).toEqual(Array.from({ length: Math.min(count, 500) }, (_, n) => n + 1));
        expect(leftOut).toBe(Math.max(0, count - 500));
      }),
      { numRuns: 30 },
    );
  });
});
