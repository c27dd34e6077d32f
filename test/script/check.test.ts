import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkScript, checkWith } from "../../src/script/check.ts";
import type { ScriptFinding } from "../../src/script/check.ts";
import { loadParser } from "../../src/script/parser.ts";
import type { Parse, Parsed } from "../../src/script/parser.ts";
import { SOUND, wrapBody, wrapMembers } from "./samples.ts";
import { codePoint } from "../support/worlds/text.ts";

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** The findings as `line:column message`, both counted from 1. */
function place(text: string, findings: readonly ScriptFinding[]): string[] {
  return findings.map(({ start, message }) => {
    const column = start - text.lastIndexOf("\n", start - 1);
    return `${lineAt(text, start)}:${column} ${message}`;
  });
}

/** The findings as text and offsets, the latter moved. */
function shift(findings: readonly ScriptFinding[], by: number): unknown[] {
  return findings.map(({ message, start, end }) => [message, start + by, end + by]);
}

async function checkBody(body: string): Promise<string[]> {
  const text = wrapBody(body);
  return place(text, await checkScript(text));
}

/** Every text that lacks one of the tokens the pattern matches, and where it was. */
function omitEach(text: string, pattern: RegExp): { readonly text: string; readonly at: number }[] {
  return [...text.matchAll(pattern)].map(({ index, 0: token }) => ({
    text: text.slice(0, index) + text.slice(index + token.length),
    at: index,
  }));
}

describe("a sound script", () => {
  it("has no findings", async () => {
    expect(await checkScript(SOUND)).toEqual([]);
  });

  it("has none with Windows line ends and a byte order mark either", async () => {
    expect(await checkScript(`\uFEFF${SOUND.replaceAll("\n", "\r\n")}`)).toEqual([]);
  });

  it.each([
    ["a file-scoped namespace", `namespace dummy;\n${wrapMembers("")}`],
    ["raw strings", wrapBody('var x = $$"""\n{"a": {{b}}, "c": "}"}\n""";')],
    ["verbatim strings", wrapBody('var p = @"c:\\x\\""y"; var q = $@"{p}\\z";')],
    ["collection expressions", wrapBody("int[] x = [1, 2, .. y];")],
    ["patterns", wrapBody("var y = x switch { >= 1 and <= 3 => 1, not null => 2, _ => 3 };")],
    ["a variable in a slice pattern", wrapBody("if (x is [1, .. var rest]) { }")],
    ["lambdas and LINQ", wrapBody("var q = from a in b where F(c => c > 1) select new { a };")],
    ["regions named at will", wrapBody("#region it's (mine\na();\n#endregion here")],
    ["a directive amid an argument list", wrapBody("F(a,\n#if X\nb\n#else\nc\n#endif\n);")],
    ["branches that share a brace", wrapBody("#if X\nif (a) {\n#else\nif (b) {\n#endif\nc(); }")],
    ["words in a branch never compiled", wrapBody("#if false\nit's (not code\n#endif\na();")],
    ["quotes in comments", wrapBody("// don't\n/* \" { ( */ a();")],
    ["braces in strings", wrapBody('a("}"); b($"{{{c}}}"); d(\'{\');')],
  ])("may have %s", async (_, text) => {
    expect(place(text, await checkScript(text))).toEqual([]);
  });
});

