import * as fc from "fast-check";
import { marked } from "marked";
import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/domain/plan/plan.ts";
import type { Problem } from "../../../src/domain/problem.ts";
import { measure } from "../../../src/render/comment/budget.ts";
import { renderChangesText, type ChangesText } from "../../../src/render/comment/changes-text.ts";
import { CREATE, DELETE, FULL, PROBLEMS, SPLIT, UPDATE } from "../../support/render/samples.ts";

const LIMIT = 65_536;
const HEADER = '<!-- callform {"v":1} -->';

const TEXT: ChangesText = {
  heading: "Callform plan for production",
  summary: "Plan: 2 to create, 1 to update, 1 to delete, 14 unchanged.",
  notes: ["This plan is partial: flags or paths left manifests out."],
  problems: PROBLEMS,
  changes: FULL.changes,
  digest: "d".repeat(64),
  commit: "c".repeat(40),
  runUrl: "https://github.test/acme/phones/actions/runs/1",
  earlier: [],
};

/** So many apps, each with a script diff of so many lines. */
function makeChanges(count: number, lines: number): Change[] {
  const hunk = Array.from({ length: lines }, (_, n) => `+line ${n} of a script`).join("\n");
  const diff = `@@ -0,0 +1,${lines} @@\n${hunk}`;
  return Array.from({ length: count }, (_, n) => ({
    ...UPDATE,
    key: `${1000 + n}`,
    fields: [
      { field: "name", before: "a", after: `app${n}` },
      { field: "scriptCode", before: "", after: "x", diff },
    ],
  }));
}

function makeProblems(count: number, letters: number): Problem[] {
  return Array.from({ length: count }, (_, n) => ({
    severity: "warning",
    code: "script-syntax",
    message: "x".repeat(letters),
    at: { file: `apps/${n}.cs`, line: 1, column: 1 },
  }));
}

