import { describe, expect, it } from "vitest";
import type { Drift } from "../../../src/domain/plan/drift.ts";
import type { Problem } from "../../../src/domain/problem.ts";
import {
  describeComparison,
  describeDrift,
  describePlan,
  writeOutcome,
  type TextSource,
} from "../../../src/render/comment/text-about.ts";
import { CREATE, FULL, makePlan, SPLIT } from "../../support/render/samples.ts";

const SOURCE: TextSource = {
  target: "production",
  problems: [],
  notes: ["There is no base."],
  commit: "c".repeat(40),
  runUrl: "https://github.test/run",
  earlier: [],
};
const ERROR: Problem = { severity: "error", code: "guard-x", message: "no" };
const WARNING: Problem = { severity: "warning", code: "w", message: "hm" };

describe("the outcome of a plan in one line", () => {
  it("counts what it would do", () => {
    expect(writeOutcome(FULL, [WARNING])).toBe(
      "Plan: 2 to create, 1 to update, 1 to delete, 14 unchanged.",
    );
  });

  it("says that it must not be applied", () => {
    expect(writeOutcome(FULL, [ERROR])).toMatch(/unchanged\. It must not be applied\.$/);
  });

  it("says that there is none", () => {
    expect(writeOutcome(undefined, [ERROR])).toMatch(/^There is no plan/);
  });
});

describe("the text about a plan", () => {
  it("has what the plan says and what the run knows besides", () => {
    const text = describePlan(FULL, SOURCE);
    expect(text).toMatchObject({
      heading: "Callform plan for production",
      changes: FULL.changes,
      digest: FULL.digest,
      commit: SOURCE.commit,
    });
    expect(text.notes[0]).toBe("There is no base.");
    expect(text.notes.join(" ")).toContain("partial");
    expect(text).not.toHaveProperty("base");
  });

  it("passes the base on", () => {
    expect(describePlan(SPLIT, SOURCE).base).toBe(SPLIT.base);
  });

  it("is one line where nothing changes and nothing is wrong", () => {
    const text = describePlan(makePlan(), SOURCE);
    expect(text).toMatchObject({ heading: undefined, notes: [], changes: [] });
    expect(text.summary).toContain("No changes for production");
  });

  it("says in that line's company that something was left out", () => {
    const { notes } = describePlan(makePlan({ partial: true }), SOURCE);
    expect(notes).toEqual(["This plan is partial: flags or paths left manifests out."]);
  });

  it("is no single line where something is wrong", () => {
    const text = describePlan(makePlan(), { ...SOURCE, problems: [WARNING] });
    expect(text.heading).toBe("Callform plan for production");
    expect(text.notes).toContain("There is no base.");
  });

  it("says what stands in the way of a plan", () => {
    const text = describePlan(undefined, { ...SOURCE, problems: [ERROR] });
    expect(text).toMatchObject({ changes: [], digest: "", problems: [ERROR] });
    expect(text.summary).toContain("There is no plan");
  });

  it("says whose flags the hints of guards name", () => {
    const guard = { ...ERROR, hint: "run this once with --unprotect 800" };
    expect(describePlan(FULL, { ...SOURCE, problems: [guard] }).notes.at(-1)).toContain(
      "change the policy in callform.yaml in the same pull request",
    );
    expect(describePlan(FULL, { ...SOURCE, problems: [ERROR] }).notes.join()).not.toContain(
      "command line",
    );
  });
});

describe("the text about a comparison", () => {
  it("speaks of manifests and has no digest", () => {
    const text = describeComparison(FULL, SOURCE);
    expect(text.summary).toBe("Manifests: 2 new, 1 changed, 1 removed, 14 unchanged.");
    expect(text).toMatchObject({ digest: "", changes: FULL.changes });
  });

  it("says that there is none", () => {
    expect(describeComparison(undefined, SOURCE)).toMatchObject({
      changes: [],
      summary: expect.stringContaining("There is no comparison") as string,
    });
  });
});

describe("the text about drift", () => {
  const drift: Drift = { ...makePlan({ changes: [CREATE] }), base: "b".repeat(40) };

  it("has the changes that would put it back", () => {
    const text = describeDrift(drift, SOURCE);
    expect(text).toMatchObject({
      heading: "Callform drift of production",
      base: drift.base,
      changes: [CREATE],
      digest: "",
    });
    expect(text.summary).toMatch(/^Drift: /);
  });

  it("says that it cannot be known", () => {
    expect(describeDrift(undefined, SOURCE).summary).toContain("cannot be known");
  });
});
