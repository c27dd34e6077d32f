import * as fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { isObject } from "../../../src/sandbox/json.ts";
import type { JsonObject } from "../../../src/sandbox/json.ts";
import { typeNamed } from "../../../src/sandbox/model/registry.ts";
import type { Row } from "../../../src/sandbox/model/types.ts";
import { readOptions } from "../../../src/sandbox/odata/options.ts";
import { createLister } from "../../../src/sandbox/pbx/lists.ts";
import { createStore } from "../../../src/sandbox/pbx/store.ts";
import type { Store } from "../../../src/sandbox/pbx/store.ts";
import { chooseQuirks } from "../../../src/sandbox/quirks.ts";

const TYPE = typeNamed("CallFlowApp");
const row = fc.record({
  Name: fc.oneof(fc.constantFrom("a", "B", "b", "ab", ""), fc.constant(null)),
  RoutingType: fc.constantFrom("DialCode", "Forward", "Trunk"),
  CompilationSucceeded: fc.boolean(),
});

function makeStore(rows: readonly Row[]): Store {
  const store = createStore("20.0.10", chooseQuirks("20.0.10"));
  for (const [index, values] of rows.entries())
    store.insert("CallFlowApps", { ...values, Number: String(100 + index) });
  return store;
}

/** Everything a query gives, page by page. */
function readAll(store: Store, query: string, size = 100): readonly JsonObject[] {
  const list = createLister(store);
  const all: JsonObject[] = [];
  for (;;) {
    const text = new URLSearchParams(`${query}&$top=${size}&$skip=${all.length}`);
    const page = list(store.list("CallFlowApps"), TYPE, readOptions(text)).value.filter(isObject);
    all.push(...page);
    if (page.length < size) return all;
  }
}

const MODELS: Readonly<Record<string, (row: Row) => boolean>> = {
  "Name eq 'a'": ({ Name }) => Name === "a",
  "Name ne 'a'": ({ Name }) => Name !== "a",
  "Name eq null": ({ Name }) => Name === null,
  "Name in ('a','b')": ({ Name }) => Name === "a" || Name === "b",
  "Name gt 'a'": ({ Name }) => typeof Name === "string" && Name > "a",
  "Name le 'a'": ({ Name }) => typeof Name === "string" && Name <= "a",
  "contains(Name,'b')": ({ Name }) => typeof Name === "string" && Name.includes("b"),
  "not contains(Name,'b')": ({ Name }) => typeof Name !== "string" || !Name.includes("b"),
  "tolower(Name) eq 'b'": ({ Name }) => typeof Name === "string" && Name.toLowerCase() === "b",
  "RoutingType eq 'Trunk' and CompilationSucceeded": (one) =>
    one["RoutingType"] === "Trunk" && one["CompilationSucceeded"] === true,
  "RoutingType ne 'Trunk' or CompilationSucceeded eq false": (one) =>
    one["RoutingType"] !== "Trunk" || one["CompilationSucceeded"] === false,
  "Id ge 2 and Id lt 4": ({ Id }) => Number(Id) >= 2 && Number(Id) < 4,
};

describe("over any entities", () => {
  test.each(Object.keys(MODELS))(
    "$filter=%s gives those it is true of, in their order",
    (filter) => {
      fc.assert(
        fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
          const store = makeStore(rows);
          const expected = store.list("CallFlowApps").filter((one) => MODELS[filter]?.(one));
          const given = readAll(store, `$filter=${encodeURIComponent(filter)}`);
          expect(given.map((one) => one["Id"])).toEqual(expected.map((one) => one["Id"]));
        }),
      );
    },
  );

  test("pages of any size put together are the whole, each entity once, sorted as asked", () => {
    const orders = fc.constantFrom(
      "Id",
      "Id desc",
      "Name",
      "Name desc,Id",
      "RoutingType,Name,Id desc",
    );
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        orders,
        (rows, size, order) => {
          const store = makeStore(rows);
          const paged = readAll(store, `$orderby=${order}`, size);
          expect(paged).toEqual(readAll(store, `$orderby=${order}`));
          expect(new Set(paged.map((one) => one["Id"])).size).toBe(rows.length);
        },
      ),
    );
  });

  test("descending is the other way round", () => {
    const store = makeStore([{ Name: "b" }, { Name: null }, { Name: "a" }, { Name: "b" }]);
    const ids = (order: string) => readAll(store, `$orderby=${order}`).map((one) => one["Id"]);
    expect(ids("Id desc")).toEqual([4, 3, 2, 1]);
    expect(ids("Name,Id")).toEqual([2, 3, 1, 4]);
    expect(ids("Name desc,Id")).toEqual([1, 4, 3, 2]);
  });

  test("$count is what the filter leaves, whatever the page shows of it", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), fc.nat(5), (rows, top) => {
        const store = makeStore(rows);
        const query = new URLSearchParams(`$filter=Name eq 'a'&$count=true&$top=${top}`);
        const page = createLister(store)(store.list("CallFlowApps"), TYPE, readOptions(query));
        expect(page.count).toBe(rows.filter(({ Name }) => Name === "a").length);
        expect(page.value).toHaveLength(Math.min(top, page.count ?? 0));
      }),
    );
  });

  test("$select gives those properties and no others", () => {
    const names = fc.uniqueArray(fc.constantFrom("Id", "Name", "Number", "ScriptCode"), {
      minLength: 1,
    });
    fc.assert(
      fc.property(names, (selected) => {
        const [one] = readAll(makeStore([{ Name: "a" }]), `$select=${selected.join(",")}`);
        expect(Object.keys(one ?? {}).toSorted()).toEqual(selected.toSorted());
      }),
    );
  });

  test("$search finds by a part of the name or number", () => {
    const store = makeStore([{ Name: "Sales" }, { Name: "support" }]);
    const found = (text: string) => readAll(store, `$search=${text}`).map((one) => one["Number"]);
    expect([found("SALE"), found("101"), found('"port"'), found("zz")]).toEqual([
      ["100"],
      ["101"],
      ["101"],
      [],
    ]);
  });
});

