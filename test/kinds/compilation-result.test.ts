import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstError, parseCompilationResult, type Diagnostic } from "../../src/kinds/compile.ts";
import { hostileText, json } from "../support/worlds/arbitraries.ts";

const LETTERS = { error: "E", warning: "W", info: "I", hidden: "H" } as const;

const words = fc.stringMatching(/^[a-z'()]{1,8}( [a-z'()]{1,8}){0,3}$/);
const diagnostic: fc.Arbitrary<Diagnostic> = fc.record({
  severity: fc.constantFrom("error", "warning", "info", "hidden"),
  start: fc.nat(5_000),
  end: fc.nat(5_000),
  message: words.map((text) => `CS0103: ${text}`),
});

/** As the PBX writes it: spans from 1, the letter behind, the message on lines of its own. */
function write({ severity, start, end, message }: Diagnostic, newline: string): string {
  const [code = "", text = ""] = message.split(": ");
  return `:[${start + 1}..${end + 1})${LETTERS[severity]}:${code}:${newline}${text}`;
}

describe("a compilation result", () => {
  it("gives back every message with its span, whatever ends its lines", () => {
    const newline = fc.constantFrom("\n", "\r\n", "\r");
    fc.assert(
      fc.property(fc.array(diagnostic, { maxLength: 5 }), newline, (diagnostics, end) => {
        const text = diagnostics.map((one) => write(one, end)).join(end);
        expect(parseCompilationResult(text)).toEqual(diagnostics);
      }),
    );
  });

  it.each([
    ["a letter", ":[8..11)E:CS0103: no such name", "error", "CS0103: no such name"],
    ["a letter in lower case", ":[8..11)w:CS0105: twice", "warning", "CS0105: twice"],
    ["a letter alone", ":[8..11)H", "hidden", ""],
    ["no colon in front", "[8..11)I:CS1: hint", "info", "CS1: hint"],
    ["a word behind the code", ":[8..11):CS8019:Hidden", "hidden", "CS8019:Hidden"],
    [
      "a word in front of the code",
      ":[8..11):warning CS0105: twice",
      "warning",
      "warning CS0105: twice",
    ],
    ["a word without a colon", ":[8..11)error CS0103: name", "error", "error CS0103: name"],
    ["an unknown letter", ":[8..11)X:odd", "error", "odd"],
    ["neither letter nor word", ":[8..11):I would not do that", "error", "I would not do that"],
    ["nothing at all", ":[8..11)", "error", ""],
  ])("with %s is read", (_, text, severity, message) => {
    expect(parseCompilationResult(text)).toEqual([{ severity, start: 7, end: 10, message }]);
  });

  it("takes the lines that follow a span as its message, empty ones left out", () => {
    const text = "Compiling\n:[1..2)E:CS1:\n first \n\nsecond\n:[3..4)W:\nthird";
    expect(parseCompilationResult(text)).toEqual([
      { severity: "error", start: 0, end: 1, message: "CS1: first second" },
      { severity: "warning", start: 2, end: 3, message: "third" },
    ]);
  });

  it("counts from 1, and takes a 0 for the start as well", () => {
    expect(parseCompilationResult(":[0..0)E:x")).toMatchObject([{ start: 0, end: 0 }]);
    expect(parseCompilationResult(":[1..1)E:x")).toMatchObject([{ start: 0, end: 0 }]);
  });

  it.each(["", "\n", "Build succeeded.", "[a..b)E:x", ":[1-2)E:x", "note :[1..2)E:x"])(
    "has nothing in %j",
    (text) => {
      expect(parseCompilationResult(text)).toEqual([]);
    },
  );

  it("of any text whatever has messages in one line, with a severity and a span", () => {
    const head = fc.tuple(fc.bigInt(0n, 10n ** 30n), fc.nat(), hostileText);
    const garbage = fc
      .array(
        fc.oneof(
          hostileText,
          head.map(([start, end, rest]) => `:[${start}..${end})${rest}`),
        ),
      )
      .map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(garbage, (text) => {
        for (const { severity, start, end, message } of parseCompilationResult(text)) {
          expect(Object.keys(LETTERS)).toContain(severity);
          expect(Math.min(start, end)).toBeGreaterThanOrEqual(0);
          expect(message).not.toMatch(/[\r\n]/);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("of a mebibyte in one line is read in linear time", () => {
    const text = `:[1..2)E:${"x ".repeat(512 * 1024)}`;
    expect(parseCompilationResult(text)).toHaveLength(1);
    expect(parseCompilationResult(`:[${"1".repeat(1024 * 1024)}`)).toEqual([]);
  });
});

describe("the first error of a result", () => {
  it.each([
    [":[1..2)W:CS1: warned\n:[3..4)E:CS2: broken\n:[5..6)E:CS3: too", "CS2: broken"],
    [":[1..2)E:\n:[3..4)E:CS2: broken", "CS2: broken"],
    [":[1..2)W:CS1: warned", undefined],
    ["  Compiler crashed\r\n  at Main", "Compiler crashed"],
    ["", undefined],
    [" \r\n ", undefined],
    [null, undefined],
    [undefined, undefined],
  ])("of %j is %j", (result, error) => {
    expect(firstError(result)).toBe(error);
  });

  it("is one line or none, of any value whatever", () => {
    fc.assert(
      fc.property(fc.oneof(json, hostileText), (result) => {
        expect(firstError(result) ?? "none").toMatch(/^[^\r\n]+$/);
      }),
    );
  });
});
