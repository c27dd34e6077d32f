import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findMisplacedBrace } from "../../src/script/braces.ts";
import type { Token } from "../../src/script/tokens.ts";

/** Words and braces as the parser would give them. */
function split(text: string): Token[] {
  return [...text.matchAll(/[{}]|[^\s{}]+/g)].map(({ index: start, 0: type }) => ({
    type,
    start,
    end: start + type.length,
  }));
}

function describeMistake(text: string): unknown {
  const tokens = split(text);
  const mistake = findMisplacedBrace(text, tokens);
  if (mistake === undefined) return undefined;
  const { kind, brace, excess, before } = mistake;
  const line = text.slice(0, brace.start).split("\n").length;
  return { kind, line, excess, before: before.map((index) => tokens[index]?.type ?? "end") };
}

describe("braces", () => {
  it.each(["", "a", "{ }", "{\n  a\n}", "a {\n  b { c }\n}\nd { }", "{\n}\n{\n}"])(
    "that pair up are left alone in %j",
    (text) => {
      expect(describeMistake(text)).toBeUndefined();
    },
  );

  it("that pair up are left alone even where the indentation is off", () => {
    expect(describeMistake("a {\n  b {\n }\n   }")).toBeUndefined();
  });

  it.each([
    ["at the end", "a {\n  b", { kind: "unclosed", line: 1, excess: 1, before: ["end", "end"] }],
    [
      "inside another block",
      "a {\n  b {\n    c\n  d\n}\ne",
      { kind: "unclosed", line: 2, excess: 1, before: ["d", "}"] },
    ],
    [
      "before a block of the same depth",
      "a {\n  b {\n    c\n  d {\n  }\n}",
      { kind: "unclosed", line: 2, excess: 1, before: ["d", "}"] },
    ],
    [
      "with the brace on a line of its own",
      "a\n{\n  b\n  {\n    c\n  d\n}",
      { kind: "unclosed", line: 4, excess: 1, before: ["d", "}"] },
    ],
    [
      "twice",
      "a {\n  b {\n    c\n",
      { kind: "unclosed", line: 1, excess: 2, before: ["end", "end"] },
    ],
  ])("that are not closed %s are told by the indentation", (_, text, expected) => {
    expect(describeMistake(text)).toEqual(expected);
  });

  it.each([
    ["at the end", "a {\n}\n}", { kind: "surplus", line: 3, excess: 1, before: [] }],
    [
      "on the line of another",
      "a {\n  b; }\n  c\n}",
      { kind: "surplus", line: 2, excess: 1, before: [] },
    ],
    ["twice", "a\n}\n}", { kind: "surplus", line: 2, excess: 2, before: [] }],
  ])("that close nothing %s are named", (_, text, expected) => {
    expect(describeMistake(text)).toEqual(expected);
  });

  it("are found with tabs, Windows line ends and a byte order mark as well", () => {
    const text = "\uFEFFa {\n\tb {\n\t\tc\n\td\n}".replaceAll("\n", "\r\n");
    expect(describeMistake(text)).toMatchObject({ kind: "unclosed", line: 2 });
  });
});

/** A well-indented text of nested blocks. */
interface Block {
  readonly blocks: readonly Block[];
}

const { block } = fc.letrec<{ block: Block }>((tie) => ({
  block: fc.record({
    blocks: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constant([]),
      fc.array(tie("block"), { maxLength: 3 }),
    ),
  }),
}));

function print({ blocks }: Block, indent = ""): string {
  const inner = blocks.map((child) => print(child, `${indent}  `)).join("");
  return `${indent}head\n${indent}{\n${indent}  word\n${inner}${indent}}\n`;
}

function braceLines(text: string, brace: string): number[] {
  return text.split("\n").flatMap((line, index) => (line.trim() === brace ? [index] : []));
}

function dropLine(text: string, index: number): string {
  return text.split("\n").toSpliced(index, 1).join("\n");
}

describe("in any well-indented text", () => {
  it("nothing is misplaced", () => {
    fc.assert(
      fc.property(block, (tree) => {
        expect(describeMistake(print(tree))).toBeUndefined();
      }),
    );
  });

  it("a closing brace taken away is missed at its opening brace", () => {
    fc.assert(
      fc.property(block, fc.nat(), (tree, choice) => {
        const text = print(tree);
        const closers = braceLines(text, "}");
        const gone = closers[choice % closers.length] ?? 0;
        const lines = text.split("\n");
        const indent = lines[gone]?.indexOf("}") ?? 0;
        const opener = lines.slice(0, gone).lastIndexOf(`${" ".repeat(indent)}{`);
        expect(describeMistake(dropLine(text, gone))).toMatchObject({
          kind: "unclosed",
          line: opener + 1,
          excess: 1,
        });
      }),
    );
  });

  it("an opening brace taken away leaves one closing brace too many", () => {
    fc.assert(
      fc.property(block, fc.nat(), (tree, choice) => {
        const text = print(tree);
        const openers = braceLines(text, "{");
        const gone = openers[choice % openers.length] ?? 0;
        expect(describeMistake(dropLine(text, gone))).toMatchObject({ kind: "surplus", excess: 1 });
      }),
    );
  });

  it("as many braces as were taken away are counted", () => {
    fc.assert(
      fc.property(block, fc.integer({ min: 1, max: 4 }), (tree, many) => {
        const text = print(tree);
        const closers = braceLines(text, "}").slice(-many);
        const cut = closers.reduceRight(dropLine, text);
        expect(describeMistake(cut)).toMatchObject({ kind: "unclosed", excess: closers.length });
      }),
    );
  });
});
