import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { isEmptyDocument } from "../../../src/manifest/document/read.ts";
import { MAX_DEPTH, parseYaml, spanOffsets } from "../../../src/manifest/yaml/parse.ts";

const read = (text: string) => parseYaml(text, "a.yaml");

describe("the documents of a file", () => {
  test("are as many as are written, each at its own place", () => {
    const piece = fc.constantFrom("a: 1\n", "- x\n", "text\n", "# only a comment\n", "");
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), (pieces) => {
        const text = pieces.map((part) => `---\n${part}`).join("");
        const { documents, problems } = read(text);
        expect(problems).toEqual([]);
        const filled = pieces.filter((part) => part !== "" && !part.startsWith("#"));
        expect(documents.filter((document) => !isEmptyDocument(document))).toHaveLength(
          filled.length,
        );
        const offsets = documents.map(({ offset }) => offset);
        expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
      }),
    );
  });

  test("that are broken are said to be, and the others are not", () => {
    const { documents } = read("a: 1\n---\nb: [\n---\nc: 1\n");
    expect(documents.map(({ broken }) => broken)).toEqual([false, true, false]);
  });

  test("are the same after another file left its mark", () => {
    const text = "x: !!binary aGk=\ny: !!timestamp 2020-01-01\n";
    const first = read(text).problems;
    read("%YAML 1.1\n---\nx: !!omap [a: 1]\n");
    expect(read(text).problems).toEqual(first);
    expect(first).toHaveLength(2);
  });
});

describe("syntax problems", () => {
  test.each([
    ["a:\n\tb: 1\n", "2:1", "spaces, never with tabs"],
    ["a: 'x\n", "2:1", "a quote or bracket that is never closed"],
    ["a: x: y\n", "1:4", "in quotes if it has a colon"],
    ["a: `x`\n", "1:4", "special character in quotes"],
    ["a: { b: ${var:X} }\n", "1:10", "put a value with a reference in quotes"],
    ["a: [${secret:X}]\n", "1:6", "put a value with a reference in quotes"],
  ])("of %j stand at %s and say what to do", (text, place, hint) => {
    const [problem] = read(text).problems;
    expect(`${problem?.at?.line}:${problem?.at?.column}`).toBe(place);
    expect(problem?.hint).toContain(hint);
  });

  test("that only echo the first one are not told", () => {
    const { problems } = read("- a\nb: 1\nc: 2\nd: [1]\n");
    expect(problems.map(({ at }) => at?.line)).toEqual([2]);
  });

  test("do not start with a capital or end with a full stop", () => {
    for (const text of ["a: @\n", "a: 'x", "%X\n---\n", "a: !x y\n", "[", "}"]) {
      for (const { message } of read(text).problems) expect(message).toMatch(/^[^A-Z].*[^.]$/);
    }
  });
});

describe("limits", () => {
  test("are not reached by as many levels as are allowed", () => {
    const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
    expect(read(nested(MAX_DEPTH - 2)).problems).toEqual([]);
    expect(read(nested(MAX_DEPTH)).problems).toMatchObject([{ code: "too-complex" }]);
  });

  test("leave what came before them", () => {
    const { documents, problems } = read(`a: 1\n---\n${"[".repeat(1000)}`);
    expect(documents.filter(({ broken }) => !broken)).toHaveLength(1);
    expect(problems).toMatchObject([{ code: "too-complex", at: { line: 3 } }]);
  });
});

describe("a file that may hold references", () => {
  test.each([
    ["a: ${var:X}", true],
    ['a: "\\u0024{var:X}"', true],
    ["a: $var", false],
  ])("%j is one: %j", (text, expected) => {
    expect(read(text).mayReference).toBe(expected);
  });
});

describe("line ends", () => {
  test("of any kind leave every place where it was", () => {
    const lines = fc.array(fc.constantFrom("a: 1", "b:", "  - c", "# d", ""), { maxLength: 8 });
    fc.assert(
      fc.property(lines, fc.constantFrom("\r\n", "\r"), (parts, end) => {
        const unix = read(parts.join("\n"));
        const other = read(parts.join(end));
        expect(other.problems).toEqual(unix.problems);
        expect(other.lineStarts).toHaveLength(unix.lineStarts.length);
      }),
      { numRuns: 2000, examples: [[["a: 1", "", "# d", "  - c"], "\r\n"]] },
    );
  });

  test("count into the span of what goes over several of them", () => {
    const source = read("ab\r\ncd\n");
    expect(spanOffsets(source, 1, 5)).toEqual({
      file: "a.yaml",
      line: 1,
      column: 2,
      endLine: 2,
      endColumn: 2,
    });
  });
});
