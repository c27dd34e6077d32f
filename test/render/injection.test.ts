import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FieldChange } from "../../src/domain/plan/diff.ts";
import type { Change, Plan } from "../../src/domain/plan/plan.ts";
import { renderGithub } from "../../src/render/problems/github.ts";
import { renderPlanJson, renderReportJson } from "../../src/render/plan/json.ts";
import { renderPlanMarkdown, renderProblemList } from "../../src/render/plan/markdown.ts";
import { paintNothing } from "../../src/render/paint.ts";
import { toPrintable, toPrintableJson, toPrintableLine } from "../../src/render/printable.ts";
import { renderProblems } from "../../src/render/problems/text.ts";
import { renderRows, renderRowsMarkdown, type Row } from "../../src/render/reports/results.ts";
import { renderSarif } from "../../src/render/problems/sarif.ts";
import { renderPlan } from "../../src/render/plan/terminal.ts";
import { hostileProblem, hostileText } from "../support/worlds/arbitraries.ts";
import { makePlan } from "../support/render/samples.ts";

/** What a terminal obeys, and what shows text other than it is. */
const RAW =
  /[\uFE00-\uFE0F]|[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\u115F\u1160\u3164\uFFA0\u{E0000}-\u{E0FFF}]/gu;

/** What the runner of GitHub takes for a command, as its ActionCommand reads a line. */
function isCommand(line: string): boolean {
  return line.trimStart().startsWith("::") || /##\w*\[/.test(line);
}

const at = fc.record({
  file: hostileText,
  line: fc.integer({ min: 1, max: 99 }),
  column: fc.constant(1),
});

const field: fc.Arbitrary<FieldChange> = fc.oneof(
  fc.record({ field: fc.constant("name"), before: hostileText, after: hostileText, at }),
  fc.record({
    field: fc.constant("groups"),
    before: fc.constant(null),
    after: fc.array(fc.record({ name: hostileText, role: hostileText }), { maxLength: 2 }),
  }),
  fc
    .record({ text: hostileText, sign: fc.constantFrom("+", "-", " "), at })
    .map(({ text, sign, at: place }) => ({
      field: "scriptCode",
      before: "x",
      after: text,
      diff: ["@@ -1,1 +1,1 @@", ...text.split("\n").map((line) => sign + line)].join("\n"),
      at: place,
    })),
);

const change: fc.Arbitrary<Change> = fc.record(
  {
    op: fc.constantFrom("create", "update", "delete"),
    kind: fc.constant("CallFlowApp"),
    key: hostileText,
    title: hostileText,
    fields: fc.array(field, { maxLength: 3 }),
    patch: fc.constant([]),
    at,
    renumbers: hostileText,
  },
  { requiredKeys: ["op", "kind", "key", "fields", "patch"] },
);

const plan: fc.Arbitrary<Plan> = fc
  .record({
    target: fc.record({ name: hostileText, url: hostileText }),
    changes: fc.array(change, { maxLength: 3 }),
    unmanaged: fc.array(fc.record({ kind: fc.constant("CallFlowApp"), key: hostileText }), {
      maxLength: 3,
    }),
    problems: fc.array(hostileProblem, { maxLength: 2 }),
  })
  .map(makePlan);

const row: fc.Arbitrary<Row> = fc.record(
  {
    kind: fc.constant("CallFlowApp"),
    key: hostileText,
    title: hostileText,
    state: fc.constantFrom("applied", "refused"),
    note: hostileText,
  },
  { requiredKeys: ["kind", "key", "state", "note"] },
);

