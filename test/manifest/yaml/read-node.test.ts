import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";

import type { Json } from "../../../src/domain/json.ts";
import { findNode, spanKey, spanValue } from "../../../src/manifest/yaml/find-node.ts";
import { parseYaml, type YamlFile } from "../../../src/manifest/yaml/parse.ts";
import { MAX_ALIASED_VALUES, readNode } from "../../../src/manifest/yaml/read-node.ts";

/** The first document of a text as plain data, with everything needed to find places in it. */
function readText(text: string) {
  const source = parseYaml(text, "a.yaml");
  const root = source.documents[0]?.node;
  if (root === undefined || root === null) throw new Error("the text has no document");
  const { value, problems, aliases } = readNode(root, source);
  return { source, value, problems, tree: { source, root, aliases } };
}

/** What a span that has an end covers in the text. */
function sliceSpan({ text, lineStarts }: YamlFile, span: ReturnType<typeof spanValue>): string {
  const offset = (line = 0, column = 0): number => (lineStarts[line - 1] ?? 0) + column - 1;
  return text.slice(offset(span.line, span.column), offset(span.endLine, span.endColumn));
}

const keys = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 8 })
  .filter((key) => !["__proto__", "constructor", "prototype", "<<"].includes(key));
const leaves = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "0806",
    "yes",
    "no",
    "null",
    "~",
    "1e3",
    "a: b",
    "# x",
    "- a",
    "x\ny\n",
    " x ",
    "*a",
    "&a",
    "!b",
    "${var:X}",
  ),
);
const { tree: documents } = fc.letrec<{ tree: Json }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaves,
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.dictionary(keys, tie("tree"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

/** Every way to a value of a document, the way to the document itself first. */
function listPaths(
  value: Json,
  path: readonly string[] = [],
): (readonly [readonly string[], Json])[] {
  const children = value !== null && typeof value === "object" ? Object.entries(value) : [];
  return [[path, value], ...children.flatMap(([key, child]) => listPaths(child, [...path, key]))];
}

const styles = fc.record({
  defaultStringType: fc.constantFrom(
    "PLAIN",
    "QUOTE_SINGLE",
    "QUOTE_DOUBLE",
    "BLOCK_LITERAL",
    "BLOCK_FOLDED",
  ),
  collectionStyle: fc.constantFrom("any", "block", "flow"),
  indent: fc.constantFrom(1, 2, 5),
  lineWidth: fc.constantFrom(0, 20, 80),
}) as fc.Arbitrary<NonNullable<Parameters<typeof stringify>[2]> & object>;

describe("a document as plain data", () => {
  test("is what the YAML library makes of it, in whatever style", () => {
    fc.assert(
      fc.property(documents, styles, (document, style) => {
        const text = stringify(document, { aliasDuplicateObjects: false, ...style });
        fc.pre(text.trim() !== "");
        const { value, problems } = readText(text);
        expect(problems).toEqual([]);
        // Not the document itself: written in some styles, some texts lose a blank.
        expect(value).toEqual(parse(text));
      }),
    );
  });

  test("is what was written as JSON", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const { value, problems } = readText(JSON.stringify(document));
        expect(problems).toEqual([]);
        expect(value).toEqual(document);
      }),
    );
  });

  test("is what was written when the same value stands behind aliases", () => {
    fc.assert(
      fc.property(documents, fc.integer({ min: 1, max: 5 }), (shared, times) => {
        const document = Array.from({ length: times }, () => ({ shared }));
        const { value, problems } = readText(stringify(document));
        expect(problems).toEqual([]);
        expect(value).toEqual(document);
      }),
    );
  });

  test("keeps the order of its keys", () => {
    expect(Object.keys(readText("b: 1\na: 2\nc: 3\n").value ?? {})).toEqual(["b", "a", "c"]);
  });

  test("has the first of two values of a key, and one problem for each further one", () => {
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 6 }), (key, times) => {
        const line = JSON.stringify(key);
        const text = Array.from({ length: times }, (_, index) => `${line}: ${index}\n`).join("");
        const { value, problems } = readText(text);
        expect(value).toEqual({ [key]: 0 });
        expect(problems.map(({ code, at }) => [code, at?.line])).toEqual(
          Array.from({ length: times - 1 }, (_, index) => ["duplicate-key", index + 2]),
        );
      }),
    );
  });

  test("stops at as many values behind aliases as are allowed, and not before", () => {
    const list = (count: number): string =>
      `a: &a [${Array.from({ length: 99 }, () => "x").join(",")}]\nb: [${Array.from({ length: count }, () => "*a").join(",")}]\n`;
    const fits = MAX_ALIASED_VALUES / 100;
    expect(readText(list(fits)).problems).toEqual([]);
    expect(readText(list(fits + 1)).problems).toMatchObject([
      { code: "alias-limit", at: { line: 2 } },
    ]);
  });
});

