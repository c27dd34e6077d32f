import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadParser } from "../../src/script/parser.ts";
import type { Parse } from "../../src/script/parser.ts";
import { endOfLine, startOfLine } from "../../src/script/repair.ts";
import type { Repair } from "../../src/script/repair.ts";
import { listRepairs } from "../../src/script/repairs.ts";
import { closeRunaways, straighten } from "../../src/script/text-repairs.ts";
import { listFaults, listTokens } from "../../src/script/tokens.ts";
import { SOUND, wrapBody } from "./samples.ts";

let parse: Parse;
beforeAll(async () => {
  parse = await loadParser();
});

function propose(text: string): Repair[] {
  const parsed = parse(text, (root) => listRepairs(text, listFaults(root), listTokens(root)));
  return parsed.state === "read" ? parsed.value : [];
}

function applyTo(text: string, { from, to, insert }: Repair): string {
  return text.slice(0, from) + insert + text.slice(to);
}

describe("the repairs for a fault", () => {
  it("are none where nothing is wrong", () => {
    expect(propose(SOUND)).toEqual([]);
  });

  it.each([
    ["a semicolon", "a.B()\nc.D();", "a.B();\nc.D();"],
    ["a closing bracket", "a.B(c;", "a.B(c);"],
    ["a closing quotation mark", 'a("b);', 'a("b");'],
    ["a closing brace", "if (a) { b();", "if (a) { b();}"],
    ["the end of a comment", "/* b\nc();", "/* b*/\nc();"],
    ["a double quotation mark", "var a = 'bc';", 'var a = "bc";'],
    ["a straight quotation mark", "a(“b”, ‘c’);", "a(\"b\", 'c');"],
    ["one bracket less", "a(b));", "a(b) ;"],
    ["an opening brace", "if (a) else { }", "if (a) {else { }"],
    ["a name", "a.B(c.);", "a.B(c. missing );"],
  ])("have the one that puts in %s", (_, broken, mended) => {
    const text = wrapBody(broken);
    const results = propose(text).map((repair) => applyTo(text, repair));
    expect(results.map((result) => result.replace(/[ \n]+/g, " "))).toContain(
      wrapBody(mended).replace(/[ \n]+/g, " "),
    );
  });

  it("stay within the text and are not too many, for any text", () => {
    const part = fc.constantFrom(
      ...'( ) [ ] { } < > ; , " \' $" // /* */ \n a 1 class if var = “'.split(" "),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const text = parts.join(" ");
        const repairs = propose(text);
        expect(repairs.length).toBeLessThanOrEqual(200);
        for (const { start, end, from, to } of repairs) {
          expect([0, start, end, text.length]).toEqual(
            [0, start, end, text.length].toSorted((a, b) => a - b),
          );
          expect([0, from, to, text.length]).toEqual(
            [0, from, to, text.length].toSorted((a, b) => a - b),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it("each change something", () => {
    for (const { index } of SOUND.matchAll(/[;(){}"]/g)) {
      const text = SOUND.slice(0, index) + SOUND.slice(index + 1);
      for (const repair of propose(text)) expect(applyTo(text, repair)).not.toBe(text);
    }
  });
});

describe("typographic quotation marks", () => {
  it("are made straight on their line alone, and the first one is pointed at", () => {
    const text = "a(“b”);\nc(„d“);\n";
    const [repair, ...others] = straighten(text, text.indexOf("d"));
    expect(others).toEqual([]);
    expect(repair === undefined ? "" : applyTo(text, repair)).toBe('a(“b”);\nc("d");\n');
    expect(repair?.start).toBe(text.indexOf("„"));
  });

  it("are left alone on other lines", () => {
    expect(straighten("a(“b”);\nc(d);", 9)).toEqual([]);
  });
});

describe("text that runs on", () => {
  it("may have been meant to end before closing punctuation, before a semicolon or with the line", () => {
    const text = 'a("b c);  \nd();';
    const tokens = [
      { type: "a", start: 0, end: 1 },
      { type: '"', start: 2, end: 3 },
      { type: "d", start: 11, end: 12 },
    ];
    const results = closeRunaways(text, { start: 0, end: text.length }, tokens);
    expect(results.map((repair) => applyTo(text, repair).split("\n")[0])).toEqual([
      'a("b c");  ',
      'a("b c)";  ',
      'a("b c);"  ',
    ]);
    expect(results.map(({ start, end }) => text.slice(start, end))).toEqual(
      Array.from({ length: 3 }, () => '"b c);  '),
    );
  });

  it("is told from a sound string on a later line", () => {
    const text = 'a("b);\nc("d");';
    const tokens = [2, 9, 11].map((start) => ({ type: '"', start, end: start + 1 }));
    const results = closeRunaways(text, { start: 0, end: text.length }, tokens);
    expect(new Set(results.map(({ start }) => start))).toEqual(new Set([2]));
  });

  it("is not seen in a string that ends on its line", () => {
    const text = 'a("b");\nc();';
    const tokens = [
      { type: '"', start: 2, end: 3 },
      { type: '"', start: 4, end: 5 },
      { type: "c", start: 8, end: 9 },
    ];
    expect(closeRunaways(text, { start: 0, end: text.length }, tokens)).toEqual([]);
  });
});

describe("lines", () => {
  it("are what stands between line breaks of any kind", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom("a", " ", "é") }), { minLength: 1 }),
        fc.constantFrom("\n", "\r\n", "\r"),
        (lines, lineBreak) => {
          let offset = 0;
          const text = lines.join(lineBreak);
          for (const line of lines) {
            expect(text.slice(startOfLine(text, offset), endOfLine(text, offset))).toBe(line);
            const last = offset + line.length;
            expect(text.slice(startOfLine(text, last), endOfLine(text, last))).toBe(line);
            offset = last + lineBreak.length;
          }
        },
      ),
    );
  });
});
