import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { findMistakes } from "../../src/script/mistakes.ts";
import { loadParser } from "../../src/script/parser.ts";
import type { Parse } from "../../src/script/parser.ts";
import { quoteToken } from "../../src/script/repair.ts";
import { listFaults, listTokens } from "../../src/script/tokens.ts";
import { SOUND, wrapBody } from "./samples.ts";
import { codePoint } from "../support/worlds/text.ts";

let parse: Parse;
beforeAll(async () => {
  parse = await loadParser();
});

function weigh(text: string): number | string {
  const parsed = parse(text, (root) => listFaults(root).weight);
  return parsed.state === "read" ? parsed.value : parsed.state;
}

/** A broken statement with sound ones behind it. */
function spoilFirst(statements: number): string {
  return wrapBody(`F(1;\n${'MyCall.Info("a line of text", 1);\n'.repeat(statements)}`);
}

function listTypes(text: string): string[] {
  const parsed = parse(text, (root) => listTokens(root).map(({ type }) => type));
  return parsed.state === "read" ? parsed.value : [];
}

/** Statements, each on a line of its own, and how to spoil one of them. */
const STATEMENTS = [
  "var number = MyCall.Caller.CallerID;",
  'MyCall.Info("ringing", number);',
  "await MyCall.RouteTo(number, null, 20);",
  "if (number.StartsWith(prefix)) return;",
  "var names = new List<string>(known);",
] as const;

interface Spoil {
  readonly message: string;
  readonly of: (statement: string) => string;
}

const SPOILS: readonly Spoil[] = [
  { message: "expected ';'", of: (statement) => statement.replace(/;$/, "") },
  { message: "expected ')'", of: (statement) => statement.replace(/\);$/, ";") },
  { message: "unexpected ')'", of: (statement) => statement.replace(/\);$/, "));") },
];

