import { describe, expect, it } from "vitest";
import { paintNothing } from "../../../src/render/paint.ts";
import { renderPlan } from "../../../src/render/plan/terminal.ts";
import { CREATE, FULL, makePlan, paintTags, SPLIT, UPDATE } from "../../support/render/samples.ts";

describe("a plan on a terminal", () => {
  it("shows every change with its place, its fields, and scripts as diffs", () => {
    expect(renderPlan(FULL, paintNothing)).toMatchInlineSnapshot(`
      "Target production https://pbx.example.com:5001

        + create CallFlowApp 806 "afterhours"  apps/806.yaml:4:11
            name        "afterhours"
            trunk       (none)
            groups      [{ name: "DEFAULT", role: "users" }]
            scriptCode  (2 lines)

        + create CallFlowApp 810 "afterhours"  (was 801)  apps/806.yaml:4:11

        ~ update CallFlowApp *39 "lobby"  apps/39.yaml:4:11
            routingType        "Forward" -> "Trunk"
            trunk              (none) -> { number: "10001" }
            transcriptionMode  changed (contains a secret, not shown)
            scriptCode  apps/lobby.cs:1:1
              @@ -1,2 +1,2 @@
               a
              -b
              +c

        - delete CallFlowApp 801 "old"
            name         "old"
            routingType  (contains a secret, not shown)

      This plan is partial: flags or paths left manifests out.

      No longer in Git and no longer managed, left alone because of prune: 901.

      Not in any manifest, left alone: 900.

      Plan: 2 to create, 1 to update, 1 to delete, 14 unchanged.
      "
    `);
  });

  it("shows what Git changed, drift and conflicts apart when there is a base", () => {
    expect(renderPlan(SPLIT, paintNothing)).toMatchInlineSnapshot(`
      "Target production https://pbx.example.com:5001

      Changed in Git

        ~ update CallFlowApp *39 "lobby"  apps/39.yaml:4:11
            name  "a" -> "b"

        - delete CallFlowApp 801 "old"
            name         "old"
            routingType  (contains a secret, not shown)

      Drift: changed on the PBX and not in Git; applying puts it back

        ~ update CallFlowApp *39 "lobby"  apps/39.yaml:4:11
            routingType  "Trunk" -> "Forward"

      Conflict: changed on both sides, differently; applying overwrites the PBX

        ~ update CallFlowApp *39 "lobby"  apps/39.yaml:4:11
            trunk  { number: "1" } -> (none)

      Plan: 0 to create, 1 to update, 1 to delete, 0 unchanged.
      "
    `);
  });

  it("says so when nothing changes", () => {
    expect(renderPlan(makePlan(), paintNothing)).toMatchInlineSnapshot(`
      "Target production https://pbx.example.com:5001

      No changes. The PBX is as the manifests say.

      Plan: 0 to create, 0 to update, 0 to delete, 14 unchanged.
      "
    `);
  });

  it("paints signs by what they do and lines of a diff by their side", () => {
    const plan = makePlan({ changes: [UPDATE, { ...CREATE, fields: [] }] });
    expect(renderPlan(plan, paintTags)).toMatchInlineSnapshot(`
      "<bold>Target production</bold> <dim>https://pbx.example.com:5001</dim>

        <yellow>~</yellow> update <bold>CallFlowApp *39 "lobby"</bold>  <dim>apps/39.yaml:4:11</dim>
            routingType        "Forward" -> "Trunk"
            trunk              (none) -> { number: "10001" }
            transcriptionMode  changed (contains a secret, not shown)
            scriptCode  <dim>apps/lobby.cs:1:1</dim>
      <cyan>        @@ -1,2 +1,2 @@</cyan>
               a
      <red>        -b</red>
      <green>        +c</green>

        <green>+</green> create <bold>CallFlowApp 806 "afterhours"</bold>  <dim>apps/806.yaml:4:11</dim>

      <bold>Plan: 0 to create, 0 to update, 0 to delete, 14 unchanged.</bold>
      "
    `);
  });

  it("ends in the summary line and a newline, whatever it holds", () => {
    for (const plan of [FULL, SPLIT, makePlan()]) {
      const lines = renderPlan(plan, paintNothing).split("\n");
      expect(lines.at(-1)).toBe("");
      expect(lines.at(-2)).toMatch(/^Plan: \d+ to create, .*unchanged\.$/);
    }
  });

  it("has the summary line that scripts may look for", () => {
    const summary = { create: 2, update: 1, delete: 0, unchanged: 14 };
    expect(renderPlan(makePlan({ summary }), paintNothing)).toContain(
      "\nPlan: 2 to create, 1 to update, 0 to delete, 14 unchanged.\n",
    );
  });

  it("names at most twenty of what it leaves alone", () => {
    const unmanaged = Array.from({ length: 23 }, (_, index) => ({
      kind: "CallFlowApp",
      key: String(700 + index),
    }));
    const shown = renderPlan(makePlan({ unmanaged }), paintNothing);
    expect(shown).toContain("Not in any manifest, left alone: 700, 701, ");
    expect(shown).toContain(", 719, and 3 more.\n");
    const twenty = renderPlan(makePlan({ unmanaged: unmanaged.slice(0, 20) }), paintNothing);
    expect(twenty).toContain(", 719.\n");
  });
});
