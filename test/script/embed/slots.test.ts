import { beforeAll, describe, expect, it, test } from "vitest";
import { loadParser, type Parse } from "../../../src/script/parser.ts";
import { listTokens } from "../../../src/script/tokens.ts";
import { csharpEmbedding } from "../../../src/script/embed/slots.ts";

/** `§` is where the value goes. Gives the script, or what was refused, and what was doubted. */
function put(script: string, value: string): { text?: string; refused?: string; doubt?: string } {
  const at = script.indexOf("§");
  const text = script.replace("§", "x");
  const [slot] = csharpEmbedding.findSlots(text, [at]);
  if (slot === undefined) throw new Error("no slot");
  const doubt = slot.doubt === undefined ? {} : { doubt: slot.doubt.message };
  const written = slot.write(value);
  if ("refused" in written) {
    expect(written.refused.hint).not.toBe("");
    return { refused: written.refused.message, ...doubt };
  }
  return { text: text.slice(0, at) + written.text + text.slice(at + 1), ...doubt };
}

const HARD = 'q"uo\\te\ttab\nline{b}';

describe("a value in a literal", () => {
  test.each([
    ['a = "§";', String.raw`a = "q\"uo\\te\ttab\nline{b}";`],
    ['a = "1 § 2";', String.raw`a = "1 q\"uo\\te\ttab\nline{b} 2";`],
    ['a = $"{n} §";', String.raw`a = $"{n} q\"uo\\te\ttab\nline{{b}}";`],
    ['a = @"§";', 'a = @"q""uo\\te\ttab\nline{b}";'],
    ['a = $@"{n}§";', 'a = $@"{n}q""uo\\te\ttab\nline{{b}}";'],
    ['a = @$"{n}§";', 'a = @$"{n}q""uo\\te\ttab\nline{{b}}";'],
    ['a = """\n    §\n    """;', 'a = """\n    q"uo\\te\ttab\n    line{b}\n    """;'],
    ['a = $$"""\n  {{n}} §\n  """;', 'a = $$"""\n  {{n}} q"uo\\te\ttab\n  line{b}\n  """;'],
    ['a = "§"u8;', String.raw`a = "q\"uo\\te\ttab\nline{b}"u8;`],
    [
      'a = $"{m["k"]}§{(b ? "x" : "y")}";',
      String.raw`a = $"{m["k"]}q\"uo\\te\ttab\nline{{b}}{(b ? "x" : "y")}";`,
    ],
    ['a = $"{(b ? "§" : "y")}";', String.raw`a = $"{(b ? "q\"uo\\te\ttab\nline{b}" : "y")}";`],
    ['a = $"{{§}}";', String.raw`a = $"{{q\"uo\\te\ttab\nline{{b}}}}";`],
    [
      'a = $"{n,5:0.00}{g::N.F}§";',
      String.raw`a = $"{n,5:0.00}{g::N.F}q\"uo\\te\ttab\nline{{b}}";`,
    ],
    [String.raw`a = "\\§";`, String.raw`a = "\\q\"uo\\te\ttab\nline{b}";`],
    [String.raw`a = "\x0041§";`, String.raw`a = "\x0041q\"uo\\te\ttab\nline{b}";`],
  ])("is escaped for %j", (script, expected) => {
    expect(put(script, HARD)).toEqual({ text: expected });
  });

  test.each([
    'char c = \'"\'; a = "§";',
    "char c = '\\''; a = \"§\";",
    'b = "//"; a = "§";',
    'b = "/*"; a = "§";',
    'b = @"\\"; a = "§";',
    'b = @""""; a = "§";',
    'b = ""; a = "§";',
    'b = $"{"}"}"; a = "§";',
    'b = """"a"""b"""" + "§";',
    '// it\'s "\na = "§";',
    '/* " */ a = "§";',
    '#region don\'t "\na = "§";',
    'b = "not ended\na = "§";',
    'int @class = 1; a = "§";',
  ])("is found to be in it whatever stands before: %j", (script) => {
    expect(put(script, 'a"b').text).toContain(String.raw`"a\"b"`);
  });

  it("keeps every character, line ends and halves of surrogate pairs too", () => {
    for (const value of [
      "\r\n",
      "\0\u0001\b\f",
      "\u0085\u2028\u2029",
      "\uD800",
      "\uFEFFa",
      "🗝",
      "a//b/*c*/'",
    ]) {
      const text = put('a = "§";', value).text ?? "";
      expect(text).not.toMatch(/[\n\r\0\u0085\u2028\u2029\p{Cs}]/u);
      expect(JSON.parse(text.slice(4, -1))).toBe(value);
    }
  });
});

