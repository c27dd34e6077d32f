import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffResource } from "../../src/domain/plan/diff.ts";
import { adaptValidate, validators, type Validator } from "../../src/manifest/schema/validators.ts";
import { kindCases, makeDesired, makeLive, widgetCase } from "../support/worlds/arbitraries.ts";
import { widget, widgetSchema } from "../support/kinds/widget-kind.ts";

const widgetValidator = adaptValidate(
  new Ajv2020({ allErrors: true, verbose: true }).compile(widgetSchema),
);
const VALIDATORS: Readonly<Record<string, Validator | undefined>> = {
  ...validators,
  Widget: widgetValidator,
};

describe.each(kindCases)("a $name that the tests make up", ({ kind, key, fields }) => {
  it("is a manifest that its schema allows, so that the laws speak of real ones", () => {
    const ignore = fc.subarray(kind.fields.map(({ name }) => name));
    fc.assert(
      fc.property(key, fields, ignore, (name, spec, ignored) => {
        const manifest = {
          apiVersion: "callform/v1",
          kind: kind.name,
          metadata: { [kind.keyField]: name },
          spec,
          lifecycle: { ignore: ignored },
        };
        expect(VALIDATORS[kind.name]?.(manifest)).toEqual([]);
      }),
    );
  });

  it("may ignore and set every field of its kind", () => {
    const spec = Object.fromEntries(kind.fields.map(({ name }) => [name, 42]));
    const unknown = VALIDATORS[kind.name]?.({ spec })
      .filter(({ keyword }) => keyword === "additionalProperties" || keyword === "enum")
      .filter(({ pointer }) => pointer === "/spec");
    expect(unknown).toEqual([]);
  });
});

describe("the kind that no PBX has", () => {
  it("is what the manifest says once its body is stored, like a real one", () => {
    fc.assert(
      fc.property(widgetCase.fields, widgetCase.properties, (fields, before) => {
        const body = widget.updateBody(fields, () => 0);
        const live = makeLive(widget, "a", { ...before, ...body });
        expect(diffResource(widget, makeDesired(widget, "a", fields), live)).toEqual([]);
      }),
    );
  });

  it("needs the widgets it is made of", () => {
    const parts = [{ code: "bolt" }, { code: "nut", count: 2 }];
    expect(widget.references(makeDesired(widget, "a", { parts }))).toEqual([
      { kind: "Widget", key: "bolt" },
      { kind: "Widget", key: "nut" },
    ]);
  });
});