describe("a text about changes", () => {
  it("has the summary first, then notes, problems, picture, table and details", () => {
    const text = renderChangesText(TEXT, HEADER, LIMIT);
    const order = [
      HEADER,
      "## Callform plan for production",
      "**Plan: 2 to create",
      "This plan is partial",
      "- **error** `guard-max-deletes`",
      "```mermaid",
      "| change | resource | fields |",
      "<details><summary>+ CallFlowApp 806",
      "<sub>Commit cccccccccccc · digest `dddddddddddd`",
    ].map((part) => text.indexOf(part));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it("is one line where it has no heading", () => {
    const quiet = { ...TEXT, heading: undefined, notes: [], problems: [], changes: [] };
    expect(renderChangesText({ ...quiet, summary: "No changes." }, "", LIMIT)).toBe(
      "**No changes.** <sub>Commit cccccccccccc · digest `dddddddddddd` · [run](https://github.test/acme/phones/actions/runs/1)</sub>",
    );
  });

  it("keeps drift and conflicts apart", () => {
    const text = renderChangesText({ ...TEXT, base: "b", changes: SPLIT.changes }, "", LIMIT);
    expect(text).toMatch(/### Changed in Git[^]*### Drift[^]*### Conflict/);
  });

  it("puts errors before warnings and guards before all", () => {
    const text = renderChangesText(TEXT, "", LIMIT);
    const codes = [...text.matchAll(/^- \*\*\w+\*\*.*?`([a-z-]+)` [^`]*$/gm)].map(
      ([, code]) => code,
    );
    expect(codes).toEqual([
      "guard-max-deletes",
      "script-refused",
      "trunk-unused",
      "script-refused-state",
    ]);
  });

  it("shows what the text said before, folded", () => {
    const earlier = [{ digest: "0123456789abcdef", commit: "fedcba9876543210", outcome: "1 | 2" }];
    const text = renderChangesText({ ...TEXT, earlier }, "", LIMIT);
    expect(text).toContain("<details><summary>Earlier plans (1)</summary>");
    expect(text).toContain("| fedcba987654 | 0123456789ab | 1 \\| 2 |");
  });

  it("says how many lines an update adds and removes", () => {
    expect(renderChangesText(TEXT, "", LIMIT)).toContain("1 line added, 1 removed");
  });
});

describe("a text that is too long", () => {
  const big = (count: number, lines: number, more: Partial<ChangesText> = {}): ChangesText => ({
    ...TEXT,
    notes: [],
    problems: [],
    changes: makeChanges(count, lines),
    ...more,
  });

  it("is not touched while it fits", () => {
    expect(renderChangesText(big(5, 100), HEADER, LIMIT)).not.toContain("Shortened");
  });

  it("gives up the ends of script diffs first", () => {
    const text = renderChangesText(big(10, 500), HEADER, LIMIT);
    expect(text).toMatch(/script diffs end after \d{3} lines/);
    expect(text.length).toBeGreaterThan(LIMIT / 2);
    expect(text).toContain("<details><summary>~ CallFlowApp 1009");
  });

  it("then script diffs, details and the end of the table, in this order", () => {
    const stages = [
      [100, 200, "script diffs end after 12 lines"],
      [200, 200, "script diffs are left out"],
      [500, 200, "the details of each change are left out"],
      [3000, 5, "the table has 400 of 3000 changes"],
    ] as const;
    for (const [count, lines, gap] of stages) {
      const text = renderChangesText(big(count, lines), HEADER, LIMIT);
      expect(text).toContain(gap);
      expect(measure(text)).toBeLessThanOrEqual(LIMIT);
    }
  });

  it("says where the rest can be read", () => {
    expect(renderChangesText(big(1000, 10), HEADER, LIMIT)).toMatch(
      /\[job summary\]\(https:\/\/github\.test\/[^)]*\) has more, and the files .*`plan-file` and `report-file`/,
    );
  });

  it("keeps header, summary and guards whatever there is", () => {
    const guard: Problem = {
      severity: "error",
      code: "guard-protected",
      message: "800 is protected",
    };
    const problems = [...makeProblems(500, 3000), guard];
    const text = renderChangesText(big(1500, 20, { problems }), HEADER, LIMIT);
    expect(measure(text)).toBeLessThanOrEqual(LIMIT);
    expect(text.startsWith(`${HEADER}\n## Callform plan for production\n\n**Plan: 2 to`)).toBe(
      true,
    );
    expect(text).toContain("800 is protected");
    expect(text).toContain("of 501 problems are left out");
  });

  it("stays within any limit, and begins with its header while that fits", () => {
    const sizes = fc.record({
      count: fc.nat(60),
      lines: fc.nat(80),
      problems: fc.nat(60),
      letters: fc.nat(900),
      limit: fc.integer({ min: 40, max: 40_000 }),
    });
    fc.assert(
      fc.property(sizes, ({ count, lines, problems, letters, limit }) => {
        const text = renderChangesText(
          big(count, lines, { problems: makeProblems(problems, letters) }),
          HEADER,
          limit,
        );
        expect(measure(text)).toBeLessThanOrEqual(limit);
        expect(text.startsWith(HEADER)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe("text of others in a text about changes", () => {
  const EVIL = [
    "</summary></details><script>alert(1)</script>",
    "[click](javascript:alert(1))",
    "![x](https://evil.example/x.png)",
    "@octocat @acme/team",
    "```\n\n# heading\n\n```",
    "~~~~~\n# heading",
    "`code` ``more`` ```",
    "<!-- callform {} -->",
    "--> out",
    "::error::owned",
    "| a | b |\n|---|---|",
    "\u202Ereversed\u202C",
    "<img src=x onerror=alert(1)>",
  ];

  it.each(EVIL)("stays text: %s", async (evil) => {
    const change: Change = {
      ...CREATE,
      key: evil,
      title: evil,
      renumbers: evil,
      fields: [
        { field: evil, after: evil },
        { field: "scriptCode", after: evil, diff: `@@ -0,0 +1,1 @@\n+${evil}` },
      ],
    };
    const problem: Problem = {
      severity: "error",
      code: evil,
      message: evil,
      hint: evil,
      at: { file: evil, line: 1, column: 1 },
    };
    const body = renderChangesText(
      {
        ...TEXT,
        heading: `Callform plan for ${evil}`,
        summary: evil,
        notes: [evil],
        problems: [problem, { severity: "info", code: evil, message: evil, subject: evil }],
        changes: [change, { ...DELETE, key: evil, title: evil }],
        earlier: [{ digest: evil, commit: evil, outcome: evil }],
      },
      HEADER,
      LIMIT,
    );
    const html = await marked.parse(body, { gfm: true });
    const [, ...tags] = [...html.matchAll(/<(\/?[a-zA-Z!][a-zA-Z0-9-]*)/g)].map(([, tag]) => tag);
    expect(new Set(tags.map((tag) => tag?.replace("/", "")))).toEqual(
      new Set([...HARMLESS].filter((tag) => tags.includes(tag))),
    );
    expect(html).not.toMatch(/href="javascript|<img|src="/);
    expect(body).not.toMatch(/^::|\u202E/m);
    // Outside of code a mention has a word joiner behind its @.
    const prose = html.replaceAll(/<(code|pre)[^>]*>[^]*?<\/\1>/g, "");
    expect(prose).not.toMatch(/@[a-z]/);
    expect(count(html, "<details>")).toBe(count(html, "</details>"));
    expect(count(html, "<h1")).toBe(0);
  });

  const HARMLESS = new Set(
    "h2 h3 p strong ul li code pre table thead tbody tr th td details summary sub a".split(" "),
  );

  function count(text: string, part: string): number {
    return text.split(part).length - 1;
  }
});
