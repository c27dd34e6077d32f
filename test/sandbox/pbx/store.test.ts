import * as fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { Row } from "../../../src/sandbox/model/types.ts";
import { createStore } from "../../../src/sandbox/pbx/store.ts";
import type { Store } from "../../../src/sandbox/pbx/store.ts";
import { chooseQuirks } from "../../../src/sandbox/quirks.ts";

const QUIRKS = chooseQuirks("20.0.10");

let store: Store;
beforeEach(() => {
  store = createStore("20.0.10", QUIRKS);
});

describe("rows", () => {
  test("get ids in order, over all collections", () => {
    const rows = [
      store.insert("Groups", {}),
      store.insert("Users", {}),
      store.insert("Groups", {}),
    ];
    expect(rows.map((row) => row["Id"])).toEqual([1, 2, 3]);
    expect(store.list("Groups").map((row) => row["Id"])).toEqual([1, 3]);
  });

  test("are found by id in their own collection only", () => {
    const group = store.insert("Groups", { Name: "a" });
    expect(store.byId("Groups", 1)).toBe(group);
    expect(store.byId("Users", 1)).toBeUndefined();
  });

  test("that have a number are found by it, until they are removed", () => {
    const queue = store.insert("Queues", { Number: "800" });
    expect(store.byNumber("800")).toEqual({ set: "Queues", row: queue });
    store.remove("Queues", queue);
    expect(store.byNumber("800")).toBeUndefined();
    expect([...store.numbered()]).toEqual([]);
  });

  test("of collections outside the number plan have no number in it", () => {
    store.insert("Parameters", { Number: "800" });
    expect(store.byNumber("800")).toBeUndefined();
  });

  test("are changed in place", () => {
    const row = store.insert("Queues", { Number: "800", Name: "a" });
    store.apply({ set: "Queues", row, values: { Name: "b" } });
    expect(store.byNumber("800")?.row["Name"]).toBe("b");
  });
});

describe("lists", () => {
  test("are the same array until something in them changes", () => {
    const row = store.insert("Queues", {});
    const before = store.list("Queues");
    expect(store.list("Queues")).toBe(before);
    store.insert("Users", {});
    expect(store.list("Queues")).toBe(before);
    store.apply({ set: "Queues", row, values: {} });
    expect(store.list("Queues")).not.toBe(before);
  });

  test("that are worked out follow every change", () => {
    const numbers = () => store.list("DidNumbers").map((row) => row["Number"]);
    expect(numbers()).toEqual([]);
    const trunk = store.insert("Trunks", { Number: "10000", DidNumbers: ["1", "2"] });
    expect(numbers()).toEqual(["1", "2"]);
    const listed = store.list("DidNumbers");
    expect(store.list("DidNumbers")).toBe(listed);
    store.remove("Trunks", trunk);
    expect(numbers()).toEqual([]);
  });

  test("of a collection that is none are a bug and say so", () => {
    expect(() => store.list("Nothing")).toThrow("no entity set Nothing");
  });
});

describe("the revision", () => {
  test("grows with every change and with nothing else", () => {
    const seen = [store.revision];
    const row = store.insert("Queues", { Number: "800" });
    seen.push(store.revision);
    store.apply({ set: "Queues", row, values: {} });
    seen.push(store.revision);
    store.remove("Queues", row);
    seen.push(store.revision);
    store.list("Queues");
    store.byNumber("800");
    store.snapshot();
    seen.push(store.revision);
    expect(seen).toEqual([0, 1, 2, 3, 3]);
  });
});

describe("a snapshot", () => {
  const rows = fc.array(
    fc.record({
      set: fc.constantFrom("Groups", "Queues", "Users", "Parameters"),
      number: fc.integer({ min: 100, max: 120 }).map(String),
      remove: fc.boolean(),
    }),
    { maxLength: 20 },
  );

  test("gives the same state back, numbers, ids and all", () => {
    fc.assert(
      fc.property(rows, (steps) => {
        const first = createStore("20.0.10", QUIRKS);
        for (const { set, number, remove } of steps) {
          if (first.byNumber(number) !== undefined) continue;
          const row = first.insert(set, { Number: number });
          if (remove) first.remove(set, row);
        }
        const second = createStore("20.0.10", QUIRKS, JSON.parse(JSON.stringify(first.snapshot())));
        expect(second.snapshot()).toEqual(first.snapshot());
        expect(second.insert("Groups", {})["Id"]).toBe(first.insert("Groups", {})["Id"]);
        for (const { number } of steps)
          expect(second.byNumber(number)?.set).toBe(first.byNumber(number)?.set);
      }),
    );
  });

  test("is no part of the state it was taken from", () => {
    store.insert("Groups", { Name: "a" });
    const copy: { sets: Record<string, Row[]> } = JSON.parse(JSON.stringify(store.snapshot()));
    const loaded = createStore("20.0.10", QUIRKS, { nextId: 2, sets: copy.sets });
    for (const row of copy.sets["Groups"] ?? []) row["Name"] = "changed";
    expect(loaded.list("Groups")).toEqual([{ Name: "a", Id: 1 }]);
  });
});
