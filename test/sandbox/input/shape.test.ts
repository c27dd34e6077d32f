import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDocument } from "../../../src/sandbox/input/document.ts";
import {
  either,
  flag,
  listOf,
  mapOf,
  object,
  oneOf,
  text,
  variant,
  whole,
} from "../../../src/sandbox/input/shape.ts";
import type { Shape } from "../../../src/sandbox/input/shape.ts";

/** The mistakes a shape reports, as `path: mistake`. */
function mistakesIn(shape: Shape<unknown>, value: unknown): readonly string[] {
  const mistakes: string[] = [];
  const sound = shape.check(value, [], (at, mistake) =>
    mistakes.push(`${at.join(".")}: ${mistake}`),
  );
  expect(sound).toBe(mistakes.length === 0);
  return mistakes;
}

const DEEP = object(
  { name: text },
  { tags: listOf(text), limits: mapOf(whole(1)), on: flag, size: oneOf("small", "large") },
);

describe("a shape", () => {
  test("takes exactly its own kind of value", () => {
    const shapes: Readonly<Record<string, Shape<unknown>>> = {
      string: text,
      boolean: flag,
      number: whole(0),
      list: listOf(text),
      map: mapOf(text),
    };
    const values: Readonly<Record<string, unknown>> = {
      string: "a",
      boolean: true,
      number: 1,
      list: ["a"],
      map: { a: "b" },
    };
    for (const [kind, shape] of Object.entries(shapes))
      for (const [other, value] of Object.entries(values))
        expect([kind, other, mistakesIn(shape, value).length > 0]).toEqual([
          kind,
          other,
          kind !== other,
        ]);
    for (const shape of Object.values(shapes)) expect(mistakesIn(shape, null)).toHaveLength(1);
  });

  test("takes whole numbers from its least on, and no others", () => {
    fc.assert(
      fc.property(fc.integer(), fc.oneof(fc.integer(), fc.double()), (least, value) => {
        const fits = Number.isInteger(value) && value >= least;
        expect(mistakesIn(whole(least), value)).toHaveLength(fits ? 0 : 1);
      }),
    );
  });

  test("reports every mistake in an object, each with its path", () => {
    const value = {
      tags: ["a", 1, null],
      limits: { a: 0, b: 1 },
      on: "yes",
      size: "huge",
      extra: 1,
    };
    expect(mistakesIn(DEEP, value)).toEqual([
      ": lacks name",
      "tags.1: must be text, not 1",
      "tags.2: must be text, not null",
      "limits.a: must be a whole number of at least 1, not 0",
      'on: must be true or false, not "yes"',
      'size: must be one of small, large, not "huge"',
      "extra: is not known here; known are name, tags, limits, on, size",
    ]);
  });

  test("takes an object without what is optional", () => {
    expect(mistakesIn(DEEP, { name: "a" })).toEqual([]);
    expect(mistakesIn(DEEP, { name: "a", tags: [], limits: {}, on: false, size: "large" })).toEqual(
      [],
    );
  });

  test("that has variants is checked by the one its word chooses", () => {
    const shape = variant<unknown>("type", {
      wait: object({ type: oneOf("wait"), time: whole(0) }, {}),
      stop: object({ type: oneOf("stop") }, {}),
    });
    expect(mistakesIn(shape, { type: "wait", time: 1 })).toEqual([]);
    expect(mistakesIn(shape, { type: "wait" })).toEqual([": lacks time"]);
    expect(mistakesIn(shape, { type: "stop", time: 1 })).toEqual([
      "time: is not known here; known are type",
    ]);
    expect(mistakesIn(shape, { type: "go" })).toEqual([
      'type: must be one of wait, stop, not "go"',
    ]);
    expect(mistakesIn(shape, {})).toEqual(["type: must be one of wait, stop, not absent"]);
    expect(mistakesIn(shape, [])).toEqual([": must be a map of names to values, not a list"]);
  });

  test("of either of two takes both and reports the second", () => {
    const shape = either(whole(1), oneOf("always"));
    expect([mistakesIn(shape, 3), mistakesIn(shape, "always")]).toEqual([[], []]);
    expect(mistakesIn(shape, 0)).toEqual([": must be one of always, not 0"]);
  });
});

describe("a document", () => {
  const read = (source: string) => readDocument(source, "file.yaml", DEEP);

  test("of the shape is given as it is, in YAML and in JSON alike", () => {
    const value = { name: "a", tags: ["b"], limits: { c: 3 } };
    expect(read("name: a\ntags: [b]\nlimits: { c: 3 }\n")).toEqual(value);
    expect(read(JSON.stringify(value))).toEqual(value);
  });

  test("with mistakes names the line and column of the deepest part there is", () => {
    expect(() => read("tags:\n  - a\n  - 5\nlimits:\n  x: -1\n")).toThrow(
      [
        "file.yaml:1:1: lacks name",
        "file.yaml:3:5: tags[1] must be text, not 5",
        "file.yaml:5:6: limits.x must be a whole number of at least 1, not -1",
      ].join("\n"),
    );
  });

  test("that is empty is an empty map", () => {
    expect(() => read("")).toThrow("file.yaml:1:1: lacks name");
    expect(readDocument("# nothing\n", "file.yaml", mapOf(text))).toEqual({});
  });

  test("that is not YAML reports that, with its place, and nothing else", () => {
    expect(() => read("name: [a\nb: {")).toThrow(/^file\.yaml:\d+:\d+: [^\n]+/u);
    expect(() => read("name: a\nname: b\n")).toThrow(/^file\.yaml:2:1: [^\n]*unique[^\n]*$/u);
  });

  test("of any JSON value is read or refused with places, and never fails otherwise", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(outcomeOf(() => read(JSON.stringify(value)))).toMatch(
          /^(read|file\.yaml:\d+:\d+: )/u,
        );
      }),
    );
  });
});

function outcomeOf(run: () => unknown): string {
  try {
    run();
    return "read";
  } catch (error) {
    return error instanceof Error ? error.message : "no error";
  }
}