describe("several mistakes", () => {
  it("each on a line of its own are each found there, in any order and number", () => {
    const line = fc.record({
      statement: fc.constantFrom(...STATEMENTS.slice(1, 3), STATEMENTS[4]),
      spoil: fc.option(fc.constantFrom(...SPOILS), { freq: 2, nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) => {
        const body = lines.flatMap(({ statement, spoil }) => [
          spoil?.of(statement) ?? statement,
          "Calm();",
        ]);
        const text = wrapBody(body.join("\n"));
        const { found, mended } = findMistakes(parse, text, 20);
        const places = found.map(({ message, start }) => [
          text.slice(0, start).split("\n").length - 5,
          message,
        ]);
        expect(places).toEqual(
          lines.flatMap(({ spoil }, index) =>
            spoil === undefined ? [] : [[index * 2, spoil.message]],
          ),
        );
        expect(mended === undefined ? "" : weigh(mended.text)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it("are at most as many as asked for, the first ones of the text", () => {
    const text = wrapBody("var a = 1\n".repeat(9));
    const all = findMistakes(parse, text, 20);
    expect(all.found).toHaveLength(9);
    for (const limit of [1, 4, 8]) {
      const { found, mended } = findMistakes(parse, text, limit);
      expect(found).toEqual(all.found.slice(0, limit));
      expect(mended).toBeUndefined();
    }
  });

  it("are quoted as they stand in the text that came, not as other repairs have left it", () => {
    const text = "class A {\n constructor() { this.x = 1 }\n foo() { return `a` }\n}\n";
    const surplus = findMistakes(parse, text, 20).found.filter(({ message }) =>
      message.startsWith("unexpected"),
    );
    expect(surplus.map(({ message }) => message)).toEqual(
      surplus.map(({ start, end }) => `unexpected ${quoteToken(text.slice(start, end))}`),
    );
    expect(surplus).not.toEqual([]);
  });

  it("are none in a sound text, which comes back as it is", () => {
    const { found, mended } = findMistakes(parse, SOUND, 20);
    expect(found).toEqual([]);
    expect(mended?.text).toBe(SOUND);
  });
});

describe("the mended text", () => {
  it("can be traced back: order is kept and no place is outside the text that came", () => {
    const cuts = [...SOUND.matchAll(/[;)]/g)].map(({ index }) => index);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...cuts), { minLength: 1, maxLength: 3 }),
        (gone) => {
          const text = SOUND.split("")
            .filter((_, at) => !gone.includes(at))
            .join("");
          const { mended } = findMistakes(parse, text, 20);
          if (mended === undefined) return;
          const traced = Array.from({ length: mended.text.length + 1 }, (_, at) =>
            mended.traceBack(at),
          );
          expect(traced).toEqual(traced.toSorted((a, b) => a - b));
          expect(traced[0]).toBe(0);
          expect(traced.at(-1)).toBe(text.length);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("a long text", () => {
  it("full of statements is searched up to 64 Ki characters, and beyond has its first fault told", () => {
    expect(findMistakes(parse, spoilFirst(1_800), 20).found).toEqual([
      expect.objectContaining({ message: "expected ')'" }),
    ]);
    const { found, mended } = findMistakes(parse, spoilFirst(3_000), 20);
    expect(found).toHaveLength(1);
    expect(mended).toBeUndefined();
  });
});

describe("tokens", () => {
  it("are the words of the text without comments, quotes apart from what they enclose", () => {
    expect(listTypes('/* a */ class A { string b = "c{"; } // d')).toEqual([
      "class",
      "identifier",
      "{",
      "predefined_type",
      "identifier",
      "=",
      '"',
      "string_literal_content",
      '"',
      ";",
      "}",
    ]);
  });

  it("cover everything but blanks and comments, in order and without overlap", () => {
    const tokens = parse(SOUND, listTokens);
    let rest = "";
    let last = 0;
    for (const { start, end } of tokens.state === "read" ? tokens.value : []) {
      expect(start).toBeGreaterThanOrEqual(last);
      rest += SOUND.slice(last, start);
      last = end;
    }
    expect(`${rest}${SOUND.slice(last)}`.replace(/\/\/.*/g, "").trim()).toBe("");
  });

  it("the parser made up are left out", () => {
    expect(listTypes("class A { void B() { c(1; } }").filter((type) => type === ")")).toEqual([
      ")",
    ]);
  });
});

describe("faults", () => {
  it("weigh nothing in a sound text and something in any other", () => {
    expect(weigh(SOUND)).toBe(0);
    for (const { index } of SOUND.matchAll(/[;(){}]/g))
      expect(weigh(SOUND.slice(0, index) + SOUND.slice(index + 1))).not.toBe(
        SOUND.startsWith("{C", index) || SOUND.startsWith("{M", index) ? undefined : 0,
      );
  });

  it("are listed in the order of the text, those inside another apart", () => {
    const parsed = parse(wrapBody("if (x { y(); }"), listFaults);
    if (parsed.state !== "read") throw new Error(parsed.state);
    const { outer, inner } = parsed.value;
    expect(outer.map(({ start }) => start)).toEqual(
      outer.map(({ start }) => start).toSorted((a, b) => a - b),
    );
    expect(inner.every((at) => at >= (outer[0]?.start ?? 0) && at < (outer[0]?.end ?? 0))).toBe(
      true,
    );
    expect(inner).not.toEqual([]);
  });

  it("name the token that was made up", () => {
    const parsed = parse("class A { void B() { c(1; } }", listFaults);
    expect(parsed.state === "read" && parsed.value.outer).toEqual([
      { start: 24, end: 24, missing: ")" },
    ]);
  });
});

describe("a quoted token", () => {
  it.each([
    ["}", "'}'"],
    ["a\nb", "'a'"],
    ["a\r\nb", "'a'"],
    ["x".repeat(60), `'${"x".repeat(40)}…'`],
    ["\u001B[31m", "'\\u001b[31m'"],
    ["\0", "'\\u0000'"],
    ["\u202Eabc", "'\\u202eabc'"],
  ])("of %j reads %s", (text, quoted) => {
    expect(quoteToken(text)).toBe(quoted);
  });

  it("never carries a control character to the terminal", () => {
    fc.assert(
      fc.property(fc.string({ unit: codePoint }), (text) => {
        expect(quoteToken(text)).not.toMatch(/\p{C}/u);
      }),
    );
  });
});
