import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Expand, Query } from "../../src/domain/ports.ts";
import { kinds } from "../../src/kinds/index.ts";
import { buildListPath } from "../../src/xapi/odata/query.ts";
import { createContract } from "../support/contract/judge/check.ts";
import { findQueryMistakes, listedModel } from "../support/contract/judge/query.ts";
import type { Model, Schemas } from "../support/contract/spec/schema.ts";
import type { Operation, Spec } from "../support/contract/spec/read.ts";
import { ABSENT, readOfficial, WHY } from "./official.ts";
import { describeTiny } from "./tiny-spec.ts";

const tiny = describeTiny();

function find(query: string, name = "GET /Shelves"): readonly string[] {
  const operation = tiny.operations.find((one) => one.name === name);
  if (operation === undefined) throw new Error(`no ${name}`);
  return findQueryMistakes(tiny.schemas, operation, new URLSearchParams(query));
}

describe("query options", () => {
  it.each([
    "$select=Id,Name&$orderby=Name desc,Id",
    "$select=*&$expand=Tags",
    "$expand=Tags($select=Text),Room($select=Name;$expand=Doors($select=Text))",
    "$select=Id,Tags&$expand=Tags",
    "$filter=Name eq 'it''s (Planted)' and not (Load gt 1.5 or Wood ne null)&$top=5&$count=true",
    "$filter=contains(tolower(Name),'oak') and Room/Name in ('a','b')",
    "$filter=Tags/any(t:t/Text eq 'x' and startswith(t/Text,'y'))",
    "$filter=Tags/any(t:startswith(t/Text,'y')) or Boards/all(b:b/Length gt 1)",
    "$orderby=Room/Name",
    "",
  ])("%s are as the API documents them", (query) => {
    expect(find(query)).toEqual([]);
  });

  it.each([
    ["$select=Id,Planted", "$select: Planted is no property of Shelf"],
    ["$select=id", "$select: id is no property of Shelf"],
    ["$select=Room", "$select: Room of Shelf comes only with $expand"],
    ["$expand=Planted", "$expand: Planted is no navigation property of Shelf"],
    ["$expand=Boards", "$expand: Boards is no navigation property of Shelf"],
    ["$expand=Tags($select=Planted)", "$select: Planted is no property of Tag"],
    ["$expand=Room($expand=Planted)", "$expand: Planted is no navigation property of Room"],
    ["$expand=Tags($selekt=Text)", "$expand: $selekt is no option of it"],
    ["$orderby=Planted", "$orderby: Planted is no property of Shelf"],
    ["$orderby=Name up", "$orderby: Name up is no property with asc or desc"],
    ["$orderby=Room/Planted", "$orderby: Planted is no property of Room"],
    ["$orderby=Name/Planted", "$orderby: Name of Shelf has no property Planted"],
    ["$filter=Planted eq 1", "$filter: Planted is no property of Shelf"],
    ["$filter=Name eq Planted", "$filter: Planted is no property of Shelf"],
    ["$filter=planted(Name)", "$filter: planted is no function"],
    ["$filter=Name = 'x'", "$filter: = is no part of a filter"],
    ["$filter=Planted/any(t:t/Text eq 'x')", "$filter: Planted is no property of Shelf"],
    ["$filter=Tags/any(t:t/Planted eq 'x')", "$filter: Planted is no property of Tag"],
    ["$top=many", "$top: many is no whole number"],
    ["$top=-1", "$top: -1 is no whole number"],
    ["$count=1", "$count: 1 is no boolean"],
    ["$skip=5", "$skip is no query option of it"],
    ["planted=5", "planted is no query option of it"],
  ])("%s are wrong: %s", (query, mistake) => {
    expect(find(query)).toEqual([mistake]);
  });

  it("are wrong all at once", () => {
    expect(find("$select=A,B&$expand=C&$orderby=D&$filter=E eq 1&f=1")).toHaveLength(6);
  });

  it("belong to one operation: an entity is not filtered, a list of texts has no names", () => {
    expect(find("$select=Id&$filter=Id eq 1", "GET /Shelves({Id})")).toEqual([
      "$filter is no query option of it",
    ]);
    expect(find("$select=Id", "GET /Shelves/Pbx.FindSince(since={since},deep={deep})")).toEqual([
      "$select is no query option of it",
    ]);
  });
});

