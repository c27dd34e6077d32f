import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutLines, cutText, fitText, measure } from "../../../src/render/comment/budget.ts";

const text = fc.string({ unit: "grapheme", maxLength: 200 });

describe("the size of a text", () => {
  it("is never less than its UTF-16 units or its characters", () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(measure(value)).toBeGreaterThanOrEqual(value.length);
        expect(measure(value)).toBeGreaterThanOrEqual(Array.from(value).length);
      }),
    );
  });
});

describe("a text that must fit", () => {
  it("is the first of its forms that does", () => {
    const forms = ["aaaaaaaa", "bbbb", "cc"].map((form) => () => form);
    expect(fitText(forms, 100)).toBe("aaaaaaaa");
    expect(fitText(forms, 8)).toBe("aaaaaaaa");
    expect(fitText(forms, 7)).toBe("bbbb");
    expect(fitText(forms, 3)).toBe("cc");
  });

  it("makes no form that is not needed", () => {
    const made: string[] = [];
    const forms = ["long enough", "short"].map((form) => () => {
      made.push(form);
      return form;
    });
    fitText(forms, 100);
    expect(made).toEqual(["long enough"]);
  });

  it("never exceeds the limit, whatever the forms are", () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), fc.nat(100), (forms, limit) => {
        const fitted = fitText(
          forms.map((form) => () => form),
          limit,
        );
        expect(measure(fitted)).toBeLessThanOrEqual(limit);
      }),
    );
  });
});

describe("a text that is cut", () => {
  it("stays as it is where it fits", () => {
    fc.assert(fc.property(text, (value) => cutText(value, measure(value)) === value));
  });

  it("begins as it did, says that it is cut, and has no half character", () => {
    expect(cutText("abcdefghij", 8)).toBe("abcd\n…");
    expect(cutText("äöüäöüäöü", 8)).toBe("äö\n…");
    expect(cutText("😀😀😀😀", 10)).toBe("😀\n…");
  });

  it("keeps so many lines and counts the others", () => {
    expect(cutLines("a\nb\nc\nd", 2)).toBe("a\nb\n… 2 more lines");
    expect(cutLines("a\nb", 2)).toBe("a\nb");
    expect(cutLines("a\nb", Infinity)).toBe("a\nb");
  });
});
