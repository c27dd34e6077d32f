import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { resolveText, type Scope } from "../../../src/manifest/references/resolve.ts";

const VALUES: Readonly<Record<string, string>> = { A: "one", B: "", C: "${var:A}", LONG_1: "x\ny" };

/** Variables and secrets have the values above, `${env:…}` is not allowed. */
const scope: Scope = {
  resolve: (scheme, name) => {
    if (scheme === "env") return { state: "misplaced", message: `no ${name} here` };
    const value = VALUES[name];
    return value === undefined
      ? { state: "missing", message: `${name} is not set` }
      : { state: "value", value, secret: scheme === "secret" };
  },
  doubt: "warning",
};

const resolveAll = (text: string): string => resolveText(text, scope).text;

describe("what is a reference", () => {
  test.each([
    ["${var:A}", "one"],
    ["a ${var:A} b ${secret:A}", "a one b one"],
    ["${var:B}", ""],
    ["${var:LONG_1}!", "x\ny!"],
    ["$$${var:A}", "$${var:A}"],
    ["$${var:A}", "${var:A}"],
    ["$${secret:NOT_SET}", "${secret:NOT_SET}"],
    ["$${env:A}", "${env:A}"],
  ])("%j becomes %j", (text, expected) => {
    const resolved = resolveText(text, scope);
    expect(resolved.text).toBe(expected);
    expect(resolved.findings).toEqual([]);
  });

  test.each([
    '$"{x}"',
    '$"Total: ${amount:N2}"',
    "${x}",
    "${ foo:bar }",
    "$$",
    "${",
    "${}",
    "${:}",
    "${:A}",
    "$ {var:A}",
    "{var:A}",
    "$var:A",
    '$$"""{{name}}"""',
    "${price:C} ${when:yyyy}",
    "$${x} and $${y:z}",
  ])("%j is text of the user's own and stays as it is", (text) => {
    expect(resolveText(text, scope)).toEqual({
      text,
      substitutions: [],
      findings: [],
      tainted: false,
      open: false,
      unknown: false,
      kept: [],
    });
  });

  test.each([
    ["${SECRET:A}", "${secret:A}"],
    ["${secret:lower}", "${secret:LOWER}"],
    ["${vars:X}", "${var:X}"],
    ["${secrets:X}", "${secret:X}"],
    ["${ secret:X }", "${secret:X}"],
    ["${secret: X}", "${secret:X}"],
    ["${secret:my-key}", "${secret:MY_KEY}"],
    ["${secret:}", "${secret:NAME}"],
    ["${var:A", "${var:A}"],
    ["${scret:A}", "${secret:A}"],
    ["${{ secrets.TOKEN }}", "${secret:NAME}"],
  ])("%j is told apart as nearly a reference, with %j as the hint", (text, hint) => {
    const { findings, text: left, open } = resolveText(`x ${text}`, scope);
    expect(left).toBe(`x ${text}`);
    expect(open).toBe(false);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      code: "unknown-reference-scheme",
      severity: "warning",
      offset: 2,
    });
    expect(findings[0]?.hint).toContain(hint);
  });

  test("what is nearly a reference can be escaped too", () => {
    expect(resolveText("$${SECRET:x} $${{ secrets.A }}", scope)).toMatchObject({
      text: "${SECRET:x} ${{ secrets.A }}",
      findings: [],
    });
  });
});

describe("what becomes of a reference", () => {
  test("a value is not searched for references again", () => {
    expect(resolveAll("${var:C}")).toBe("${var:A}");
    expect(resolveAll("${secret:C}${var:C}")).toBe("${var:A}${var:A}");
  });

  test("a secret taints the text, a variable does not", () => {
    expect(resolveText("a ${secret:A}", scope).tainted).toBe(true);
    expect(resolveText("a ${secret:B}", scope).tainted).toBe(true);
    expect(resolveText("a ${var:A} $${secret:A}", scope).tainted).toBe(false);
  });

  test("every reference without a value is a finding with its own place, and stays in the text", () => {
    const { text, findings, open } = resolveText("${var:X}-${var:A}-${secret:Y}", scope);
    expect(text).toBe("${var:X}-one-${secret:Y}");
    expect(open).toBe(true);
    expect(findings).toMatchObject([
      { code: "unresolved-reference", severity: "error", offset: 0, message: "X is not set" },
      { code: "unresolved-reference", severity: "error", offset: 18, message: "Y is not set" },
    ]);
  });

  test("a reference that is kept leaves the text open and says nothing", () => {
    const kept = resolveText("a ${secret:A}", { ...scope, resolve: () => ({ state: "kept" }) });
    expect(kept).toMatchObject({ text: "a ${secret:A}", open: true, tainted: false, findings: [] });
  });

  test("a reference that is not allowed is as bad as the place says", () => {
    const misplaced = resolveText("${env:PATH}", scope);
    expect(misplaced.findings).toMatchObject([
      { code: "misplaced-reference", severity: "warning", message: "no PATH here" },
    ]);
    expect(misplaced.open).toBe(false);
    const strict = resolveText("${env:PATH}", { ...scope, doubt: "error" });
    expect(strict.findings[0]?.severity).toBe("error");
    expect(strict.open).toBe(true);
  });
});

const pieces = fc.array(
  fc.constantFrom(
    "${var:A}",
    "$${var:A}",
    "${secret:C}",
    "$",
    "{",
    "}",
    "${",
    "x",
    ":",
    "\n",
    "${x:y}",
    "${var:NOPE}",
  ),
  { maxLength: 12 },
);

describe("laws of substitution", () => {
  test("a text without ${ comes back as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        fc.pre(!text.includes("${"));
        expect(resolveAll(text)).toBe(text);
      }),
    );
  });

  test("outside the substitutions, final text and source agree character for character", () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const source = parts.join("");
        const { text, substitutions } = resolveText(source, scope);
        let final = 0;
        let original = 0;
        for (const { start, end, sourceStart, sourceEnd } of substitutions) {
          expect(text.slice(final, start)).toBe(source.slice(original, sourceStart));
          final = end;
          original = sourceEnd;
        }
        expect(text.slice(final)).toBe(source.slice(original));
      }),
    );
  });

  test("a text whose references are all escaped comes back with one $ less each", () => {
    const words = fc.array(fc.constantFrom("${var:A}", "${secret:B}", "${env:C}", "x", " ", "$"), {
      maxLength: 10,
    });
    fc.assert(
      fc.property(words, (parts) => {
        const escaped = parts.map((part) => (part.startsWith("${") ? `$${part}` : part)).join("");
        expect(resolveText(escaped, scope)).toMatchObject({
          text: parts.join(""),
          findings: [],
          open: false,
          unknown: false,
          kept: [],
          tainted: false,
        });
      }),
    );
  });

  test("a long hostile text is read in no time", () => {
    const hostile = [
      "${".repeat(200_000),
      "$".repeat(400_000),
      `\${${"a".repeat(400_000)}`,
      "${var:".repeat(50_000),
    ];
    for (const text of hostile) expect(resolveText(text, scope).text).toBe(text);
  });
});
