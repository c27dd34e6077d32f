import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/domain/plan/plan.ts";
import { drawNumbers } from "../../../src/render/comment/number-picture.ts";
import { CREATE, DELETE, UPDATE } from "../../support/render/samples.ts";
import { codePoint } from "../../support/worlds/text.ts";

const LINE =
  /^(flowchart LR|  subgraph (create|update|delete)_group\["(New|Changed|Deleted)"\]|  end|    n\d+\["([A-Za-z0-9 ]|#\d+;)*"\]|    n\d+( ~~~ n\d+)+|  n\d+_was\["([A-Za-z0-9 ]|#\d+;)*"\] -->\|becomes\| n\d+|  more\["and \d+ more"\])$/;

function makeChanges(count: number): Change[] {
  return Array.from({ length: count }, (_, n) => ({ ...CREATE, key: `${1000 + n}` }));
}

describe("the picture of numbers", () => {
  it("groups what is new, changed and deleted", () => {
    expect(drawNumbers([CREATE, UPDATE, DELETE])).toBe(
      [
        "flowchart LR",
        '  subgraph create_group["New"]',
        '    n0["806 afterhours"]',
        "  end",
        '  subgraph update_group["Changed"]',
        '    n1["#42;39 lobby"]',
        "  end",
        '  subgraph delete_group["Deleted"]',
        '    n2["801 old"]',
        "  end",
      ].join("\n"),
    );
  });

  it("is none where nothing changes", () => {
    expect(drawNumbers([])).toBe("");
  });

  it("shows what a number was before", () => {
    expect(drawNumbers([{ ...CREATE, renumbers: "801" }])).toContain(
      '  n0_was["801"] -->|becomes| n0',
    );
  });

  it("sets five side by side", () => {
    const lines = drawNumbers(makeChanges(11)).split("\n");
    expect(lines.filter((line) => line.includes("~~~"))).toEqual([
      "    n0 ~~~ n1 ~~~ n2 ~~~ n3 ~~~ n4",
      "    n5 ~~~ n6 ~~~ n7 ~~~ n8 ~~~ n9",
    ]);
  });

  it("stops at thirty and counts the others", () => {
    const picture = drawNumbers(makeChanges(1000));
    expect(picture).toContain('more["and 970 more"]');
    expect(picture.match(/^ {4}n\d+\[/gm)).toHaveLength(30);
    expect(picture.length).toBeLessThan(4000);
  });

  it("has no text that can leave its label, whatever names are", () => {
    const name = fc.oneof(
      fc.string({ unit: codePoint }),
      fc.constantFrom(
        '"]\n  click n0 "javascript:alert(1)"',
        "```\n# heading",
        "<img src=x onerror=alert(1)>",
        "#quot;]",
        "end",
        "%%{init: {}}%%",
        "@octocat",
        "\u202Eevil",
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name, name), { minLength: 1, maxLength: 4 }), (names) => {
        const changes = names.map(([key, title, renumbers]) => ({
          ...CREATE,
          key,
          title,
          renumbers,
        }));
        for (const line of drawNumbers(changes).split("\n")) expect(line).toMatch(LINE);
      }),
    );
  });

  it("cuts a long name", () => {
    const picture = drawNumbers([{ ...CREATE, title: "x".repeat(500) }]);
    expect(picture).toContain(`n0["806 ${"x".repeat(36)}#8230;"]`);
  });
});
