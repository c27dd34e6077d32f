import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blankDirectives } from "../../src/script/directives.ts";
import { checkScript } from "../../src/script/check.ts";
import { bridgeGaps } from "../../src/script/grammar-gaps.ts";
import { wrapBody } from "./samples.ts";

/** The lines that are left, without blanks around them. */
function keep(text: string): string[] {
  return blankDirectives(text)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

describe("blanked directives", () => {
  it.each([
    ["#if A\na\n#endif\nb", ["a", "b"]],
    ["#if A\na\n#else\nb\n#endif", ["a"]],
    ["#if A\na\n#elif B\nb\n#elif C\nc\n#else\nd\n#endif", ["a"]],
    ["#if false\na\n#else\nb\n#endif", ["b"]],
    ["#if (false) // never\na\n#elif B\nb\n#else\nc\n#endif", ["b"]],
    ["#if false\na\n#endif", []],
    ["#if false\n#if A\na\n#else\nb\n#endif\n#else\nc\n#endif", ["c"]],
    ["#if A\n#if false\na\n#else\nb\n#endif\nc\n#else\nd\n#endif", ["b", "c"]],
    ["#if false\n#if false\na\n#else\nb\n#endif\nc\n#endif\nd", ["d"]],
    ["  #  region x\na\n\t#endregion", ["a"]],
    ["#pragma warning disable\n#nullable enable\na\n#define X", ["a"]],
    ["\uFEFF#define X\na", ["a"]],
    ["a # b\n// #if\nc", ["a # b", "// #if", "c"]],
  ])("of %j leave %j", (text, lines) => {
    expect(keep(text)).toEqual(lines);
  });

  it.each(["#if A\na", "a\n#endif", "#else\na", "#if A\n#if B\na\n#endif", "#endif\n#if A\na"])(
    "that do not pair up leave the text as it is (%j)",
    (text) => {
      expect(blankDirectives(text)).toBe(text);
    },
  );
});

describe("a bridged text", () => {
  it("has no variable in a slice pattern, and keeps ranges", () => {
    expect(bridgeGaps("x is [1, .. var rest]")).toBe("x is [1, ..         ]");
    expect(bridgeGaps("x is [.. var a, 2]; y[..3]; F(.. var); a.. var b;")).toBe(
      "x is [..      , 2]; y[..3]; F(.. var); a.. var b;",
    );
  });

  it("keeps its length and its line ends, whatever it says", () => {
    const lines = fc.array(
      fc.constantFrom(
        "#if A",
        "#if false",
        "#elif B",
        "#else",
        "#endif",
        "#region é",
        "a 😀",
        ".. var x]",
        "",
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(lines, fc.constantFrom("\n", "\r\n", "\r"), (parts, lineEnd) => {
        const text = parts.join(lineEnd);
        const bridged = bridgeGaps(text);
        expect(bridged).toHaveLength(text.length);
        expect(bridged.replace(/[^\r\n]/g, "")).toBe(text.replace(/[^\r\n]/g, ""));
      }),
    );
  });

  it("is bridged for good: doing it again changes nothing", () => {
    const lines = fc.array(fc.constantFrom("#if A", "#else", "#endif", "a;", "x is [.. var b]"));
    fc.assert(
      fc.property(lines, (parts) => {
        const once = bridgeGaps(parts.join("\n"));
        expect(bridgeGaps(once)).toBe(once);
      }),
    );
  });
});

describe("a word that is a keyword elsewhere", () => {
  const words = [
    "or",
    "and",
    "not",
    "with",
    "record",
    "file",
    "partial",
    "required",
    "async",
    "nint",
  ];
  const uses: readonly ((word: string) => string)[] = [
    (word) => `foreach (var ${word} in list) { Use(${word}); }`,
    (word) => `string ${word}; ${word} = "a"; var n = ${word}.Length + ${word}.Length;`,
    (word) => `var ${word} = 1; Use(${word}, 2); ${word}++; var t = ${word} - 1; return ${word};`,
    (word) => `var f = list.Where(${word} => ${word}.Ok).Select((${word}, i) => ${word} + i);`,
    (word) => `bool ${word} = true; var z = !${word} ? x ?? ${word} : $"{${word}}" == "a";`,
    (word) => `int ${word} = 1; if (${word} > 2 && ${word} <= 3 || ${word} == 4) return;`,
    (word) => `if (o is string ${word}) Use(${word}); if (Try(out var ${word})) return;`,
  ];

  it.each(words)("is a name where a name stands: %s", async (word) => {
    for (const use of uses) expect(await checkScript(wrapBody(use(word))), use(word)).toEqual([]);
  });

  it.each([
    "if (x is > 1 or < 3) return;",
    "if (x is not null and not 'a') return;",
    "var y = x with { A = 1 };",
    "if (x is 1 or -1 or [1, 2]) return;",
    "var q = x switch { 1 or 2 => 3, not null => 4, _ => 5 };",
    "if (a is (1 or 2) and not (3 or 4)) return;",
    "if (c is >= 'a' and <= 'z') return;",
  ])("stays one beside such a name: %s", async (statement) => {
    expect(await checkScript(wrapBody(`foreach (var or in list) { } ${statement}`))).toEqual([]);
  });

  it("does not hide a mistake", async () => {
    const findings = await checkScript(wrapBody("foreach (var or in list) { Use(or; }"));
    expect(findings).toHaveLength(1);
  });
});
