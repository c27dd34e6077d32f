import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor, redactTexts } from "../../src/domain/redact.ts";
import { Secret, SECRET_MARK } from "../../src/domain/secret.ts";

// Capitals and signs, so that neither the text around nor the mark can complete a secret.
const long = fc
  .stringMatching(/^[A-Z!$%&()*+,./:;<=>?@[\\\]^_`{|}~"'# -]{6,14}$/)
  .filter(isNotBlank);
const short = fc.stringMatching(/^[A-Z]{2,5}$/);
const noise = fc.stringMatching(/^[a-z0-9\n]{0,8}$/);

function isNotBlank(text: string): boolean {
  return text.trim() !== "";
}

function redactWith(secrets: readonly string[], text: string): string {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(new Secret(secret));
  return redactor.redact(text);
}

const SPELLINGS: readonly (readonly [string, (value: string) => string])[] = [
  ["as it is", (value) => value],
  ["as JSON writes it", (value) => JSON.stringify(value).slice(1, -1)],
  ["URL-encoded", encodeURIComponent],
  ["as a form sends it", (value) => new URLSearchParams({ v: value }).toString().slice(2)],
  [
    "in base64 without padding",
    (value) => Buffer.from(value).toString("base64").replace(/=+$/, ""),
  ],
];

describe("the redactor", () => {
  it.each(SPELLINGS)("leaves nothing of a secret %s in any text", (_, spell) => {
    fc.assert(
      fc.property(long, noise, noise, (value, before, after) => {
        const shown = redactWith([value], `${before}${spell(value)}${after}`);
        expect(shown).toBe(`${before}${SECRET_MARK}${after}`);
      }),
    );
  });

  it("leaves at most the padding of base64, which says nothing", () => {
    const shown = redactWith(["ABCDEFG"], Buffer.from("ABCDEFG").toString("base64"));
    expect(shown).toBe(`${SECRET_MARK}==`);
  });

  it("leaves nothing of any of several secrets, however they lie in the text", () => {
    const parts = fc
      .array(long, { minLength: 1, maxLength: 4 })
      .chain((secrets) =>
        fc.tuple(fc.constant(secrets), fc.array(fc.oneof(noise, fc.constantFrom(...secrets)))),
      );
    fc.assert(
      fc.property(parts, ([secrets, pieces]) => {
        const shown = redactWith(secrets, pieces.join(""));
        for (const secret of secrets) expect(shown).not.toContain(secret);
      }),
    );
  });

  it("replaces the longest first, so that no rest of one is left behind", () => {
    const shown = redactWith(["SECRET", "SECRET-AND-MORE"], "x SECRET-AND-MORE y SECRET z");
    expect(shown).toBe(`x ${SECRET_MARK} y ${SECRET_MARK} z`);
  });

  it("replaces a short one only where it stands alone", () => {
    fc.assert(
      fc.property(short, fc.constantFrom("x", "Y", "7"), (value, letter) => {
        expect(redactWith([value], `pin ${value}.`)).toBe(`pin ${SECRET_MARK}.`);
        expect(redactWith([value], value)).toBe(SECRET_MARK);
        expect(redactWith([value], `${letter}${value} ${value}${letter}`)).toBe(
          `${letter}${value} ${value}${letter}`,
        );
      }),
    );
  });

  it("replaces one of six characters everywhere", () => {
    expect(redactWith(["ABCDEF"], "xABCDEFx")).toBe(`x${SECRET_MARK}x`);
    expect(redactWith(["ABCDE"], "xABCDEx")).toBe("xABCDEx");
  });

  it("takes signs of regular expressions for themselves", () => {
    expect(redactWith(["a.c*(d)[e]"], "a.c*(d)[e] abc a.cccd")).toBe(`${SECRET_MARK} abc a.cccd`);
    expect(redactWith(["$&$1\\d{2}^"], "is $&$1\\d{2}^")).toBe(`is ${SECRET_MARK}`);
  });

  it("finds what JSON writes with escapes", () => {
    const value = 'quote" back\\slash\nline';
    expect(redactWith([value], JSON.stringify({ value }))).toBe(`{"value":"${SECRET_MARK}"}`);
  });

  it("finds the texts of a secret that is no text as JSON", () => {
    const redactor = createRedactor();
    redactor.add(new Secret({ pin: 123456 }));
    expect(redactor.redact('sent {"pin":123456}!')).toBe(`sent ${SECRET_MARK}!`);
  });

  it("leaves text alone that holds no secret, and all text while it knows none", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(redactWith([], text)).toBe(text);
        expect(redactWith(["", "  "], text)).toBe(text);
        expect(redactWith(["\u0001\u0002\u0003\u0004\u0005\u0006"], text)).toBe(text);
      }),
    );
  });

  it("takes any text for a secret, halves of surrogate pairs too", () => {
    expect(redactWith(["\uD800ABCDEF"], "is \uD800ABCDEF")).toBe(`is ${SECRET_MARK}`);
    const units = fc.array(fc.nat(0xffff), { minLength: 6, maxLength: 8 });
    fc.assert(
      fc.property(units, (codes) => {
        const value = `ABCDEF${String.fromCharCode(...codes)}`;
        expect(redactWith([value], value)).toBe(SECRET_MARK);
      }),
    );
  });

  it("learns secrets while it works", () => {
    const redactor = createRedactor();
    redactor.add(new Secret("FIRST-ONE"));
    expect(redactor.redact("FIRST-ONE OTHER-ONE")).toBe(`${SECRET_MARK} OTHER-ONE`);
    redactor.add(new Secret("OTHER-ONE"));
    expect(redactor.redact("FIRST-ONE OTHER-ONE")).toBe(`${SECRET_MARK} ${SECRET_MARK}`);
  });

  it.each([
    ["small percent-encodings", "a/b?c=d&e", "a%2fb%3fc%3dd%26e"],
    ["mixed ones", "a/b?c=d&e", "a%2Fb%3fc%3Dd%26e"],
    ["HTML", `a<b>"c"'d'&`, "a&lt;b&gt;&quot;c&quot;&#39;d&#39;&amp;"],
    ["Markdown", "a*b_c[d](e)", String.raw`a\*b\_c\[d\]\(e\)`],
    ["JSON in JSON", 'a"b\\c-d', String.raw`a\\\"b\\\\c-d`],
    ["a verbatim literal", 'say "hello"', 'say ""hello""'],
    ["an interpolated literal", "{mode}-x", "{{mode}}-x"],
    ["base64 of URLs", "a?>~~~b?>", Buffer.from("a?>~~~b?>").toString("base64url")],
  ])("finds it as %s write it", (_, value, spelled) => {
    expect(redactWith([value], `is ${spelled} here`)).toBe(`is ${SECRET_MARK} here`);
  });

  it("takes a number for another one with one more digit", () => {
    expect(redactWith(["123456"], "1234567 x123456 123456")).toBe(
      `1234567 x${SECRET_MARK} ${SECRET_MARK}`,
    );
  });

  it("leaves words alone that are shown anyway, but not where they are looked for", () => {
    const redactor = createRedactor();
    redactor.add(new Secret("9100"));
    redactor.spare(["9100"]);
    expect(redactor.redact("CallFlowApp 9100")).toBe("CallFlowApp 9100");
    expect(redactor.find("x 9100", "all")).toEqual([{ start: 2, end: 6 }]);
    expect(redactor.find("x 9100", "long")).toEqual([]);
  });

  it("takes nothing out of rendered text that may be a part of a name", () => {
    const redactor = createRedactor();
    for (const secret of ["FlowApp", "12345678", "Passw0rd!"]) redactor.add(new Secret(secret));
    expect(redactor.redact("CallFlowApp 12345678 Passw0rd!", "sure")).toBe(
      `CallFlowApp 12345678 ${SECRET_MARK}`,
    );
  });

  it("replaces texts in values, and never what identifies a thing", () => {
    const redactor = createRedactor();
    redactor.add(new Secret("CallFlowApp"));
    const value = { kind: "CallFlowApp", key: "CallFlowApp", count: 1, note: "of CallFlowApp" };
    expect(redactTexts(redactor, value)).toEqual({ ...value, note: `of ${SECRET_MARK}` });
  });
});