describe("a mistake", () => {
  it.each([
    ["a semicolon left out", "var a = 1\nvar b = 2;", ["5:10 expected ';'"]],
    ["a semicolon left out of a chain of calls", "a.B()\nc.D();", ["5:6 expected ';'"]],
    ["a bracket left open", "a.B(c(1);\nd();", ["5:9 expected ')'"]],
    ["a condition left open", "if (x { y(); }", ["5:6 expected ')'"]],
    ["a bracket too many", "a.B(1));", ["5:7 unexpected ')'"]],
    ["a brace too many", "if (a) { b(); } }\nc();", ["5:17 unexpected '}'"]],
    ["a string left open", 'a("b);\nc();', ["5:3 unclosed string: expected '\"' on this line"]],
    [
      "a string left open before another",
      'a("b);\nc("d");',
      ["5:3 unclosed string: expected '\"' on this line"],
    ],
    ["a hole in a string left open", 'a($"b {c");', ["5:9 expected '}'"]],
    ["a comment left open", "/* b\nc();", ["5:1 unclosed comment: expected '*/'"]],
    [
      "text in single quotes",
      "var a = 'bc';",
      ["5:9 'bc' is not one character; text stands in double quotes"],
    ],
    [
      "typographic quotes",
      "a(“b”);",
      ["5:3 '“' is a typographic quotation mark; C# knows only the straight ones"],
    ],
    ["a value left out", "var a = ;", ["5:9 expected an expression"]],
    ["a name left out", "a.B(c.);", ["5:7 expected a name after '.'"]],
    ["a comma too many", "a.B(1,, 2);", ["5:7 expected an expression"]],
  ])("such as %s is named where it is", async (_, body, expected) => {
    expect(await checkBody(body)).toEqual(expected);
  });

  it("such as a brace left out points at the brace that is never closed", async () => {
    const text = wrapBody("        if (a)\n        {\n            b();\n        c();");
    expect(place(text, await checkScript(text))).toEqual([
      "6:9 this '{' is never closed: expected '}'",
    ]);
  });

  it("is reported once for each brace left out at the end", async () => {
    const text = SOUND.replace(/\}\s*\}\s*$/, "");
    expect(place(text, await checkScript(text))).toEqual([
      "7:1 this '{' is never closed: expected '}'",
      "10:5 this '{' is never closed: expected '}'",
    ]);
  });

  it("does not hide the next one", async () => {
    expect(await checkBody('a.B("c);\nd.E(1;\nvar f = 2\ng();')).toEqual([
      "5:5 unclosed string: expected '\"' on this line",
      "6:6 expected ')'",
      "7:10 expected ';'",
    ]);
  });

  it("of which there are many gives at most twenty findings", async () => {
    expect(await checkBody("var a = 1\n".repeat(60))).toHaveLength(20);
  });

  it("in a text that is not C# at all gives one finding", async () => {
    const findings = await checkScript("def start():\n    return 1\n");
    expect(findings.map(({ code }) => code)).toEqual(["script-class-missing"]);
  });

  it.each([
    ["semicolon", /;/g],
    ["closing bracket", /\)/g],
  ])("made by leaving out any one %s gives one finding, at most a line away", async (_, token) => {
    for (const { text, at } of omitEach(SOUND, token)) {
      const findings = await checkScript(text);
      expect(place(text, findings)).toHaveLength(1);
      const [{ start } = { start: -1 }] = findings;
      expect(Math.abs(lineAt(text, start) - lineAt(text, at))).toBeLessThanOrEqual(1);
    }
  });

  it("made by leaving out any one closing brace gives one finding, at its opening brace", async () => {
    const lines = SOUND.split("\n");
    for (const { text, at } of omitEach(SOUND, /(?<=^ *)\}$/gm)) {
      const findings = await checkScript(text);
      expect(findings.map(({ message }) => message)).toEqual([
        "this '{' is never closed: expected '}'",
      ]);
      const indent = SOUND.slice(SOUND.lastIndexOf("\n", at) + 1, at);
      const opening = lines.slice(0, lineAt(SOUND, at)).lastIndexOf(`${indent}{`) + 1;
      expect(findings.map(({ start }) => lineAt(text, start))).toEqual([opening]);
    }
  });

  it("made by leaving out any one quotation mark is noticed on its line", async () => {
    for (const { text, at } of omitEach(SOUND, /"/g)) {
      const findings = await checkScript(text);
      expect(findings.map(({ start }) => lineAt(text, start))).toContain(lineAt(text, at));
    }
  });
});

describe("offsets", () => {
  const broken = omitEach(SOUND, /;|\)|(?<=^ *)\}$/gm);

  it("count UTF-16 units, whatever stands in front", async () => {
    const prefix = fc
      .string({ unit: codePoint })
      .map((text) => `//${text.replace(/[\r\n\u0085\u2028\u2029]/g, "")}\n`);
    await fc.assert(
      fc.asyncProperty(prefix, fc.constantFrom(...broken), async (comment, { text }) => {
        const moved = await checkScript(comment + text);
        expect(shift(moved, 0)).toEqual(shift(await checkScript(text), comment.length));
      }),
      { numRuns: 60 },
    );
  });

  it("name the same line and column with Windows line ends", async () => {
    for (const { text } of broken) {
      const windows = text.replaceAll("\n", "\r\n");
      expect(place(windows, await checkScript(windows))).toEqual(
        place(text, await checkScript(text)),
      );
    }
  });

  it("stay inside the text for any text, and nothing throws", async () => {
    const soup = fc
      .array(
        fc.constantFrom(
          ...'( ) [ ] { } < > ; , . => = ? : \n \r\n " $" @" """ \' // /* */ #if #else #endif \u{1F600} \uD800 \0 class A : ScriptBase<A> { override void Start() x 1'.split(
            " ",
          ),
        ),
        { maxLength: 60 },
      )
      .map((parts) => parts.join(" "));
    await fc.assert(
      fc.asyncProperty(fc.oneof(soup, fc.string({ unit: codePoint })), async (text) => {
        const findings = await checkScript(text);
        expect(findings.length).toBeLessThanOrEqual(20);
        for (const { start, end, message } of findings) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(message).not.toMatch(/[\r\n]/);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("checks at the same time", () => {
  it("answer as they do one after another", async () => {
    const texts = [SOUND, ...omitEach(SOUND, /;/g).map(({ text }) => text)];
    const alone: unknown[] = [];
    for (const text of texts) alone.push(await checkScript(text));
    expect(await Promise.all(texts.map(checkScript))).toEqual(alone);
  });
});

/** The real parser, which gives up every text after the first ones. */
async function tire(after: number): Promise<Parse> {
  const parse = await loadParser();
  let left = after;
  return <T>(text: string, read: Parameters<typeof parse<T>>[1]): Parsed<T> => {
    left -= 1;
    return left < 0 ? { state: "too-hard" } : parse(text, read);
  };
}

describe("a text the parser gives up", () => {
  const broken = wrapBody("var a = 1\nvar b = 2\n");

  it.each([0, 1])("has one finding that says so (after %d readings)", async (after) => {
    const findings = checkWith(await tire(after), broken);
    expect(findings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      "script-syntax: the script is too tangled to check: the parser found no way through it in time",
    ]);
  });

  it("is never called sound, however early or late that happens", async () => {
    for (let after = 0; after < 40; after += 1)
      expect(checkWith(await tire(after), broken)).not.toEqual([]);
  });
});
