import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskSecrets } from "../../../src/action/runner/masks.ts";
import { createRedactor } from "../../../src/domain/redact.ts";
import { Secret } from "../../../src/domain/secret.ts";
import { codePoint } from "../../support/worlds/text.ts";

function masksOf(...values: readonly (string | number)[]): string[] {
  const masks: string[] = [];
  const redactor = maskSecrets(createRedactor(), (text) => masks.push(text));
  for (const value of values) redactor.add(new Secret(value));
  return masks;
}

describe("what the runner is told to mask", () => {
  it("is each secret raw, in base64 and as in an address", () => {
    const masks = masksOf("p&ss wörd/+");
    expect(masks).toContain("p&ss wörd/+");
    expect(masks).toContain("cCZzcyB3w7ZyZC8r");
    expect(masks).toContain("p%26ss%20w%C3%B6rd%2F%2B");
    expect(masks).toContain("p%26ss+w%C3%B6rd%2F%2B");
  });

  it("is everything that a search for the secret in those forms would find", () => {
    fc.assert(
      fc.property(fc.string({ unit: codePoint, minLength: 4 }), (value) => {
        fc.pre(value.trim().length >= 4);
        const masks = masksOf(value);
        expect(masks).toContain(value);
        expect(masks).toContain(Buffer.from(value).toString("base64"));
      }),
    );
  });

  it("is told once", () => {
    const masks = masksOf("hunter2hunter2", "hunter2hunter2");
    expect(new Set(masks).size).toBe(masks.length);
  });

  it("is nothing so short that it would blot out the log", () => {
    expect(masksOf("1", "ab", "   ")).not.toContain("1");
    expect(masksOf("1", "ab", "   ").every((mask) => mask.length >= 4)).toBe(true);
  });

  it("is a number too", () => {
    expect(masksOf(123456)).toContain("123456");
  });

  it("is redacted as well", () => {
    const redactor = maskSecrets(createRedactor(), () => undefined);
    redactor.add(new Secret("hunter2hunter2"));
    expect(redactor.redact("a hunter2hunter2 b")).toBe("a (secret) b");
  });
});
