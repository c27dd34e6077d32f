import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasChanges } from "../../src/domain/plan/plan.ts";
import type { Entity } from "../../src/domain/ports.ts";
import { scriptText } from "../support/worlds/arbitraries.ts";
import { bindGroups, createPullBench } from "../support/project/pull-bench.ts";
import { codePoint } from "../support/worlds/text.ts";

const RUNS = { numRuns: 50 };

/** Words that YAML, file systems, shells or our own references make something else of. */
const oddWord = fc.constantFrom(
  "no",
  "Yes",
  "~",
  "null",
  "1e3",
  "0x7f",
  "007",
  "2026-01-01",
  "- a",
  "a: b",
  "a #b",
  "#",
  "'it''s'",
  '"quoted"',
  "[x]",
  "{y}",
  "*alias",
  "&anchor",
  "!tag",
  "|",
  ">",
  "%x",
  "@x",
  "`x`",
  "a\\b",
  "../up",
  "a/b",
  "CON",
  "nul.txt",
  ".hidden",
  "Ünïcödé",
  "日本 🌙",
  "e\u0301",
  "\uFEFFbom",
  "a\u2028b",
  "a\u0085b",
  "tab\tin",
  "${var:TEAM}",
  "$${secret:KEY}",
  "${Secret:key}",
  "${env:HOME}",
  "${{ secrets.X }}",
  "$",
  "x".repeat(200),
  "afterhours",
  "AfterHours",
  "after hours",
);

const name = fc
  .tuple(
    fc.constantFrom("", " ", "\t"),
    fc.oneof(
      oddWord,
      fc.string({ unit: codePoint, minLength: 1, maxLength: 12 }),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
    ),
    fc.constantFrom("", "  "),
  )
  .map((parts) => parts.join(""))
  .filter((text) => /\S/.test(text.replaceAll("\r", "").trim()));

const lines = fc.oneof(
  scriptText,
  fc
    .array(
      fc.oneof(
        oddWord,
        fc.constantFrom(
          "class A {}",
          "  ",
          "",
          'var a = $"{x}";',
          'var k = "${secret:KEY}";',
          'Play("$${var:GREETING}");',
          "s3cr3t-of-mine",
          "--- a",
        ),
      ),
      { maxLength: 8 },
    )
    .chain((parts) => fc.constantFrom("\n", "\r\n", "\r").map((end) => parts.join(end))),
);

const app = fc.record({
  Name: name,
  RoutingType: fc.constantFrom("DialCode", "Forward", "Trunk", null),
  TranscriptionMode: fc.constantFrom("Nothing", "Both", "Inherit", null),
  ScriptCode: fc.option(lines, { freq: 6 }),
  Groups: fc
    .uniqueArray(fc.tuple(name, fc.constantFrom("users", "managers", "system_owners")), {
      selector: ([text]) => text,
      maxLength: 4,
    })
    .map(bindGroups),
  Trunk: fc.option(name.map((number) => ({ Id: 7, Number: number }))),
});

const number = fc.stringMatching(/^#?[0-9A-Za-z*]{1,4}$/);

const world: fc.Arbitrary<readonly Entity[]> = fc
  .uniqueArray(fc.tuple(number, app), { selector: ([key]) => key, maxLength: 6 })
  .map((apps) => apps.map(([key, fields]) => ({ Number: key, ...fields })));

const LEFT: ReadonlySet<string> = new Set(["pull-blank", "pull-left-out"]);

describe("pulling from any PBX", () => {
  it("leaves nothing to plan, and nothing to pull again", async () => {
    const law = async (apps: readonly Entity[]): Promise<void> => {
      const bench = createPullBench(apps);
      const report = await bench.pull();
      expect(report.problems.filter(({ severity }) => severity === "error")).toEqual([]);
      const plan = await bench.planFiles();
      expect(plan.changes).toEqual([]);
      expect(plan.summary.unchanged).toBe(apps.length);
      const before = bench.files();
      const again = await bench.pull();
      expect(again.files).toEqual([]);
      expect(again.unchanged).toBe(apps.length);
      expect(bench.files()).toEqual(before);
      expect(Object.keys(before).filter((file) => file.includes("callform-"))).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(world, law), RUNS);
  });

  it("gives the same files whatever the order of the PBX's answer", async () => {
    const law = async (apps: readonly Entity[]): Promise<void> => {
      const [one, other] = [createPullBench(apps), createPullBench(apps.toReversed().map(turn))];
      await one.pull();
      await other.pull();
      expect(one.files()).toEqual(other.files());
    };
    await fc.assert(fc.asyncProperty(world, law), RUNS);
  });

  it("of one changed app touches the files of that app alone", async () => {
    const law = async (apps: readonly Entity[], change: Entity): Promise<void> => {
      fc.pre(apps.length > 0);
      const bench = createPullBench(apps);
      await bench.pull();
      const before = bench.files();
      const key = JSON.stringify(apps[0]?.["Number"]).slice(1, -1);
      bench.edit(key, change);
      const report = await bench.pull({ force: true });
      for (const { resources } of report.files)
        expect(resources).toEqual([{ kind: "CallFlowApp", key }]);
      const after = bench.files();
      const touched = Object.keys(after).filter((file) => after[file] !== before[file]);
      expect(touched).toEqual(report.files.map(({ file }) => file).toSorted());
      // What no file can say stays as it was there, and a plan shows it.
      const left = report.problems.some(({ code }) => LEFT.has(code));
      const unmanaged = Object.keys(change).filter((field) => isAbsent(apps[0]?.[field]));
      if (!left && unmanaged.length === 0) expect(hasChanges(await bench.planFiles())).toBe(false);
      expect(await bench.pull({ force: true })).toMatchObject({ files: [] });
    };
    await fc.assert(fc.asyncProperty(world, app, law), RUNS);
  });
});

/** What is not there is not in the manifest, and so not managed. */
function isAbsent(value: unknown): boolean {
  return (
    value === null || value === undefined || (typeof value === "string" && value.trim() === "")
  );
}

function turn(row: Entity): Entity {
  const groups = row["Groups"];
  return { ...row, Groups: Array.isArray(groups) ? groups.toReversed() : null };
}
