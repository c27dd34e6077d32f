import { applyPatch } from "diff";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalizeText } from "../../../src/domain/plan/canonical.ts";
import { diffResource } from "../../../src/domain/plan/diff.ts";
import { callFlowApp } from "../../../src/kinds/call-flow-app.ts";
import { line, makeDesired, makeLive, scriptText } from "../../support/worlds/arbitraries.ts";

/** The unified diff that a plan shows for a script. */
function diffScript(before: string | null, after: string): string | undefined {
  const desired = makeDesired(callFlowApp, "806", { scriptCode: after });
  const live = makeLive(callFlowApp, "806", { ScriptCode: before });
  return diffResource(callFlowApp, desired, live)[0]?.diff;
}

function endWithNewline(text: string): string {
  const body = canonicalizeText(text);
  return body === "" ? "" : `${body}\n`;
}

/** What a patch program makes of the old text; undefined where the plan has no diff. */
function patch(before: string, diff: string | undefined): string | false | undefined {
  return diff === undefined ? undefined : applyPatch(endWithNewline(before), diff);
}

/** What it must make of it. */
function expected(before: string, after: string): string | undefined {
  const [oldText, newText] = [endWithNewline(before), endWithNewline(after)];
  return oldText === newText ? undefined : newText;
}

function numberLines(prefix: string, count: number): string {
  return Array.from({ length: count }, (_, index) => `${prefix} ${index}`).join("\n");
}

describe("the diff of a script", () => {
  it("turns the old text into the new one", () => {
    fc.assert(
      fc.property(scriptText, scriptText, (before, after) => {
        expect(patch(before, diffScript(before, after))).toBe(expected(before, after));
      }),
    );
  });

  it("turns a text into one with some lines of it changed", () => {
    const edit = fc.record({
      at: fc.nat(60),
      remove: fc.nat(3),
      insert: fc.array(line, { maxLength: 3 }),
    });
    const texts = fc.array(line, { minLength: 20, maxLength: 60 });
    fc.assert(
      fc.property(texts, fc.array(edit, { maxLength: 4 }), (lines, edits) => {
        const edited = [...lines];
        for (const { at, remove, insert } of edits) edited.splice(at, remove, ...insert);
        const [before, after] = [lines.join("\n"), edited.join("\n")];
        expect(patch(before, diffScript(before, after))).toBe(expected(before, after));
      }),
    );
  });

  it("does not mind lines that look like parts of a diff", () => {
    const before = "-- a\n++ b\n@@ -1 +1 @@\nend";
    const after = "++ b\n-- a\n\\ No newline at end of file\nend";
    expect(patch(before, diffScript(before, after))).toBe(`${after}\n`);
  });

  it("does not mind whether a text ends with a newline", () => {
    expect(diffScript("a\nb", "a\nb\n")).toBeUndefined();
    expect(diffScript("a\nb", "a\nc\n\n")).toBe("@@ -1,2 +1,2 @@\n a\n-b\n+c");
  });

  it.each([null, "", "\r\n"])("against %j counts its lines from none", (nothing) => {
    expect(diffScript(nothing, "a\nb")).toBe("@@ -0,0 +1,2 @@\n+a\n+b");
    expect(patch("", diffScript(nothing, "a\nb"))).toBe("a\nb\n");
  });

  it("towards an empty script counts the lines that are left as none", () => {
    expect(diffScript("a\nb", " \n")).toBe("@@ -1,2 +0,0 @@\n-a\n-b");
    expect(patch("a\nb", diffScript("a\nb", " \n"))).toBe("");
  });

  it("shows three lines around each change and not the rest", () => {
    const before = numberLines("line", 40);
    const diff = diffScript(before, before.replace("line 20", "LINE 20")) ?? "";
    expect(diff.split("\n")[0]).toBe("@@ -18,7 +18,7 @@");
    expect(diff.split("\n")).toHaveLength(9);
  });

  it("replaces the whole where more than 4,000 lines differ, and is still a patch", () => {
    const before = `same\n${numberLines("old", 2100)}`;
    const after = `same\n${numberLines("new", 2200)}`;
    const diff = diffScript(before, after) ?? "";
    expect(diff.split("\n").slice(0, 2)).toEqual(["@@ -1,2101 +1,2201 @@", "-same"]);
    expect(patch(before, diff)).toBe(`${after}\n`);
    expect(diffScript("", numberLines("new", 4100))?.split("\n")[0]).toBe("@@ -0,0 +1,4100 @@");
  });
});