describe("the order that is remembered", () => {
  let store: Store;
  let names: () => readonly unknown[];
  beforeEach(() => {
    store = makeStore([{ Name: "c" }, { Name: "a" }]);
    const list = createLister(store);
    const options = readOptions(new URLSearchParams("$orderby=Name&$select=Name"));
    names = () =>
      list(store.list("CallFlowApps"), TYPE, options)
        .value.filter(isObject)
        .map((one) => one["Name"]);
  });

  test("takes in what is new", () => {
    expect(names()).toEqual(["a", "c"]);
    store.insert("CallFlowApps", { Name: "b" });
    expect(names()).toEqual(["a", "b", "c"]);
  });

  test("by a property of something else follows a change of that", () => {
    const trunks = ["a", "b"].map((id) => store.insert("Trunks", { AuthID: id }));
    for (const [index, app] of store.list("CallFlowApps").entries())
      store.apply({
        set: "CallFlowApps",
        row: app,
        values: { Trunk: trunks[index]?.["Id"] ?? null },
      });
    const list = createLister(store);
    const options = readOptions(new URLSearchParams("$orderby=Trunk/AuthID&$select=Name"));
    const read = () => list(store.list("CallFlowApps"), TYPE, options).value;
    expect(read()).toEqual([{ Name: "c" }, { Name: "a" }]);
    const [first] = trunks;
    if (first !== undefined) store.apply({ set: "Trunks", row: first, values: { AuthID: "z" } });
    expect(read()).toEqual([{ Name: "a" }, { Name: "c" }]);
  });

  test("follows a change and a removal", () => {
    const [first] = store.list("CallFlowApps");
    if (first === undefined) throw new Error("no app");
    expect(names()).toEqual(["a", "c"]);
    store.apply({ set: "CallFlowApps", row: first, values: { Name: "0" } });
    expect(names()).toEqual(["0", "a"]);
    store.remove("CallFlowApps", first);
    expect(names()).toEqual(["a"]);
  });
});

test.each([
  ["Id eq '1'", "incompatible types"],
  ["Name eq 5", "incompatible types"],
  ["CompilationSucceeded eq 'true'", "incompatible types"],
  ["Id in (1,'2')", "incompatible types"],
  ["RoutingType eq 'Sideways'", "not a valid enumeration type constant"],
  ["RoutingType eq Pbx.CfaRoutingType'Up'", "not a valid enumeration type constant"],
  ["Name", "not a condition"],
  ["Name and Id eq 1", "conditions on both sides"],
  ["contains(Id,'1')", "works on text"],
  ["contains(Name)", "unknown function"],
  ["tolower(Name,'x') eq 'x'", "unknown function"],
  ["length(Name) eq 1", "unknown function"],
  ["Groups/Name eq 'x'", "no properties of its own"],
  ["Trunk eq null", "not a single value"],
  ["Trunk/Foo eq 1", "property named 'Foo' on type 'Pbx.Trunk'"],
])("$filter=%s is refused: %s", (filter, why) => {
  const store = makeStore([]);
  expect(() => readAll(store, `$filter=${encodeURIComponent(filter)}`)).toThrow(why);
});
