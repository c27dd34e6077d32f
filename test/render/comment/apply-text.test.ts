import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ApplyResult } from "../../../src/domain/result.ts";
import {
  renderApplyText,
  writeApplySummary,
  type ApplyText,
} from "../../../src/render/comment/apply-text.ts";
import { measure } from "../../../src/render/comment/budget.ts";
import { FULL, makePlan, PROBLEMS } from "../../support/render/samples.ts";

const LIMIT = 65_536;

function makeResult(key: string, outcome: ApplyResult["outcome"]): ApplyResult {
  return {
    kind: "CallFlowApp",
    key,
    title: "x",
    op: "update",
    outcome,
    problems: [],
    milliseconds: 1234,
  };
}

const TEXT: ApplyText = {
  target: "production",
  plan: FULL,
  results: [
    makeResult("800", "applied"),
    makeResult("801", "refused"),
    makeResult("802", "applied"),
  ],
  problems: [],
  notes: ["There is no base."],
  commit: "c".repeat(40),
  runUrl: "https://github.test/run",
};

describe("the summary of an apply", () => {
  it("counts each outcome", () => {
    expect(writeApplySummary(TEXT)).toBe("2 applied, 1 refused, 14 unchanged.");
  });

  it("says that there was nothing to do, or that nothing was done", () => {
    expect(writeApplySummary({ plan: makePlan(), results: [] })).toMatch(
      /^Nothing to apply, 14 unchanged/,
    );
    expect(writeApplySummary({ plan: FULL, results: [] })).toBe("Nothing was applied.");
    expect(writeApplySummary({ plan: undefined, results: [] })).toBe("Nothing was applied.");
  });
});

describe("the text about an apply", () => {
  it("has header, summary, notes and what did not succeed first", () => {
    const text = renderApplyText(TEXT, "<!-- h -->", LIMIT);
    expect(
      text.startsWith("<!-- h -->\n## Callform apply to production\n\n**2 applied, 1 refused"),
    ).toBe(true);
    expect(text.indexOf("CallFlowApp 801")).toBeLessThan(text.indexOf("CallFlowApp 800"));
    expect(text).toContain("| refused | CallFlowApp 801 | x | 1.2 s |");
    expect(text).toContain("There is no base.");
  });

  it("has the problems of the run and those of each result", () => {
    const [first, second] = PROBLEMS;
    if (first === undefined || second === undefined) throw new Error("no samples");
    const failed = { ...makeResult("801", "refused"), problems: [first] };
    const text = renderApplyText({ ...TEXT, problems: [second], results: [failed] }, "", LIMIT);
    expect(text).toContain("`apps/menu.cs:12:5` `script-refused`");
    expect(text).toContain("`trunk-unused`");
  });

  it("escapes what others wrote", () => {
    const evil = "<b>@octocat</b> | `x`";
    const text = renderApplyText(
      {
        ...TEXT,
        target: evil,
        notes: [evil],
        results: [{ ...makeResult(evil, "applied"), title: evil }],
      },
      "",
      LIMIT,
    );
    expect(text).not.toMatch(/<b>|@octocat/);
    expect(text).toContain(String.raw`\|`);
  });

  it("stays within the limit and says how much it leaves out", () => {
    const count = fc.nat(3000);
    fc.assert(
      fc.property(count, count, fc.nat(2000), (rows, problems, letters) => {
        const many = {
          ...TEXT,
          results: Array.from({ length: rows }, (_, n) => makeResult(`${n}`, "applied")),
          problems: Array.from({ length: problems }, () => ({
            severity: "error" as const,
            code: "x",
            message: "y".repeat(letters),
          })),
        };
        const text = renderApplyText(many, "<!-- h -->", LIMIT);
        expect(measure(text)).toBeLessThanOrEqual(LIMIT);
        expect(text.startsWith("<!-- h -->\n## Callform apply to production\n\n**")).toBe(true);
        const whole = rows * 40 + problems * (letters + 20) < LIMIT / 2;
        if (whole) expect(text).not.toContain("Shortened");
      }),
      { numRuns: 25 },
    );
    const long = {
      ...TEXT,
      results: Array.from({ length: 3000 }, (_, n) => makeResult(`${n}`, "applied")),
    };
    expect(renderApplyText(long, "", LIMIT)).toContain("2000 lines are left out");
  });
});