describe("a script of a stranger", () => {
  test.each(['$"{', '$$"""{{', '$@"{ (', '"', "{", "/*", "#", "'\\\\"])(
    "is read whatever it repeats: %j",
    (piece) => {
      const text = piece.repeat(20_000);
      expect(csharpEmbedding.findSlots(text, [text.length - 1])).toHaveLength(1);
    },
  );
});

describe("a value is refused", () => {
  test.each([
    ['a = """§""";', "a\nb", "one line"],
    ['a = """§""";', '"a', "edge"],
    ['a = """§""";', 'a"', "edge"],
    ['a = """1§2""";', 'a"""b', "3 or more quotes"],
    ['a = """1§"2""";', 'a""', "3 or more quotes"],
    ['a = """\n""§\n""";', '"a', "3 or more quotes"],
    ['a = $"""1§2""";', "a{b", "braces"],
    ['a = $$"""1{§2""";', "{b", "braces"],
    ['a = $$"""1§}2""";', "b}", "braces"],
    ['a = @"§";', "a\r\nb", "carriage returns"],
    ['a = """\n§\n""";', "a\r\nb", "carriage returns"],
    ["a = '§';", "b", "character literal"],
    [String.raw`a = "\§";`, "n", "backslash"],
    [String.raw`a = "\\\§";`, "n", "backslash"],
    [String.raw`a = "\x4§";`, "1", "backslash"],
    [String.raw`a = $"\u00§";`, "41", "backslash"],
    ["a = §;", "1; b()", "more than a number"],
    ["a = §;", 'x"y', "more than a number"],
    ['a = $"{§}";', "b c", "more than a number"],
    ["// §", "a\nb", "line end"],
    ["#region §", "a\nb", "line end"],
    ["/* § */", "a */ b", "ends it"],
    ["/* *§*/", "/", "ends it"],
  ])("in %j for %j", (script, value, reason) => {
    expect(put(script, value).refused).toContain(reason);
  });
});

describe("a value is taken", () => {
  test.each([
    ['a = """1§2""";', 'a""b'],
    ['a = """"1§2"""";', 'a"""b'],
    ['a = $$"""1§2""";', "a{b}c"],
    ['a = """\n  "§"\n  """;', "a"],
    ['a = """1§2""";', "\\n"],
  ])("as it is in %j: %j", (script, value) => {
    expect(put(script, value)).toEqual({ text: script.replace("§", () => value) });
  });

  test.each([
    ["a = §;", "4711", "outside of any string literal"],
    ["a = b.§();", "Name_1", "outside of any string literal"],
    ["// §", 'it\'s "fine"', "a comment"],
    ["/* § */", "two\nlines", "a comment"],
    ["#region §", "a b", "a directive"],
  ])("with a doubt in %j: %j", (script, value, reason) => {
    const { text, doubt } = put(script, value);
    expect(text).toBe(script.replace("§", () => value));
    expect(doubt).toContain(reason);
  });
});

describe("to a parser of C#", () => {
  let parse: Parse;
  beforeAll(async () => {
    parse = await loadParser();
  });

  const types = (script: string): readonly string[] | string => {
    const parsed = parse(`class A { void F() { ${script} } }`, (root) =>
      root.hasError ? "error" : listTokens(root).map(({ type }) => type),
    );
    return parsed.state === "read" ? parsed.value : parsed.state;
  };
  // Of a literal's text the grammar makes as many tokens as there are escapes.
  const shape = (script: string): string =>
    [types(script)]
      .flat()
      .filter((type) => !/content|escape|string_literal/.test(type))
      .join(" ");

  test.each(['a = "1 § 2";', 'a = $"{n} § {m}";', 'a = @"1 § 2";', 'a = $@"{n} § 2";'])(
    "no value changes what stands around %j",
    (script) => {
      const plain = shape(put(script, "plain").text ?? "");
      expect(plain).not.toBe("error");
      const values = [
        HARD,
        '"',
        '""',
        '";F();//',
        "{F()}",
        "}}{{",
        "\\",
        "*/",
        "'",
        '"""',
        '{{{"}}}',
      ];
      for (const value of values) expect(shape(put(script, value).text ?? "")).toBe(plain);
    },
  );
});
