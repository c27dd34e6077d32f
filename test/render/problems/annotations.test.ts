import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderGithub } from "../../../src/render/problems/github.ts";
import { renderSarif } from "../../../src/render/problems/sarif.ts";
import { problem } from "../../support/worlds/arbitraries.ts";
import { PROBLEMS } from "../../support/render/samples.ts";

const AT = { file: "apps/a.yaml", line: 3, column: 5 };

describe("problems as workflow commands", () => {
  it("have a line each, with place, title and words", () => {
    expect(renderGithub(PROBLEMS)).toMatchInlineSnapshot(`
      "::error file=apps/menu.cs,line=12,col=5,title=script-refused::CS0103: The name 'x' does not exist
      ::warning file=apps/806.yaml,line=7,col=3,title=trunk-unused::a trunk is named (set routingType: Trunk, or remove the trunk)
      ::notice title=script-refused-state::the old one still runs
      ::error title=guard-max-deletes::the plan deletes 3 (allow it)
      "
    `);
  });

  it("keep signs of the command language apart", () => {
    const at = { ...AT, file: "a,b:c%d.yaml" };
    const message = "100 % of a:b,c\r\nnext";
    expect(renderGithub([{ severity: "error", code: "x", message, at }])).toBe(
      "::error file=a%2Cb%3Ac%25d.yaml,line=3,col=5,title=x::100 %25 of a:b,c\\u{d}\\nnext\n",
    );
  });

  it("are as many lines as problems, and none without", () => {
    fc.assert(
      fc.property(fc.array(problem), (problems) => {
        const lines = renderGithub(problems).split("\n");
        expect(lines).toHaveLength(problems.length + 1);
        expect(lines.at(-1)).toBe("");
      }),
    );
  });
});

function readLog(...args: Parameters<typeof renderSarif>): Record<string, unknown> {
  return JSON.parse(renderSarif(...args));
}

describe("problems as SARIF", () => {
  it("are a log of one run, with rules, levels and places", () => {
    expect(renderSarif(PROBLEMS.slice(0, 3), "1.2.3")).toMatchInlineSnapshot(`
      "{
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
          {
            "tool": {
              "driver": {
                "name": "callform",
                "version": "1.2.3",
                "rules": [
                  {
                    "id": "script-refused"
                  },
                  {
                    "id": "script-refused-state"
                  },
                  {
                    "id": "trunk-unused"
                  }
                ]
              }
            },
            "columnKind": "utf16CodeUnits",
            "results": [
              {
                "ruleId": "script-refused",
                "level": "error",
                "message": {
                  "text": "CS0103: The name 'x' does not exist"
                },
                "locations": [
                  {
                    "physicalLocation": {
                      "artifactLocation": {
                        "uri": "apps/menu.cs"
                      },
                      "region": {
                        "startLine": 12,
                        "startColumn": 5
                      }
                    }
                  }
                ]
              },
              {
                "ruleId": "trunk-unused",
                "level": "warning",
                "message": {
                  "text": "a trunk is named. set routingType: Trunk, or remove the trunk"
                },
                "locations": [
                  {
                    "physicalLocation": {
                      "artifactLocation": {
                        "uri": "apps/806.yaml"
                      },
                      "region": {
                        "startLine": 7,
                        "startColumn": 3
                      }
                    }
                  }
                ]
              },
              {
                "ruleId": "script-refused-state",
                "level": "note",
                "message": {
                  "text": "the old one still runs"
                }
              }
            ]
          }
        ]
      }
      "
    `);
  });

  it("name each rule once, in order, and only those of the results", () => {
    fc.assert(
      fc.property(fc.array(problem), (problems) => {
        const codes = [...new Set(problems.map(({ code }) => code))].toSorted();
        expect(readLog(problems, "1")).toMatchObject({
          version: "2.1.0",
          runs: [
            {
              tool: { driver: { rules: codes.map((id) => ({ id })) } },
              results: problems.map(({ code }) => ({ ruleId: code })),
            },
          ],
        });
      }),
    );
  });

  it.each([
    ["apps/after hours.yaml", "apps/after%20hours.yaml"],
    ["apps/a#1?.yaml", "apps/a%231%3F.yaml"],
    ["apps/50%.yaml", "apps/50%25.yaml"],
    ["apps/büro.yaml", "apps/b%C3%BCro.yaml"],
    ["c:d.yaml", "c%3Ad.yaml"],
    ["\uD800.yaml", "%EF%BF%BD.yaml"],
  ])("write the file %j as the address %s", (file, uri) => {
    const problems = [{ severity: "error", code: "x", message: "m", at: { ...AT, file } }] as const;
    expect(readLog(problems, "1")).toMatchObject({
      runs: [{ results: [{ locations: [{ physicalLocation: { artifactLocation: { uri } } }] }] }],
    });
  });

  it("are an empty log when there are none", () => {
    expect(readLog([], "1")).toMatchObject({
      runs: [{ results: [], tool: { driver: { rules: [] } } }],
    });
  });
});
