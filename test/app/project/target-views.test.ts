import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeViews, type TargetView } from "../../../src/app/project/target-views.ts";
import type { Problem } from "../../../src/domain/problem.ts";

function problem(message: string, more: Partial<Problem> = {}): Problem {
  return { severity: "error", code: "x", message, ...more };
}

function view(target: string | undefined, ...problems: Problem[]): TargetView {
  return { target, problems };
}

function messages(views: readonly TargetView[]): string[] {
  return mergeViews(views).map(({ message }) => message);
}

describe("the problems of several targets", () => {
  it("are told once where all of them have them", () => {
    expect(messages([view("a", problem("m")), view("b", problem("m"))])).toEqual(["m"]);
  });

  it("say which target has them where not all do", () => {
    const views = [
      view("a", problem("m"), problem("n")),
      view("b", problem("n"), problem("o")),
      view("c", problem("n"), problem("o")),
    ];
    expect(messages(views)).toEqual(["m (target a)", "n", "o (targets b, c)"]);
  });

  it("count the targets where there are too many to name", () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const four = names.map((name, index) => view(name, ...(index < 4 ? [problem("m")] : [])));
    expect(messages(four)).toEqual(["m (targets a, b, c, d)"]);
    const five = names.map((name, index) => view(name, ...(index < 5 ? [problem("m")] : [])));
    expect(messages(five)).toEqual(["m (targets a, b, c and 2 more)"]);
  });

  it("name no target where there is one, or none", () => {
    expect(messages([view(undefined, problem("m"))])).toEqual(["m"]);
    expect(messages([view("a", problem("m"))])).toEqual(["m"]);
  });

  it("are kept apart by place and hint, and told once though a target has one twice", () => {
    const at = { file: "a.yaml", line: 1, column: 1 };
    const placed = [problem("m", { at }), problem("m"), problem("m", { hint: "h" }), problem("m")];
    expect(mergeViews([view("a", ...placed), view("b", ...placed)])).toEqual(placed.slice(0, 3));
  });

  it("are none more and none less than those of the targets, whatever they are", () => {
    const words = fc.constantFrom<string>("m", "n", "o", "p");
    const views = fc.array(fc.uniqueArray(words), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(views, (lists) => {
        const named = lists.map((list, index) => view(`t${index}`, ...list.map((m) => problem(m))));
        const told = messages(named);
        expect(new Set(told.map((message) => message[0]))).toEqual(new Set(lists.flat()));
        expect(told).toHaveLength(new Set(lists.flat()).size);
        for (const message of told) {
          const all = lists.every((list) => list.includes(message[0] ?? ""));
          expect(message.includes("(")).toBe(!all);
        }
      }),
    );
  });
});