describe.skipIf(ABSENT !== undefined)(`what our own client asks of 3CX${WHY}`, () => {
  it("is right for every kind, and for the reading while a write settles", () => {
    const { spec, judge } = createContract(readOfficial());
    const queries = kinds.flatMap(({ query, settle }) => [
      query,
      ...(settle ? [settle.query] : []),
    ]);
    expect(queries.length).toBeGreaterThan(0);
    for (const query of queries) {
      const where = { property: "Id", in: [1, 2] };
      for (const one of [query, { ...query, where }])
        expect(judge(sentByClient(one)).violations, spec.name).toEqual([]);
    }
  });

  it("is right for every query made of names that the description has", () => {
    const { spec, judge } = createContract(readOfficial());
    fc.assert(
      fc.property(queryOf(spec), (query) => {
        expect(judge(sentByClient(query)).violations).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("is wrong, by name, as soon as one name is not in the description", () => {
    const { spec, judge } = createContract(readOfficial());
    fc.assert(
      fc.property(queryOf(spec), fc.constantFrom(...PLANTS), (query, plant) => {
        const { violations } = judge(sentByClient({ ...query, ...plant(query) }));
        expect(violations).toHaveLength(1);
        expect(violations[0]?.message).toContain("Planted");
      }),
      { numRuns: 200 },
    );
  });
});

const PLANTS: readonly ((query: Query) => Partial<Query>)[] = [
  ({ select }) => ({ select: [...select, "Planted"] }),
  ({ expand = [] }) => ({ expand: [...expand, { property: "Planted" }] }),
  () => ({ where: { property: "Planted", in: ["Planted"] } }),
  () => ({ collection: "Planted" }),
];

function sentByClient(query: Query): { method: string; target: string; agent: string } {
  const page = { top: 100, skip: 100, count: true };
  return { method: "GET", target: `/xapi/v1${buildListPath(query, page)}`, agent: "callform" };
}

/** Queries of any collection that takes all the options that our client uses. */
function queryOf(spec: Spec): fc.Arbitrary<Query> {
  const wanted = ["$select", "$expand", "$filter", "$orderby", "$top", "$skip", "$count"];
  const lists = spec.operations.filter(
    ({ method, template, options }) =>
      method === "GET" && /^\/\w+$/u.test(template) && wanted.every((name) => options.has(name)),
  );
  return fc
    .constantFrom(...lists)
    .map((operation) => ({ operation, model: modelOf(spec.schemas, operation) }))
    .filter(({ model }) => model.properties.has("Id"))
    .chain(({ operation, model }) => {
      const plain = namesOf(model, false);
      return fc.record({
        collection: fc.constant(operation.template.slice(1)),
        select: fc.subarray(plain, { minLength: 1 }),
        expand: expandOf(spec.schemas, model, 0),
        where: fc.record({
          property: fc.constantFrom(...plain),
          in: fc.array(fc.oneof(fc.string(), fc.nat()), { minLength: 1, maxLength: 4 }),
        }),
      });
    });
}

function expandOf(schemas: Schemas, model: Model, depth: number): fc.Arbitrary<Expand[]> {
  const names = namesOf(model, true);
  if (names.length === 0 || depth === 2) return fc.constant([]);
  return fc.subarray(names, { maxLength: Math.min(2, names.length) }).chain((chosen) =>
    fc.tuple(
      ...chosen.map((property) => {
        const schema = model.properties.get(property)?.schema ?? {};
        const target = schemas.innerModelOf(schema);
        if (target === undefined || target.open) return fc.constant<Expand>({ property });
        return fc.record({
          property: fc.constant(property),
          select: fc.subarray(namesOf(target, false), { minLength: 1 }),
          expand: expandOf(schemas, target, depth + 1),
        });
      }),
    ),
  );
}

function modelOf(schemas: Schemas, { answers }: Operation): Model {
  return listedModel(schemas, answers.get("200") ?? {});
}

function namesOf(model: Model, navigation: boolean): string[] {
  return [...model.properties]
    .filter(([, property]) => property.navigation === navigation)
    .map(([name]) => name);
}
