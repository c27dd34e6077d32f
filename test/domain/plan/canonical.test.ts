import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canonicalizeField,
  canonicalizeJson,
  canonicalizeText,
  normalizeLineEnds,
  sortKeys,
} from "../../../src/domain/plan/canonical.ts";
import type { Comparison } from "../../../src/domain/ports.ts";
import type { Json } from "../../../src/domain/json.ts";
import { json, line, scriptText } from "../../support/worlds/arbitraries.ts";

const COMPARISONS: readonly Comparison[] = ["exact", "line", "text", "set"];

const blanks = fc.stringMatching(/^[ \t]{0,3}$/);
const lines = fc.array(line, { maxLength: 6 });

/** What of a text can be seen, so that no two scripts that differ in it may be taken for the same. */
function keepVisible(text: string): string {
  return text.replaceAll(/[ \t\r\n\uFEFF]/g, "");
}

function reverseKeys(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => reverseKeys(item));
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, reverseKeys(item)]),
  );
}

describe("the canonical form of a script", () => {
  it("is its own canonical form", () => {
    fc.assert(
      fc.property(scriptText, (text) => {
        const once = canonicalizeText(text);
        expect(canonicalizeText(once)).toBe(once);
      }),
    );
  });

  it("does not see which line ends a text has", () => {
    fc.assert(
      fc.property(lines, fc.constantFrom("\r\n", "\r"), (parts, end) => {
        expect(canonicalizeText(parts.join(end))).toBe(canonicalizeText(parts.join("\n")));
      }),
    );
  });

  it("does not see byte order marks, blanks at line ends or empty lines at the end", () => {
    const dirty = fc.record({
      marks: fc.constantFrom("\uFEFF", "\uFEFF\uFEFF"),
      parts: fc.array(fc.tuple(line, blanks), { maxLength: 6 }),
      rest: fc.stringMatching(/^[ \t\n]{0,4}$/),
    });
    fc.assert(
      fc.property(dirty, ({ marks, parts, rest }) => {
        const clean = parts.map(([part]) => part).join("\n");
        const text = `${marks}${parts.map((part) => part.join("")).join("\n")}\n${rest}`;
        expect(canonicalizeText(text)).toBe(canonicalizeText(clean));
      }),
    );
  });

  it("keeps every character that can be seen, so different scripts stay different", () => {
    fc.assert(
      fc.property(scriptText, (text) => {
        expect(keepVisible(canonicalizeText(text))).toBe(keepVisible(text));
      }),
    );
  });

  it("keeps the blanks in front of and within a line, and the empty lines before the last", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(blanks, fc.constantFrom("", "a", "b  c"))), (parts) => {
        const indented = parts.map(([pad, text]) => (text === "" ? "" : pad + text));
        expect(canonicalizeText([...indented, "end"].join("\n")).split("\n")).toEqual([
          ...indented,
          "end",
        ]);
      }),
    );
  });

  it("takes linear time on a mebibyte of blanks", () => {
    const run = " \t".repeat(512 * 1024);
    const text = canonicalizeText(`${run}x${run}\n${run}`);
    // Compared beforehand, because to show how two such texts differ takes minutes.
    expect(text === `${run}x`).toBe(true);
  });
});

describe("the form in which a script is sent", () => {
  it("has LF line ends alone and no byte order mark in front", () => {
    fc.assert(
      fc.property(scriptText, (text) => {
        const sent = normalizeLineEnds(text);
        expect(sent).not.toMatch(/\r|^\uFEFF/);
        expect(normalizeLineEnds(sent)).toBe(sent);
      }),
    );
  });

  it("compares equal to what was written, as does what a PBX that answers with CRLF gives back", () => {
    fc.assert(
      fc.property(scriptText, (text) => {
        const sent = normalizeLineEnds(text);
        expect(canonicalizeText(sent)).toBe(canonicalizeText(text));
        expect(canonicalizeText(sent.replaceAll("\n", "\r\n"))).toBe(canonicalizeText(text));
      }),
    );
  });

  it("keeps blanks at line ends, which a verbatim string may need", () => {
    expect(normalizeLineEnds('\uFEFFvar x = @"a  \r\nb";\r\n\r\n')).toBe('var x = @"a  \nb";\n\n');
  });
});

describe("canonical JSON", () => {
  it("does not depend on the order of keys", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalizeJson(reverseKeys(value))).toBe(canonicalizeJson(value));
      }),
    );
  });

  it("loses nothing, whatever the keys are called", () => {
    fc.assert(
      fc.property(json, (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(isDeepStrictEqual(JSON.parse(canonicalizeJson(value)), plain)).toBe(true);
      }),
    );
  });

  it("is the same for two values exactly when they are equal", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const [left, right]: unknown[] = [a, b].map((item) => JSON.parse(JSON.stringify(item)));
        expect(canonicalizeJson(a) === canonicalizeJson(b)).toBe(isDeepStrictEqual(left, right));
      }),
    );
  });

  it("treats __proto__ as a key like any other", () => {
    const hostile: Json = JSON.parse('{"b": 1, "__proto__": {"polluted": true}}');
    expect(canonicalizeJson(hostile)).toBe('{"__proto__":{"polluted":true},"b":1}');
    expect(sortKeys(hostile)).not.toHaveProperty("polluted");
    expect({}).not.toHaveProperty("polluted");
  });

  it("has its keys in code unit order, at every depth", () => {
    expect(canonicalizeJson({ b: [{ z: 1, a: 2 }], a: null, Z: "é" })).toBe(
      '{"Z":"é","a":null,"b":[{"a":2,"z":1}]}',
    );
  });
});

describe("the canonical form of a field", () => {
  it.each(COMPARISONS)("compared as %s is its own canonical form", (comparison) => {
    fc.assert(
      fc.property(fc.oneof(json, scriptText), (value) => {
        const once = canonicalizeField(comparison, value);
        expect(canonicalizeJson(canonicalizeField(comparison, once))).toBe(canonicalizeJson(once));
      }),
    );
  });

  it("compared as a set knows neither order nor repeats", () => {
    const shuffled = fc
      .array(json, { maxLength: 5 })
      .chain((items) =>
        fc.tuple(
          fc.constant(items),
          fc.shuffledSubarray(items, { minLength: items.length }),
          fc.subarray(items),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([items, others, repeats]) => {
        expect(canonicalizeField("set", [...others, ...repeats.map(reverseKeys)])).toEqual(
          canonicalizeField("set", items),
        );
      }),
    );
  });

  it("compared as a set takes null for the empty list, and nothing else does", () => {
    const forms = COMPARISONS.map((comparison) => canonicalizeField(comparison, null));
    expect(forms).toEqual([null, null, null, []]);
  });

  it("compared as a set still tells lists with different members apart", () => {
    expect(canonicalizeField("set", ["a", "b"])).not.toEqual(canonicalizeField("set", ["a"]));
    expect(canonicalizeField("set", [1])).not.toEqual(canonicalizeField("set", ["1"]));
  });

  it("compared as a line has no blanks around it and no carriage returns", () => {
    expect(canonicalizeField("line", "\t after hours\r\n")).toBe("after hours");
    expect(canonicalizeField("line", "after  hours")).toBe("after  hours");
  });

  it("compared exactly keeps a list in its order and a text to the last blank", () => {
    expect(canonicalizeField("exact", ["b", "a", "a"])).toEqual(["b", "a", "a"]);
    expect(canonicalizeField("exact", "a \r\n")).toBe("a \r\n");
  });
});