describe("a value behind an alias", () => {
  test("that contains itself is told in words", () => {
    const { problems } = readText("a: &a\n  b: [*a]\n");
    expect(problems.map(({ message }) => message)).toEqual([
      "*a stands for a value that contains itself",
    ]);
  });

  test("nests no deeper than a document may, however few values it has", () => {
    const chain = (length: number): string =>
      Array.from({ length }, (_, i) => `- &a${i} [${i === 0 ? "x" : `*a${i - 1}`}]\n`).join("");
    expect(readText(chain(90)).problems).toEqual([]);
    expect(readText(chain(120)).problems).toMatchObject([{ code: "alias-limit" }]);
  });

  test("has its problems where it stands, once", () => {
    const { problems } = readText("a: &a { x: 1, x: 2 }\nb: *a\nc: [*a, *a]\n");
    expect(problems.map(({ code, at }) => `${at?.line}:${at?.column} ${code}`)).toEqual([
      "1:15 duplicate-key",
    ]);
  });
});

describe("the place of a value", () => {
  test("is where reading it again gives the value", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const { source, tree } = readText(JSON.stringify(document, null, 2));
        for (const [path, value] of listPaths(document)) {
          const span = spanValue(tree, path);
          const rest = source.text.slice((source.lineStarts[span.line - 1] ?? 0) + span.column - 1);
          if (value === null || typeof value !== "object") {
            expect(JSON.parse(sliceSpan(source, span))).toEqual(value);
          } else {
            expect(rest.startsWith(Array.isArray(value) ? "[" : "{")).toBe(true);
            expect(span).not.toHaveProperty("endLine");
          }
        }
      }),
    );
  });

  test("has its key before it, where there is one", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const { source, tree } = readText(JSON.stringify(document, null, 2));
        for (const [path] of listPaths(document)) {
          const key = spanKey(tree, path);
          const value = spanValue(tree, path);
          if (findNode(tree, path)?.key === undefined) expect(key).toEqual(value);
          else expect(JSON.parse(sliceSpan(source, key))).toBe(path.at(-1));
        }
      }),
    );
  });

  test("that is empty is its key, and of one that does not exist the nearest around it", () => {
    const { tree } = readText("spec:\n  name:\n  groups: []\n");
    expect(spanValue(tree, ["spec", "name"])).toMatchObject({ line: 2, column: 3 });
    expect(spanValue(tree, ["spec", "trunk", "number"])).toMatchObject({ line: 2, column: 3 });
    expect(spanValue(tree, ["nowhere"])).toMatchObject({ line: 1, column: 1 });
    expect(spanKey(tree, ["spec", "groups", "7"])).toMatchObject({ line: 3, column: 11 });
  });

  test("behind an alias is the alias itself, and inside it the place of its anchor", () => {
    const { tree } = readText("a: &a\n  b: 1\nc: *a\n");
    expect(spanValue(tree, ["c"])).toMatchObject({ line: 3, column: 4 });
    expect(spanValue(tree, ["c", "b"])).toMatchObject({ line: 2, column: 6 });
  });

  test("is found as well in a map of many keys, also when one stands twice", () => {
    const lines = Array.from({ length: 200 }, (_, index) => `key${index}: ${index}`);
    const { tree } = readText([...lines, "key7: again", ""].join("\n"));
    for (let index = 0; index < lines.length; index += 1) {
      expect(spanKey(tree, [`key${index}`])).toMatchObject({ line: index + 1, column: 1 });
    }
    expect(findNode(tree, ["key200"])).toBeUndefined();
  });
});
