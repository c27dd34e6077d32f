import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  failure,
  hasErrors,
  ProblemError,
  sortProblems,
  type Problem,
} from "../../src/domain/problem.ts";
import { problem } from "../support/worlds/arbitraries.ts";

const problems = fc.array(problem, { maxLength: 8 });

function makeProblem(message: string, more: Partial<Problem> = {}): Problem {
  return { severity: "error", code: "x", message, ...more };
}

describe("the order of problems", () => {
  it("loses none and adds none", () => {
    fc.assert(
      fc.property(problems, (found) => {
        const sorted = sortProblems(found);
        expect(sorted).toHaveLength(found.length);
        for (const one of found) expect(sorted).toContain(one);
      }),
    );
  });

  it("is by file, then line, then column, and those without a place come last", () => {
    fc.assert(
      fc.property(problems, (found) => {
        const places = sortProblems(found).map(({ at }) => at);
        const placed = places.filter((at) => at !== undefined);
        expect(places.slice(0, placed.length)).toEqual(placed);
        const keys = placed.map(({ file, line, column }) =>
          [file, String(line).padStart(4, "0"), String(column).padStart(4, "0")].join("\0"),
        );
        expect(keys).toEqual(keys.toSorted());
      }),
    );
  });

  it("is that in which they were found, for those at one place and those at none", () => {
    const at = { file: "a.yaml", line: 1, column: 1 };
    const found = [
      makeProblem("fourth"),
      makeProblem("second", { at }),
      makeProblem("first", { at, severity: "info" }),
      makeProblem("third"),
    ];
    expect(sortProblems(Object.freeze(found)).map(({ message }) => message)).toEqual([
      "second",
      "first",
      "fourth",
      "third",
    ]);
  });
});

describe("a problem error", () => {
  it("carries every problem and says them all", () => {
    fc.assert(
      fc.property(problems, (found) => {
        const error = new ProblemError(found);
        expect(error.problems).toEqual(found);
        for (const { message } of found) expect(error.message).toContain(message);
      }),
    );
  });

  it("is an Error with its name and its cause", () => {
    const cause = new Error("below");
    const error = new ProblemError([], { cause });
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.cause]).toEqual(["ProblemError", cause]);
  });

  it("of one failure has error severity, a code and what else was given", () => {
    expect(failure("no-such-target", "there is none", { hint: "add one" }).problems).toEqual([
      { severity: "error", code: "no-such-target", message: "there is none", hint: "add one" },
    ]);
  });

  it("counts as an error only with one of that severity", () => {
    fc.assert(
      fc.property(problems, (found) => {
        expect(hasErrors(found)).toBe(found.some(({ severity }) => severity === "error"));
      }),
    );
    expect(hasErrors([])).toBe(false);
  });
});
