import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Spec } from "../support/contract/spec/read.ts";
import { isTree, type Tree } from "../support/contract/spec/tree.ts";
import { createValueCheck, type Mistake } from "../support/contract/spec/values.ts";
import { instanceOf, spotsOf, wordsOf, type Spot } from "./instances.ts";
import { ABSENT, readOfficial, WHY } from "./official.ts";
import { describeTiny } from "./tiny-spec.ts";

const CASES: readonly [string, readonly string[], () => Spec, string | undefined][] = [
  ["a description of our own", ["Pbx.Shelf", "Pbx.Room", "Failure"], describeTiny, undefined],
  [
    `3CX's description${WHY}`,
    [
      "Pbx.CallFlowApp",
      "Pbx.InboundRule",
      "Pbx.Holiday",
      "Pbx.CallCostSettings",
      "Pbx.ODataErrors.ODataError",
    ],
    readOfficial,
    ABSENT,
  ],
];

describe.each(CASES)("values held against %s", (_, names, read, absent) => {
  it.skipIf(absent !== undefined)("pass when the schema allows them", () => {
    check(read(), names, ({ find, value }) => {
      expect(find(value)).toEqual([]);
    });
  });

  it.skipIf(absent !== undefined)("fail at a property that the schema lacks", () => {
    check(read(), names, ({ spec, find, spots, pick }) => {
      const closed = spots.filter(({ schema }) => spec.schemas.modelOf(schema)?.open === false);
      const spot = pick(closed.filter(({ value }) => isTree(value)));
      if (spot === undefined || !isTree(spot.value)) return;
      const planted = spot.replace({ ...spot.value, Planted: 1 });
      const at = spot.place === "" ? "Planted" : `${spot.place}.Planted`;
      expect(find(planted)).toEqual([{ at, message: "is no property of it; the value is 1" }]);
    });
  });

  it.skipIf(absent !== undefined)("fail at a word that the schema lacks, and name it", () => {
    check(read(), names, ({ spec, find, spots, pick }) => {
      const worded = spots.filter((one) => wordsOf(spec.schemas, one.schema) !== undefined);
      const spot = pick(worded.filter(({ value }) => value !== null));
      if (spot === undefined) return;
      const words = wordsOf(spec.schemas, spot.schema) ?? [];
      expect(find(spot.replace("Planted"))).toEqual([
        { at: spot.place, message: `is "Planted", none of ${words.join(", ")}` },
      ]);
    });
  });

  it.skipIf(absent !== undefined)("fail at a value of another type", () => {
    check(read(), names, ({ find, spots, pick }) => {
      const spot = pick(spots.filter(({ value }) => !isTree(value) && value !== null));
      if (spot === undefined) return;
      const planted = Array.isArray(spot.value) ? "text" : { Planted: 1 };
      const mistakes = find(spot.replace(planted));
      expect(mistakes.length).toBeGreaterThan(0);
      for (const { at } of mistakes) expect(at).toBe(spot.place);
    });
  });
});

describe("a value", () => {
  const { schemas } = describeTiny();
  const values = createValueCheck(schemas);
  const find = (value: unknown): readonly string[] =>
    values
      .findMistakes(schemas.named("Pbx.Shelf"), value)
      .map(({ at, message }) => `${at} ${message}`);

  it("may be null only where the schema says so", () => {
    expect(find({ Name: null, Wood: null, Since: null, Load: null })).toEqual([]);
    expect(find({ Id: null })).toEqual(["Id must be integer, not null"]);
    expect(find({ Uses: null })).toEqual(["Uses is null, none of Books, Plants"]);
    expect(find({ Boards: null })).toEqual(["Boards must be array, not null"]);
  });

  it("may carry OData's own annotations in every object, and no other names with an at sign", () => {
    const annotated = { "@odata.type": "#Pbx.Shelf", "Boards@odata.count": 1, Boards: [] };
    expect(find({ ...annotated, Room: { "@odata.id": "x" } })).toEqual([]);
    expect(find({ "@ours": 1 })).toEqual(["@ours is no property of it; the value is 1"]);
  });

  it("may have several flags at once, each of them known", () => {
    expect(find({ Uses: "Books, Plants" })).toEqual([]);
    expect(find({ Uses: "Books,Planted" })).toEqual([
      'Uses is "Books,Planted", none of Books, Plants',
    ]);
  });

  it("keeps within bounds, lengths and patterns", () => {
    expect(find({ Id: 1001, Name: "x".repeat(41), Since: "2026" })).toEqual([
      "Id must be <= 1000, not 1001",
      `Name must NOT have more than 40 characters, not "${"x".repeat(41)}"`,
      'Since must match pattern "^[0-9]{4}-[0-9]{2}$", not "2026"',
    ]);
  });

  it("fails with every mistake at once, each where it stands", () => {
    expect(find({ Boards: [{ Length: 1 }, { Length: "1", Planted: {} }], Wood: "Teak" })).toEqual([
      'Wood is "Teak", none of Oak, Beech, Pine',
      "Boards[1].Planted is no property of it; the value is {}",
      'Boards[1].Length must be integer, not "1"',
    ]);
  });

  it("that a record hides may have been of any type, but not of any name", () => {
    expect(find({ Id: "(redacted)", Boards: "(redacted)" })).toEqual([]);
    expect(find({ Planted: "(redacted)" })).toHaveLength(1);
  });

  it("lacks nothing that is required", () => {
    const failure = { error: { code: "" } };
    expect(values.findMistakes(schemas.named("Failure"), failure)).toEqual([
      { at: "error", message: "lacks message" },
    ]);
  });

  it("of a type without properties may be any object", () => {
    expect(values.findMistakes(schemas.named("Pbx.Anything"), { any: "thing" })).toEqual([]);
    expect(values.findMistakes(schemas.named("Pbx.Anything"), 1)).toHaveLength(1);
  });
});

describe("a description", () => {
  it("with a keyword that no check knows is refused instead of half checked", () => {
    const { schemas } = describeTiny();
    const values = createValueCheck(schemas);
    const strange: Tree = { type: "integer", exclusiveMinimum: true };
    expect(() => values.findMistakes(strange, 1)).toThrow(/uses exclusiveMinimum, which no check/);
  });

  it.skipIf(ABSENT !== undefined)(`of 3CX is understood in every schema${WHY}`, () => {
    const { schemas } = readOfficial();
    expect(schemas.names.length).toBeGreaterThan(500);
    expect(() => createValueCheck(schemas)).not.toThrow();
  });
});

interface Trial {
  readonly spec: Spec;
  readonly value: unknown;
  readonly spots: readonly Spot[];
  readonly find: (value: unknown) => readonly Mistake[];
  /** One of them by the run's own choice; undefined when there is none. */
  readonly pick: (spots: readonly Spot[]) => Spot | undefined;
}

function check(spec: Spec, names: readonly string[], trial: (trial: Trial) => void): void {
  const { schemas } = spec;
  const values = createValueCheck(schemas);
  for (const name of names) {
    const schema = schemas.named(name);
    const property = fc.property(instanceOf(schemas, schema), fc.nat(), (value, choice) =>
      trial({
        spec,
        value,
        spots: spotsOf(schemas, schema, value),
        find: (changed) => values.findMistakes(schema, changed),
        pick: (spots) => spots[choice % Math.max(1, spots.length)],
      }),
    );
    fc.assert(property, { numRuns: 60 });
  }
}
