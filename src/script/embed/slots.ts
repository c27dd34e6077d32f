import type { Advice, Embedding, Slot } from "../../domain/ports.ts";
import { doubleBraces, encodeRegular, encodeVerbatim, spellValue } from "./encode.ts";
import { LINE_END } from "./line-end.ts";
import { refuseReturn, writeRaw } from "./raw.ts";
import { findRegions, type Literal, type Region } from "./regions.ts";

/** C#: values go into string literals, escaped as the literal asks for. */
export const csharpEmbedding: Embedding = {
  findSlots(text, offsets) {
    const regions = findRegions(text);
    return offsets.map((at) => {
      const region = regions.find(({ start, end }) => start <= at && at < end);
      return makeSlot(text, at, region);
    });
  },
  spell: spellValue,
};

const QUOTED = 'write it as a string literal: "${secret:NAME}"';

/** Numbers and names change nothing of the code around them. */
const HARMLESS = /^[\w.]+$/;
/** An escape that would take the first characters of the value for its own. */
const OPEN_ESCAPE = /(?<!\\)(?:\\\\)*\\(?:x[\da-f]{0,3}|u[\da-f]{0,3}|U[\da-f]{0,7})?$/i;

function makeSlot(text: string, at: number, region: Region | undefined): Slot {
  if (region === undefined) return codeSlot();
  const { literal, is } = region;
  if (literal !== undefined) return literalSlot(text, at, literal);
  if (is === "char")
    return refuseAlways("stands in a character literal, which holds one character", QUOTED);
  if (is === "block-comment") return commentSlot(text, at);
  const where = is === "directive" ? "a directive" : "a comment";
  return plainSlot(where, (value) => LINE_END.test(value), "a line end, which ends it");
}

function codeSlot(): Slot {
  const doubt = { message: "stands in code, outside of any string literal", hint: QUOTED };
  return {
    doubt,
    write: (value) =>
      HARMLESS.test(value)
        ? { text: value }
        : {
            refused: {
              message: "stands in code, and its value is more than a number or a name",
              hint: QUOTED,
            },
          },
  };
}

function plainSlot(where: string, breaks: (value: string) => boolean, what: string): Slot {
  const hint = "take it out: nothing there uses it";
  return {
    doubt: { message: `stands in ${where}, where it is of no use`, hint },
    write: (value) =>
      breaks(value)
        ? { refused: { message: `stands in ${where}, and its value has ${what}`, hint } }
        : { text: value },
  };
}

function commentSlot(text: string, at: number): Slot {
  const [before, after] = [text[at - 1] ?? "", text[at + 1] ?? ""];
  const breaks = (value: string): boolean => `${before}${value}${after}`.includes("*/");
  return plainSlot("a comment", breaks, "the */ that ends it");
}

function literalSlot(text: string, at: number, literal: Literal): Slot {
  const { dollars, quotes, verbatim } = literal;
  if (quotes > 0) return { write: (value) => writeRaw(value, text, at, literal) };
  const brace = (value: string): string => (dollars > 0 ? doubleBraces(value) : value);
  if (verbatim)
    return {
      write: (value) =>
        value.includes("\r") ? refuseReturn() : { text: brace(encodeVerbatim(value)) },
    };
  if (OPEN_ESCAPE.test(text.slice(literal.start, at)))
    return refuseAlways(
      "stands right behind a backslash or an unfinished escape, which would take in its first characters",
      String.raw`write \\ for a backslash, and four digits after \x or \u`,
    );
  return { write: (value) => ({ text: brace(encodeRegular(value)) }) };
}

function refuseAlways(message: string, hint: string): Slot {
  const refused: Advice = { message, hint };
  return { refused, write: () => ({ refused }) };
}
