import * as fc from "fast-check";
import jsonPatch, { type Operation } from "fast-json-patch";
import { describe, expect, test } from "vitest";

import { canonicalizeJson } from "../../../src/domain/plan/canonical.ts";
import type { Json } from "../../../src/domain/json.ts";
import {
  type DocumentTree,
  findOrigin,
  spanKey,
  spanMissing,
  spanValue,
} from "../../../src/manifest/yaml/find-node.ts";
import { mergePart } from "../../../src/manifest/overlay/merge.ts";
import { applyOperation, type PatchOperation } from "../../../src/manifest/overlay/operations.ts";
import { graftTree, readPart, takePart } from "../../../src/manifest/overlay/parts.ts";
import { parseYaml } from "../../../src/manifest/yaml/parse.ts";
import { readNode } from "../../../src/manifest/yaml/read-node.ts";
import { joinPointer, splitPointer } from "../../../src/manifest/schema/validators.ts";

/** A YAML text as a part and a tree. */
function open(text: string, file = "a.yaml") {
  const yaml = parseYaml(text, file);
  const root = yaml.documents[0]?.node;
  if (root === null || root === undefined) throw new Error("no document");
  const { value, aliases } = readNode(root, yaml);
  const tree: DocumentTree = { source: yaml, root, aliases };
  return { tree, part: takePart(value, { tree, path: [] }) };
}

const { tree: nowhere } = open("{}");
const part = (value: Json) => takePart(value, { tree: nowhere, path: [] });

/** An operation as overlays hold it. */
function toOperation(operation: Operation): PatchOperation {
  const named = { tree: nowhere, path: [] };
  const path = splitPointer(operation.path);
  if (operation.op === "add" || operation.op === "replace" || operation.op === "test")
    return { op: operation.op, path, named, value: part(operation.value) };
  if (operation.op === "move" || operation.op === "copy")
    return { op: operation.op, path, named, from: splitPointer(operation.from) };
  return { op: "remove", path, named };
}

/** What comes of a document: the value, or undefined where the operation is refused. */
function apply(document: Json, operation: Operation): Json | undefined {
  const { part: changed } = applyOperation(part(document), toOperation(operation));
  return changed === undefined ? undefined : readPart(changed);
}

function refuse(document: Json, operation: Operation) {
  return applyOperation(part(document), toOperation(operation)).refusal;
}

/**
 * The same by fast-json-patch. It moves and copies without looking whether the end is inside a list, so those are put together
 * from what they stand for.
 */
function applyByLibrary(document: Json, operation: Operation): Json | undefined {
  const run = (value: Json, step: Operation): Json =>
    jsonPatch.applyOperation(structuredClone(value), structuredClone(step), true).newDocument;
  try {
    if (operation.op !== "move" && operation.op !== "copy") return run(document, operation);
    const { op, from, path } = operation;
    if (op === "move" && path.startsWith(`${from}/`)) return undefined;
    const left = run(document, { op: "remove", path: from });
    const value: unknown = jsonPatch.getValueByPointer(structuredClone(document), from);
    return run(op === "move" ? left : document, { op: "add", path, value });
  } catch {
    return undefined;
  }
}

const keys = fc.constantFrom("a", "b", "c/d", "e~f");
const { value: values } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom(null, true, 7, "x", ""),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(keys, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const maps = fc.dictionary(keys, values, { maxKeys: 4, noNullPrototype: true });
const steps = fc.oneof(
  { weight: 3, arbitrary: keys },
  { weight: 2, arbitrary: fc.constantFrom("0", "1", "2") },
  fc.constantFrom("-", "3"),
);
const paths = fc.array(steps, { minLength: 1, maxLength: 3 });

/** Ways that lead somewhere are rare among random ones: of the places in a document, one and then perhaps a step more. */
function placesOf(value: Json, path: string[] = []): string[][] {
  if (value === null || typeof value !== "object") return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => placesOf(item, [...path, key]))];
}

const cases = maps.chain((document) => {
  const known = fc.constantFrom(...placesOf(document));
  const near = fc
    .tuple(known, fc.option(steps, { nil: undefined }))
    .map(([path, step]) => (step === undefined ? path : [...path, step]));
  const pointer = fc
    .oneof({ weight: 4, arbitrary: near }, paths)
    .filter((path) => path.length > 0)
    .map(joinPointer);
  const found = fc.oneof(
    values,
    known.map((path) => lookUp(document, path)),
  );
  const operation: fc.Arbitrary<Operation> = fc.oneof(
    fc.record({ op: fc.constantFrom("add", "replace", "test"), path: pointer, value: found }),
    fc.record({ op: fc.constant("remove"), path: pointer }),
    fc.record({ op: fc.constantFrom("move", "copy"), path: pointer, from: pointer }),
  ) as fc.Arbitrary<Operation>;
  return fc.tuple(fc.constant(document), operation);
});

