import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explainLiteral, readAddresses } from "../support/contract/spec/address.ts";
import { ABSENT, readOfficial, WHY } from "./official.ts";
import { describeTiny } from "./tiny-spec.ts";

const addresses = readAddresses(describeTiny());
const templateOf = (path: string, anyCase = false): string | undefined =>
  addresses.match(path, anyCase)?.template;

describe("a path", () => {
  it.each([
    ["/Shelves", "/Shelves"],
    ["/Shelves(42)", "/Shelves({Id})"],
    ["/Shelves(Name='Oak (old), it''s/fine')", "/Shelves(Name={Name})"],
    [
      "/Shelves/Pbx.FindSince(since=2026-01,deep=true)",
      "/Shelves/Pbx.FindSince(since={since},deep={deep})",
    ],
  ])("%s is %s", (path, template) => {
    expect(templateOf(path)).toBe(template);
  });

  it.each([
    "/",
    "",
    "/Shelf",
    "/Shelves/",
    "/Shelves(1)/Boards",
    "/Shelves(1)(2)",
    "/Shelves/Pbx.FindSince(since=2026-01)",
    "/Shelves/PbxxFindSince(since=2026-01,deep=true)",
  ])("%s is none", (path) => {
    expect(templateOf(path)).toBeUndefined();
    expect(templateOf(path, true)).toBeUndefined();
  });

  it("in other letters, or with a named key, is one only for those who may", () => {
    for (const path of ["/shelves(42)", "/Shelves(Id=42)"]) {
      expect(templateOf(path)).toBeUndefined();
      expect(templateOf(path, true)).toBe("/Shelves({Id})");
    }
  });

  it("gives what stands in its braces", () => {
    const { texts } =
      addresses.match("/Shelves/Pbx.FindSince(since=2026-01,deep=true)", false) ?? {};
    expect(Object.fromEntries(texts ?? [])).toEqual({ since: "2026-01", deep: "true" });
  });

  it("leads to every method of its template", () => {
    const { operations } = addresses.match("/Shelves(1)", false) ?? {};
    expect([...(operations?.keys() ?? [])]).toEqual(["GET", "PATCH", "DELETE"]);
  });

  it.skipIf(ABSENT !== undefined)(
    `made from a template of 3CX's is a path of that template${WHY}`,
    () => {
      const spec = readOfficial();
      const official = readAddresses(spec);
      const literal = fc.oneof(
        fc.nat().map(String),
        fc.string({ maxLength: 6 }).map((text) => `'${text.replaceAll("'", "''")}'`),
      );
      const property = fc.property(
        fc.constantFrom(...spec.operations),
        literal,
        (operation, text) => {
          const path = operation.template.replaceAll(/\{\w+\}/gu, () => text);
          const match = official.match(path, false);
          expect(match?.template).toBe(operation.template);
          expect(match?.operations.get(operation.method)).toBe(operation);
        },
      );
      fc.assert(property, { numRuns: 300 });
    },
  );
});

describe("a text in a path", () => {
  it.each([
    [{ type: "integer" }, "42", undefined],
    [{ type: "integer" }, "'42'", "must be a whole number, not '42'"],
    [{ type: "string" }, "'800'", undefined],
    [{ type: "string" }, "800", "must be a quoted text, not 800"],
    [{ type: "string", pattern: "^\\d{4}$" }, "2026", undefined],
    [{ type: "string", pattern: "^\\d{4}$" }, "'2026'", "must match ^\\d{4}$, not '2026'"],
    [{ type: "boolean" }, "true", undefined],
  ])("for %o may be %s: %s", (schema, text, explained) => {
    expect(explainLiteral(schema, text)).toBe(explained);
  });
});
