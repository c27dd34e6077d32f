import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changeOne, makeObjects, pickOne } from "../../bench/peers/objects.ts";

const counts = fc.integer({ min: 1, max: 60 });

describe("the objects that every tool is given", () => {
  it("are as many and as heavy as asked for, and no two are alike", () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 60, max: 3000 }), (count, characters) => {
        const objects = makeObjects(count, characters);
        expect(objects).toHaveLength(count);
        for (const pick of ["id", "name", "text"] as const)
          expect(new Set(objects.map((object) => object[pick])).size).toBe(count);
        expect(objects.every(({ text }) => text.length === characters)).toBe(true);
      }),
    );
  });

  it("are the same every time, so that runs can be compared", () => {
    expect(makeObjects(20, 500)).toEqual(makeObjects(20, 500));
  });

  it("hold nothing that a tool takes for a placeholder of its own", () => {
    for (const { text } of makeObjects(5, 2000)) expect(text).not.toMatch(/##|@@|\$\{|\{\{/);
  });
});

describe("the change of one object", () => {
  it("moves exactly one, and each round moves it elsewhere", () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 9 }), (count, round) => {
        const objects = makeObjects(count, 300);
        const changed = changeOne(objects, round);
        const moved = changed.filter((object, index) => object.text !== objects[index]?.text);
        expect(moved.map(({ name }) => name)).toEqual([pickOne(objects).name]);
        expect(pickOne(changed).text).not.toBe(pickOne(changeOne(objects, round + 1)).text);
        expect(pickOne(changed).text).toHaveLength(pickOne(objects).text.length);
      }),
    );
  });

  it("is none before the first round", () => {
    const objects = makeObjects(7, 300);
    expect(changeOne(objects, 0)).toEqual(objects);
  });

  it("needs an object", () => {
    expect(() => pickOne([])).toThrow("no objects");
  });
});