/** Text for people: no marks but line ends and, in scripts, tabs; and our own mark behind an at sign. */
function findRawMarks(text: string): string[] {
  const ours = text.replaceAll(/([@:#.-]|www)\u2060/gi, "$1").replaceAll(/[\n\t]/g, "");
  return [...ours.matchAll(RAW)].map(([mark]) => mark);
}

describe("hostile text on a terminal", () => {
  it("moves no cursor, turns no letters round and starts no command of a CI run", () => {
    fc.assert(
      fc.property(plan, fc.array(hostileProblem), fc.array(row), (given, problems, rows) => {
        const shown = [
          renderPlan(given, paintNothing),
          renderProblems(problems, paintNothing),
          renderRows(rows, paintNothing),
        ].join("");
        expect(findRawMarks(shown)).toEqual([]);
        expect(shown.split("\n").filter(isCommand)).toEqual([]);
      }),
    );
  });

  it("starts no line of its own", () => {
    fc.assert(
      fc.property(plan, fc.array(hostileProblem), fc.array(row), (given, problems, rows) => {
        const lines = renderPlan(given, paintNothing).split("\n");
        expect(lines.filter((line) => line.startsWith("Plan: "))).toHaveLength(1);
        const hints = problems.filter(({ hint }) => hint !== undefined);
        const told = renderProblems(problems, paintNothing).split("\n");
        expect(told).toHaveLength(problems.length + hints.length + 1);
        expect(renderRows(rows, paintNothing).split("\n")).toHaveLength(rows.length + 1);
      }),
    );
  });
});

/** The fenced blocks of a Markdown text, as CommonMark finds them, and the lines outside of them. */
function readFences(text: string): {
  readonly blocks: readonly string[];
  readonly rest: readonly string[];
} {
  const blocks: string[] = [];
  const rest: string[] = [];
  let open: { fence: string; lines: string[] } | undefined;
  for (const line of text.split("\n")) {
    const fence = /^ {0,3}(`{3,})(?!.*`)/.exec(line)?.[1];
    if (open === undefined && fence !== undefined) open = { fence, lines: [] };
    else if (open === undefined) rest.push(line);
    else if (/^ {0,3}`+\s*$/.test(line) && line.trim().length >= open.fence.length) {
      blocks.push(open.lines.join("\n"));
      open = undefined;
    } else open.lines.push(line);
  }
  if (open !== undefined) throw new Error("a fence is never closed");
  return { blocks, rest };
}

/** A line without its code spans, as CommonMark finds them: a run of backticks ends at the next of its length. */
function dropCode(line: string): string {
  return line.replaceAll(/(?<!\\)(?<!`)(`+)(?!`)(.*?[^`])\1(?!`)/g, "");
}

/** A line without what a backslash makes into text. */
function dropEscapes(line: string): string {
  return line.replaceAll(/\\[\\`*_{}[\]()#+!|~$]/g, "");
}

const FRAMES =
  /^(?:<details>|<\/details>|<summary>.*<\/summary>|\|---.*|## |### |\*\*Plan: .*\*\*)/;

/** What of a line could still be Markdown or HTML, our own frames taken off. */
function findMarkup(line: string): string {
  const inside = line
    .replace(FRAMES, (frame) =>
      frame.replace(/^<summary>|<\/summary>$/g, "").replaceAll(/[^<>]/g, ""),
    )
    .replaceAll(/^<\/?details>$|^<>$|^<<\/?>$/g, "");
  const bare = dropEscapes(dropCode(inside))
    .replace(/^- (?:\*\*(?:error|warning|info)\*\*)?/, "")
    .replace(/^\| /, "")
    .replace(/ \|$/, "")
    .replaceAll(" | ", " ");
  return [...bare.matchAll(/[\\`*_[\]|<$]|@(?!\u2060)|&(?!lt;|gt;|amp;)/g)].join("");
}

describe("hostile text in Markdown", () => {
  it("stays in its fence, and every diff is in one", () => {
    fc.assert(
      fc.property(plan, (given) => {
        const { blocks } = readFences(renderPlanMarkdown(given));
        const diffs = given.changes.flatMap(({ fields }) =>
          fields.flatMap(({ diff }) => diff ?? []),
        );
        expect(blocks).toEqual(diffs.map(toPrintable));
      }),
    );
  });

  it("is no markup, no HTML, no mention and no cell of a table", () => {
    fc.assert(
      fc.property(plan, fc.array(row), (given, rows) => {
        const { problems } = given;
        const table = renderRowsMarkdown("Result", "Apply: 1 applied.", rows, problems);
        const text = [renderPlanMarkdown(given), table, renderProblemList(problems)].join("\n");
        const { rest } = readFences(text.replace("**Apply: 1 applied.**", ""));
        expect(rest.map(findMarkup).filter((markup) => markup !== "")).toEqual([]);
      }),
    );
  });

  it("opens and closes nothing but what we open and close", () => {
    fc.assert(
      fc.property(plan, (given) => {
        const { rest } = readFences(renderPlanMarkdown(given));
        const opened = rest.filter((line) => line === "<details>");
        const closed = rest.filter((line) => line === "</details>");
        const rows = rest.filter((line) => line.startsWith("| ") && !line.startsWith("| change"));
        expect([opened.length, closed.length, rows.length]).toEqual(
          Array.from({ length: 3 }, () => given.changes.length),
        );
      }),
    );
  });

  it("has no marks that hide or reorder it, and starts no command when it is printed", () => {
    fc.assert(
      fc.property(plan, fc.array(row), (given, rows) => {
        const text = renderPlanMarkdown(given) + renderRowsMarkdown("R", "S", rows, given.problems);
        expect(findRawMarks(text)).toEqual([]);
        expect(text.split("\n").filter(isCommand)).toEqual([]);
      }),
    );
  });
});

describe("hostile text in workflow commands", () => {
  it("cannot start another command, a property or a line", () => {
    fc.assert(
      fc.property(fc.array(hostileProblem), (problems) => {
        const lines = renderGithub(problems).split("\n").slice(0, -1);
        expect(lines).toHaveLength(problems.length);
        for (const line of lines) {
          const [, command, properties = ""] = /^::(\w+) ([^:]*)::/.exec(line) ?? [];
          expect(["error", "warning", "notice"]).toContain(command);
          const names = properties.split(",").map((property) => property.split("=")[0]);
          expect([["title"], ["file", "line", "col", "title"]]).toContainEqual(names);
          expect(line.replaceAll(/%(?:25|3A|2C)/g, "")).not.toContain("%");
        }
        expect(findRawMarks(lines.join(""))).toEqual([]);
      }),
    );
  });

  it("comes out as it went in once the runner has read it", () => {
    fc.assert(
      fc.property(hostileText, (message) => {
        const line = renderGithub([{ severity: "error", code: "x", message }]);
        expect(line.slice("::error title=x::".length, -1).replaceAll("%25", "%")).toBe(
          toPrintableLine(message),
        );
      }),
    );
  });
});

describe("hostile text in JSON", () => {
  it("is the same once parsed, and shows no marks and no commands before", () => {
    fc.assert(
      fc.property(plan, (given) => {
        const shown = [
          renderPlanJson(given),
          renderReportJson("plan", { plan: given }, given.problems),
          renderSarif(given.problems, "1"),
        ];
        expect(JSON.parse(renderPlanJson(given))).toEqual(JSON.parse(JSON.stringify(given)));
        for (const text of shown) {
          expect(findRawMarks(text)).toEqual([]);
          expect(text.split("\n").filter(isCommand)).toEqual([]);
        }
      }),
    );
  });

  it("uses JSON's own escapes", () => {
    expect(toPrintableJson(["\u202E", "\u{E0041}", "\u009B", "##[error]"])).toBe(
      '[\n  "\\u202e",\n  "\\udb40\\udc41",\n  "\\u009b",\n  "##\\u005berror]"\n]',
    );
  });
});

describe("printable text", () => {
  it("is its own printable form", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(toPrintable(toPrintable(text))).toBe(toPrintable(text));
        expect(toPrintableLine(toPrintable(text))).toBe(toPrintableLine(text));
      }),
    );
  });

  it.each([
    ["\u001B[31mred", "\\u{1b}[31mred"],
    ["a\rb", "a\\u{d}b"],
    ["a\tb\nc", "a\tb\nc"],
    ["\u202Eevil\u2066", "\\u{202e}evil\\u{2066}"],
    ["x\u200By\uFEFF", "x\\u{200b}y\\u{feff}"],
    ["\u{E0041}", "\\u{e0041}"],
    ["\uFFF9", "\\u{fff9}"],
    ["\uD800", "\\u{d800}"],
    ["::error::x", "\\u{3a}:error::x"],
    ["a\n  ::stop-commands::x", "a\n  \\u{3a}:stop-commands::x"],
    ["global::System", "global::System"],
    ["##[add-mask]e", "##\\u{5b}add-mask]e"],
    ["##vso[task]", "##vso\\u{5b}task]"],
    ["## [link]", "## [link]"],
    ["Grüße, 日本語 😀", "Grüße, 日本語 😀"],
  ])("of %j is %j", (text, shown) => {
    expect(toPrintable(text)).toBe(shown);
  });

  it("in one line shows line ends as escapes and tabs as blanks", () => {
    expect(toPrintableLine("a\r\nb\tc")).toBe("a\\u{d}\\nb c");
  });

  it("takes linear time on a mebibyte of blanks and of empty lines", () => {
    const blanks = " ".repeat(1024 * 1024);
    expect(toPrintable(blanks) === blanks).toBe(true);
    expect(toPrintable("\n".repeat(1024 * 1024))).toHaveLength(1024 * 1024);
  });
});