function lookUp(value: Json, path: readonly string[]): Json {
  let current: Json = value;
  for (const step of path) current = (current as Record<string, Json>)[step] ?? null;
  return current;
}

describe("an operation", () => {
  test("does what another implementation of RFC 6902 does, and refuses what that refuses", () => {
    const met = { done: 0, refused: 0 };
    fc.assert(
      fc.property(cases, ([document, operation]) => {
        const expected = applyByLibrary(document, operation);
        const result = apply(document, operation);
        if (result === undefined) met.refused += 1;
        else met.done += 1;
        expect(result === undefined ? undefined : canonicalizeJson(result)).toEqual(
          expected === undefined ? undefined : canonicalizeJson(expected),
        );
      }),
      { numRuns: 2000 },
    );
    expect(Math.min(met.done, met.refused)).toBeGreaterThan(200);
  });

  test("leaves the document that it was given as it was", () => {
    fc.assert(
      fc.property(cases, ([document, operation]) => {
        const before = part(document);
        const text = canonicalizeJson(document);
        applyOperation(before, toOperation(operation));
        expect(canonicalizeJson(readPart(before))).toBe(text);
      }),
    );
  });

  test.each<[Operation, Json]>([
    [
      { op: "add", path: "/list/1", value: 9 },
      { list: [1, 9, 2], map: { a: 1 } },
    ],
    [
      { op: "add", path: "/list/-", value: null },
      { list: [1, 2, null], map: { a: 1 } },
    ],
    [
      { op: "add", path: "/map/b", value: [] },
      { list: [1, 2], map: { a: 1, b: [] } },
    ],
    [
      { op: "add", path: "/map/a", value: 2 },
      { list: [1, 2], map: { a: 2 } },
    ],
    [
      { op: "remove", path: "/list/0" },
      { list: [2], map: { a: 1 } },
    ],
    [{ op: "remove", path: "/map" }, { list: [1, 2] }],
    [
      { op: "replace", path: "/list/0", value: "x" },
      { list: ["x", 2], map: { a: 1 } },
    ],
    [
      { op: "move", from: "/map/a", path: "/list/0" },
      { list: [1, 1, 2], map: {} },
    ],
    [
      { op: "move", from: "/map/a", path: "/map/a" },
      { list: [1, 2], map: { a: 1 } },
    ],
    [
      { op: "copy", from: "/list", path: "/map/b" },
      { list: [1, 2], map: { a: 1, b: [1, 2] } },
    ],
    [
      { op: "test", path: "/map", value: { a: 1 } },
      { list: [1, 2], map: { a: 1 } },
    ],
  ])("%j gives %j", (operation, expected) => {
    expect(apply({ list: [1, 2], map: { a: 1 } }, operation)).toEqual(expected);
  });

  test.each<[Operation, string, string, string | undefined]>([
    [{ op: "remove", path: "/mapp" }, "path", "there is no mapp", "did you mean map?"],
    [{ op: "replace", path: "/map/b", value: 1 }, "path", "there is no map.b", undefined],
    [
      { op: "remove", path: "/list/2" },
      "path",
      "there is no list[2]",
      "the list has the positions 0 to 1; - adds an item at its end",
    ],
    [{ op: "add", path: "/list/01", value: 1 }, "path", "there is no list[01]", undefined],
    [
      { op: "add", path: "/text/a", value: 1 },
      "path",
      "text is neither a map nor a list",
      undefined,
    ],
    [
      { op: "move", from: "/map", path: "/map/a" },
      "path",
      "map cannot be moved into itself",
      undefined,
    ],
    [{ op: "copy", from: "/mapp", path: "/b" }, "from", "there is no mapp", "did you mean map?"],
    [{ op: "test", path: "/text", value: "y" }, "value", 'text is "x", not "y"', undefined],
    [{ op: "test", path: "/map", value: [1] }, "value", 'map is {"a":1}, not [1]', undefined],
    [{ op: "test", path: "/none", value: 1 }, "path", "there is no none", undefined],
  ])("%j is refused at its %s: %s", (operation, about, fault, hint) => {
    const refusal = refuse({ list: [1, 2], map: { a: 1 }, text: "x" }, operation);
    expect(refusal).toMatchObject({ about, fault });
    if (hint !== undefined) expect(refusal?.hint).toBe(hint);
  });

  test("on an empty list says how one adds to it", () => {
    expect(refuse({ list: [] }, { op: "replace", path: "/list/0", value: 1 })?.hint).toBe(
      "the list is empty; - adds an item at its end",
    );
  });
});

