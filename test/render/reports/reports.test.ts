import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderPlanJson, renderReportJson } from "../../../src/render/plan/json.ts";
import { paintNothing } from "../../../src/render/paint.ts";
import { countProblems, renderProblems } from "../../../src/render/problems/text.ts";
import {
  countStates,
  renderRows,
  renderRowsMarkdown,
  type Row,
} from "../../../src/render/reports/results.ts";
import { hostileText, json, problem } from "../../support/worlds/arbitraries.ts";
import { FULL, paintTags, PLAN_MEMBERS, PROBLEMS, SPLIT } from "../../support/render/samples.ts";

const ROWS: readonly Row[] = [
  { kind: "CallFlowApp", key: "806", title: "afterhours", state: "applied", note: "" },
  { kind: "CallFlowApp", key: "807", state: "refused", note: "the old script still runs" },
  { kind: "Widget", key: "a", title: "x", state: "odd", note: "" },
];

describe("a plan as JSON", () => {
  it("parses to the very plan", () => {
    for (const plan of [FULL, SPLIT]) expect(JSON.parse(renderPlanJson(plan))).toEqual(plan);
  });

  it("keeps its members in one order, the version first", () => {
    expect(Object.keys(JSON.parse(renderPlanJson(SPLIT)))).toEqual([...PLAN_MEMBERS, "base"]);
    expect(renderPlanJson(FULL)).toMatch(/^\{\n {2}"formatVersion": 1,\n[^]*\n\}\n$/);
  });
});

describe("a report as JSON", () => {
  it("has a version, the command, its own members and the problems", () => {
    expect(renderReportJson("status", { statuses: [] }, PROBLEMS.slice(3))).toMatchInlineSnapshot(`
      "{
        "formatVersion": 1,
        "command": "status",
        "statuses": [],
        "problems": [
          {
            "severity": "error",
            "code": "guard-max-deletes",
            "message": "the plan deletes 3",
            "hint": "allow it"
          }
        ]
      }
      "
    `);
  });

  it("parses to what was put in, whatever it is", () => {
    const member = fc.oneof(json, hostileText);
    fc.assert(
      fc.property(member, fc.array(problem), (value, problems) => {
        const report: unknown = JSON.parse(renderReportJson("x", { value }, problems));
        const plain: unknown = JSON.parse(JSON.stringify({ value, problems }));
        expect(report).toEqual(Object.assign({ formatVersion: 1, command: "x" }, plain));
      }),
    );
  });
});

describe("problems on a terminal", () => {
  it("have a line each with place, severity, code and words, and the advice below", () => {
    expect(renderProblems(PROBLEMS, paintNothing)).toMatchInlineSnapshot(`
      "apps/menu.cs:12:5 error script-refused CS0103: The name 'x' does not exist
      apps/806.yaml:7:3 warning trunk-unused a trunk is named
        hint: set routingType: Trunk, or remove the trunk
      CallFlowApp 806 info script-refused-state the old one still runs
      error guard-max-deletes the plan deletes 3
        hint: allow it
      "
    `);
  });

  it("are painted by severity", () => {
    expect(renderProblems(PROBLEMS.slice(1, 3), paintTags)).toMatchInlineSnapshot(`
      "apps/806.yaml:7:3 <yellow>warning</yellow> trunk-unused a trunk is named
        <dim>hint: set routingType: Trunk, or remove the trunk</dim>
      CallFlowApp 806 <cyan>info</cyan> script-refused-state the old one still runs
      "
    `);
  });

  it("are nothing when there are none", () => {
    expect(renderProblems([], paintNothing)).toBe("");
  });

  it("are counted by severity, in words", () => {
    expect(countProblems(PROBLEMS)).toBe("2 errors, 1 warning, 1 info");
    expect(countProblems(PROBLEMS.slice(0, 1))).toBe("1 error");
    expect(countProblems([...PROBLEMS.slice(1, 3), ...PROBLEMS.slice(1, 3)])).toBe(
      "2 warnings, 2 info",
    );
    expect(countProblems([])).toBe("");
  });
});

describe("rows of results", () => {
  it("stand aligned under each other", () => {
    expect(renderRows(ROWS, paintNothing)).toMatchInlineSnapshot(`
      "  applied  CallFlowApp 806 "afterhours"
        refused  CallFlowApp 807  the old script still runs
        odd      Widget a "x"
      "
    `);
  });

  it("are painted by how they ended", () => {
    expect(renderRows(ROWS, paintTags)).toMatchInlineSnapshot(`
      "  <green>applied</green>  CallFlowApp 806 "afterhours"
        <red>refused</red>  CallFlowApp 807  <dim>the old script still runs</dim>
        <bold>odd    </bold>  Widget a "x"
      "
    `);
  });

  it("are a table in Markdown, with the problems below", () => {
    const shown = renderRowsMarkdown("Result", "Apply: 1 applied.", ROWS, PROBLEMS.slice(0, 1));
    expect(shown).toMatchInlineSnapshot(`
      "## Result

      **Apply: 1 applied.**

      | state | resource | name | note |
      |---|---|---|---|
      | applied | CallFlowApp 806 | afterhours |  |
      | refused | CallFlowApp 807 |  | the old script still runs |
      | odd | Widget a | x |  |

      - **error** \`apps/menu.cs:12:5\` \`script-refused\` CS0103: The name 'x' does not exist
      "
    `);
  });

  it("have no table and no list where there is nothing", () => {
    expect(renderRowsMarkdown("Result", "None.", [], [])).toBe("## Result\n\n**None.**\n");
    expect(renderRows([], paintNothing)).toBe("");
  });

  it("are counted in the order asked for, without what did not occur", () => {
    expect(countStates(ROWS, ["refused", "skipped", "applied"])).toBe("1 refused, 1 applied");
    expect(countStates([], ["applied"])).toBe("");
  });
});
