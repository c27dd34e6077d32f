import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Substitution, TextSource } from "../../src/domain/resource.ts";
import {
  findLineStarts,
  locateInSource,
  locateInText,
  placeOffset,
} from "../../src/domain/text-place.ts";

/** Texts with every kind of line end, next to each other and apart. */
const texts = fc
  .array(fc.constantFrom("\n", "\r\n", "\r", "a", "ä", "😀", " ", "class X"), { maxLength: 30 })
  .map((parts) => parts.join(""));

const origin = fc.record({
  line: fc.integer({ min: 1, max: 500 }),
  column: fc.integer({ min: 1, max: 80 }),
  indent: fc.integer({ min: 0, max: 20 }),
});

function sourceOf(text: string, more: Partial<TextSource> = {}): TextSource {
  return {
    file: "a.yaml",
    line: 1,
    column: 1,
    indent: 0,
    text,
    substitutions: [],
    ...more,
  };
}

/** A text made of plain pieces and references, with what comes out when the references are replaced. */
const substituted = fc
  .array(
    fc.oneof(
      texts.map((text) => ({ text, value: undefined })),
      fc.record({ text: fc.constant("${var:X}"), value: texts }),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => {
    let text = "";
    let final = "";
    const substitutions: Substitution[] = [];
    /** For every plain character: its offset in the final text and in the source. */
    const plain: (readonly [number, number])[] = [];
    for (const piece of pieces) {
      const value = piece.value ?? piece.text;
      if (piece.value === undefined) {
        for (let i = 0; i < value.length; i += 1) plain.push([final.length + i, text.length + i]);
      } else {
        substitutions.push({
          start: final.length,
          end: final.length + value.length,
          sourceStart: text.length,
          sourceEnd: text.length + piece.text.length,
        });
      }
      text += piece.text;
      final += value;
    }
    return { text, final, substitutions, plain };
  });

describe("the place of an offset", () => {
  test("CRLF, LF and a lone CR each end one line", () => {
    expect(findLineStarts("a\r\nb\nc\rd")).toEqual([0, 3, 5, 7]);
    expect(findLineStarts("\r\r\n\n")).toEqual([0, 1, 3, 4]);
    expect(findLineStarts("")).toEqual([0]);
  });

  test("line and column lead back to the offset", () => {
    fc.assert(
      fc.property(texts, fc.nat(), (text, seed) => {
        const offset = seed % (text.length + 1);
        const starts = findLineStarts(text);
        const { line, column } = placeOffset(starts, offset);
        expect(line).toBeGreaterThan(0);
        expect((starts[line - 1] ?? Number.NaN) + column - 1).toBe(offset);
        expect(starts[line] ?? Infinity).toBeGreaterThan(offset);
      }),
    );
  });

  test("a later offset never has an earlier place", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const starts = findLineStarts(text);
        for (let offset = 1; offset <= text.length; offset += 1) {
          const a = placeOffset(starts, offset - 1);
          const b = placeOffset(starts, offset);
          expect(b.line * 1e6 + b.column).toBeGreaterThan(a.line * 1e6 + a.column);
        }
      }),
    );
  });
});

describe("a place in a text of the user's", () => {
  test("the first line starts at the text's own column, every further one after its indent", () => {
    const source = sourceOf("ab\ncd\r\nef", { line: 7, column: 5, indent: 4 });
    expect(locateInText(source, 1)).toEqual({ file: "a.yaml", line: 7, column: 6 });
    expect(locateInText(source, 3)).toEqual({ file: "a.yaml", line: 8, column: 5 });
    expect(locateInText(source, 8)).toEqual({ file: "a.yaml", line: 9, column: 6 });
  });

  test("without substitutions the final text and the source are one", () => {
    fc.assert(
      fc.property(texts, origin, fc.nat(), (text, more, seed) => {
        const source = sourceOf(text, more);
        const offset = seed % (text.length + 1);
        expect(locateInText(source, offset)).toEqual(locateInSource(source, offset));
      }),
    );
  });

  test("a character that was not substituted is found where it stands in the source", () => {
    fc.assert(
      fc.property(substituted, origin, ({ text, substitutions, plain }, more) => {
        const source = sourceOf(text, { ...more, substitutions });
        for (const [final, original] of plain) {
          expect(locateInText(source, final)).toEqual(locateInSource(source, original));
        }
      }),
    );
  });

  test("every place inside a substituted value is the start of its reference", () => {
    fc.assert(
      fc.property(substituted, origin, ({ text, substitutions }, more) => {
        const source = sourceOf(text, { ...more, substitutions });
        for (const { start, end, sourceStart } of substitutions) {
          for (let offset = start; offset < end; offset += 1) {
            expect(locateInText(source, offset)).toEqual(locateInSource(source, sourceStart));
          }
        }
      }),
    );
  });

  test("the end of the final text is the end of the source", () => {
    fc.assert(
      fc.property(substituted, origin, ({ text, final, substitutions }, more) => {
        const source = sourceOf(text, { ...more, substitutions });
        expect(locateInText(source, final.length)).toEqual(locateInSource(source, text.length));
      }),
    );
  });

  test("an offset outside the text is clamped to it", () => {
    const source = sourceOf("ab\ncd", { line: 3, column: 2, indent: 1 });
    expect(locateInText(source, -5)).toEqual({ file: "a.yaml", line: 3, column: 2 });
    expect(locateInText(source, 99)).toEqual(locateInText(source, 5));
    expect(locateInSource(source, -1)).toEqual(locateInSource(source, 0));
    expect(locateInSource(source, 99)).toEqual(locateInSource(source, 5));
  });

  test("a value of several lines moves what comes after it by none", () => {
    const source = sourceOf("x ${var:A} y\nz", {
      substitutions: [{ start: 2, end: 7, sourceStart: 2, sourceEnd: 10 }],
    });
    // The final text is "x 1\n2\n3 y\nz".
    expect(locateInText(source, 8)).toEqual({ file: "a.yaml", line: 1, column: 12 });
    expect(locateInText(source, 10)).toEqual({ file: "a.yaml", line: 2, column: 1 });
  });
});