describe("a merge patch", () => {
  // The examples of RFC 7386, appendix A, but for those whose document or patch is not a map at the top.
  test.each<[Json, Json, Json]>([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])("of %j with %j gives %j", (document, patch, expected) => {
    const merged = readPart(mergePart(part(document), part(patch)));
    expect(merged).toEqual(expected);
  });

  test("gives the same when it is applied twice, and nothing new when all of it is there", () => {
    fc.assert(
      fc.property(maps, maps, (document, patch) => {
        const once = mergePart(part(document), part(patch));
        expect(readPart(mergePart(once, part(patch)))).toEqual(readPart(once));
        const withoutNulls = readPart(mergePart(undefined, part(document)));
        expect(readPart(mergePart(part(withoutNulls), part(withoutNulls)))).toEqual(withoutNulls);
      }),
    );
  });
});

describe("the places of a document that an overlay changed", () => {
  const base = "spec:\n  name: one\n  list:\n    - 1\n    - 2\n  gone: x\n";
  const patch = "merge:\n  spec:\n    name: two\n    gone: null\n    more: 3\n";

  function merge() {
    const document = open(base);
    const overlay = open(patch, "o.yaml");
    const from = { tree: overlay.tree, path: ["merge"] };
    const change = takePart({ spec: { name: "two", gone: null, more: 3 } }, from);
    return graftTree(document.tree, mergePart(document.part, change));
  }

  test("are those of the file that gave each value", () => {
    const tree = merge();
    const place = (path: string[]) => {
      const { file, line, column } = spanValue(tree, path);
      return `${file}:${line}:${column}`;
    };
    expect(place(["spec", "name"])).toBe("o.yaml:3:11");
    expect(place(["spec", "more"])).toBe("o.yaml:5:11");
    expect(place(["spec", "list", "1"])).toBe("a.yaml:5:7");
    expect(place(["spec"])).toBe("a.yaml:2:3");
    expect(place([])).toBe("a.yaml:1:1");
    expect(place(["spec", "gone"])).toBe("a.yaml:2:3");
    expect(findOrigin(tree, ["spec", "gone"])).toBeUndefined();
  });

  test("name what took a key away, and the key that was given", () => {
    const tree = merge();
    expect(spanMissing(tree, ["spec"], "gone")).toMatchObject({
      file: "o.yaml",
      line: 4,
      column: 11,
    });
    expect(spanMissing(tree, ["spec"], "other")).toMatchObject({ file: "a.yaml", line: 1 });
    expect(spanKey(tree, ["spec", "more"])).toMatchObject({ file: "o.yaml", line: 5, column: 5 });
    expect(spanKey(tree, ["spec", "list"])).toMatchObject({ file: "a.yaml", line: 3, column: 3 });
  });

  test("follow an item of a list when others are put before it", () => {
    const document = open(base);
    const operation = toOperation({ op: "add", path: "/spec/list/0", value: 0 });
    const { part: changed } = applyOperation(document.part, operation);
    const tree = graftTree(document.tree, changed ?? document.part);
    expect(spanValue(tree, ["spec", "list", "2"])).toMatchObject({ file: "a.yaml", line: 5 });
  });
});

describe("what overlays may make of a manifest", () => {
  test("is bounded, however often a value is copied into itself", () => {
    let document = part({ spec: { groups: [{ name: "A" }] } });
    const copy = toOperation({ op: "copy", from: "/spec/groups", path: "/spec/groups/-" });
    let refusal: string | undefined;
    let copies = 0;
    while (refusal === undefined && copies < 60) {
      const outcome = applyOperation(document, copy);
      document = outcome.part ?? document;
      refusal = outcome.refusal?.fault;
      copies += 1;
    }
    expect(refusal).toBe("the manifest would hold more than 20000 values");
    expect(copies).toBeLessThan(16);
    expect(JSON.stringify(readPart(document)).length).toBeLessThan(1_000_000);
  });

  test("is bounded for one long text as well", () => {
    let document = part({ spec: { a: "x".repeat(64_000) } });
    let refused = 0;
    for (let index = 0; index < 30; index += 1) {
      const operation = toOperation({ op: "copy", from: "/spec/a", path: `/spec/b${index}` });
      const outcome = applyOperation(document, operation);
      document = outcome.part ?? document;
      refused += outcome.refusal === undefined ? 0 : 1;
    }
    expect(refused).toBeGreaterThan(5);
  });
});
