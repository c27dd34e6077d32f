import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import type { Json } from "../../../src/domain/json.ts";
import type { SourceSpan } from "../../../src/domain/problem.ts";
import type { RenderedManifest, RenderedValue } from "../../../src/domain/rendition.ts";
import { renderManifestsJson, renderManifestsYaml } from "../../../src/render/reports/manifests.ts";
import { hostileText, json } from "../../support/worlds/arbitraries.ts";

const AT: SourceSpan = { file: "apps/a.yaml", line: 7, column: 3 };

function rendered(value: Json, more: Partial<RenderedValue> = {}): RenderedValue {
  const base = { at: AT, overlay: false, references: [], ...more };
  if (Array.isArray(value)) return { ...base, content: value.map((item) => rendered(item, more)) };
  if (value === null || typeof value !== "object") return { ...base, content: value };
  return {
    ...base,
    content: new Map(Object.entries(value).map(([key, item]) => [key, rendered(item, more)])),
  };
}

function manifest(document: RenderedValue): RenderedManifest {
  return { kind: "CallFlowApp", key: "806", labels: {}, document };
}

function write(value: RenderedValue, target: string | undefined = "production"): string {
  return renderManifestsYaml({ target, manifests: [manifest(value)], problems: [] });
}

/** The lines of the one document. */
function linesOf(value: RenderedValue, target?: string): string[] {
  return write(value, target).split("\n").slice(2, -1);
}

describe("manifests as YAML", () => {
  it("have the place of each value as a comment in its line", () => {
    expect(linesOf(rendered({ a: "x", b: [1, { c: true, d: null }], e: { f: "no" } }))).toEqual([
      "a: x # apps/a.yaml:7",
      "b:",
      "  - 1 # apps/a.yaml:7",
      "  - c: true # apps/a.yaml:7",
      "    d: null # apps/a.yaml:7",
      "e:",
      "  f: no # apps/a.yaml:7",
    ]);
  });

  it("have it behind what is empty, and at the head of a text of several lines", () => {
    expect(linesOf(rendered({ a: [], b: {}, c: "", d: "one\n  two\n", e: "x\n\ny" }))).toEqual([
      "a: [] # apps/a.yaml:7",
      "b: {} # apps/a.yaml:7",
      'c: "" # apps/a.yaml:7',
      "d: | # apps/a.yaml:7",
      "  one",
      "    two",
      "e: |- # apps/a.yaml:7",
      "  x",
      "",
      "  y",
    ]);
  });

  it("say what an overlay gave, and which references were replaced for which target", () => {
    const more = { overlay: true, references: ["${var:A}", "${env:B}"] };
    expect(linesOf(rendered({ a: "x" }, more))).toEqual([
      "a: x # apps/a.yaml:7 (overlay), ${var:A}, ${env:B} of target production",
    ]);
    const text = renderManifestsYaml({
      target: undefined,
      manifests: [manifest(rendered({ a: "x" }, { references: ["${var:A}"] }))],
      problems: [],
    });
    expect(text).toContain("a: x # apps/a.yaml:7, ${var:A}\n");
  });

  it("keep the place in one line, whatever the file is called", () => {
    const at = { ...AT, file: "a\nb: c\u001B.yaml" };
    expect(linesOf(rendered({ x: 1 }, { at }))).toEqual([String.raw`x: 1 # a\nb: c\u{1b}.yaml:7`]);
  });

  it("keep a long line whole", () => {
    const long = "word ".repeat(60).trim();
    expect(linesOf(rendered({ a: long }))).toEqual([`a: ${long} # apps/a.yaml:7`]);
  });

  it("start with how many there are", () => {
    const all = { target: "x", problems: [] };
    expect(renderManifestsYaml({ ...all, manifests: [] })).toMatch(/^# 0 manifests on target x\./);
    const two = [manifest(rendered({ a: 1 })), manifest(rendered({ a: 2 }))];
    const text = renderManifestsYaml({ ...all, manifests: two });
    expect(text).toMatch(/^# 2 manifests/);
    expect(text.match(/^---$/gm)).toHaveLength(2);
  });

  it("read as the values that they are of, whatever those and the names of files are", () => {
    const hostileAt = hostileText.map((file) => ({ ...AT, file }));
    const documents = fc.dictionary(hostileText.filter(isKey), fc.oneof(json, hostileText), {
      maxKeys: 5,
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(documents, hostileAt, hostileText, (document, at, reference) => {
        const more = { at, references: [reference] };
        const [read] = parseAllDocuments(write(rendered(document, more)), { uniqueKeys: false });
        expect(read && "errors" in read ? read.errors : "none").toEqual([]);
        const back = read && "toJS" in read ? (read.toJS() as unknown) : undefined;
        // A lone surrogate has no UTF-8 form, and -0 is 0.
        expect(JSON.stringify(back)).toBe(JSON.stringify(document));
      }),
      { numRuns: 400 },
    );
  });

  it("show nothing that hides or reorders text, or starts a command of a CI runner", () => {
    const documents = fc.dictionary(hostileText.filter(isKey), hostileText, {
      minKeys: 1,
      maxKeys: 3,
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(documents, hostileText, (document, file) => {
        const text = write(rendered(document, { at: { ...AT, file } }));
        expect(text).not.toMatch(
          /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u,
        );
        expect(text).not.toMatch(/^[^\S\n]*::|##\w*\[/m);
      }),
      { numRuns: 400 },
    );
  });
});

/** Keys that JavaScript keeps as they are and in their order. */
function isKey(text: string): boolean {
  return text !== "" && text !== "__proto__" && !/^\d+$/.test(text);
}

describe("manifests as JSON", () => {
  it("have the place of each value under its pointer", () => {
    const report: unknown = JSON.parse(
      renderManifestsJson({
        target: undefined,
        manifests: [manifest(rendered({ "a/b~": [{ c: 1 }], d: [] }))],
        problems: [],
      }),
    );
    const origin = { at: AT, overlay: false, references: [] };
    expect(report).toEqual({
      formatVersion: 1,
      command: "render",
      target: null,
      manifests: [
        {
          manifest: { "a/b~": [{ c: 1 }], d: [] },
          origins: { "/a~1b~0/0/c": origin, "/d": origin },
        },
      ],
      problems: [],
    });
  });
});
