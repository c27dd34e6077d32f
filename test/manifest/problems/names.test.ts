import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { findNearest, foldName } from "../../../src/domain/text/nearest-name.ts";
import { joinNames, quoteText } from "../../../src/manifest/problems/names.ts";
import { joinPointer, splitPointer } from "../../../src/manifest/schema/validators.ts";
import { namePath } from "../../../src/manifest/schema/explain.ts";
import { codePoint } from "../../support/worlds/text.ts";

const NAMES = ["name", "routingType", "transcriptionMode", "scriptFile", "scriptCode", "groups"];

describe("the name that was meant", () => {
  test.each([
    ["RoutingType", "routingType"],
    ["routing_type", "routingType"],
    ["routing-type", "routingType"],
    ["ROUTING TYPE", "routingType"],
    ["routingTyp", "routingType"],
    ["gruops", "groups"],
    ["nam", "name"],
    ["transcription", "transcriptionMode"],
    ["script", "scriptFile"],
    ["", undefined],
    ["x", undefined],
    ["colour", undefined],
    ["description", undefined],
  ])("by %j is %j", (name, expected) => {
    expect(findNearest(name, NAMES)).toBe(expected);
  });

  test("is the name itself, however it is spelled", () => {
    const spellings: readonly ((name: string) => string)[] = [
      (name) => name,
      (name) => name.toUpperCase(),
      (name) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      (name) => name.charAt(0).toUpperCase() + name.slice(1),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.constantFrom(...spellings), (name, spell) => {
        expect(findNearest(spell(name), NAMES)).toBe(name);
      }),
    );
  });

  test("is one of those there are, or none", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (name, names) => {
        const nearest = findNearest(name, names);
        expect(nearest === undefined || names.includes(nearest)).toBe(true);
      }),
    );
  });

  test("is not looked for behind a name that nobody typed", () => {
    expect(findNearest("x".repeat(1_000_000), NAMES)).toBeUndefined();
  });

  test("folding twice is folding once", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(foldName(foldName(name))).toBe(foldName(name));
      }),
    );
  });
});

describe("names in a message", () => {
  test("stand in a row", () => {
    expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(joinNames)).toEqual([
      "",
      "a",
      "a or b",
      "a, b or c",
    ]);
  });

  test("stay on one line and within reason, whatever they hold", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: codePoint }), (text) => {
        const quoted = quoteText(text);
        expect(quoted).not.toMatch(/[\n\r\0]/);
        expect(quoted.length).toBeLessThan(600);
      }),
    );
  });
});

/** Keys made of the characters that a pointer escapes. */
const segments = fc.array(fc.constantFrom("~", "/", "0", "1")).map((parts) => parts.join(""));

describe("the way to a value", () => {
  test("comes back from its pointer", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), segments)), (path) => {
        expect(splitPointer(joinPointer(path))).toEqual(path);
      }),
    );
  });

  test("is written as people write it", () => {
    expect(namePath([])).toBe("the document");
    expect(namePath(["spec", "groups", "0", "role"])).toBe("spec.groups[0].role");
  });
});
