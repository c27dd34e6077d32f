import { describe, expect, it } from "vitest";
import { isScalar } from "yaml";

import type { Json } from "../../../src/domain/json.ts";
import { rewriteBlock } from "../../../src/manifest/yaml/edit-block.ts";
import { applyEdits } from "../../../src/manifest/yaml/edit-places.ts";
import { editDocument } from "../../../src/manifest/yaml/edit.ts";
import { encodeLike } from "../../../src/manifest/files/file-text.ts";
import { parseYaml } from "../../../src/manifest/yaml/parse.ts";
import { readNode } from "../../../src/manifest/yaml/read-node.ts";
import { writeEntry, writeFlow, writeScalar } from "../../../src/manifest/yaml/write.ts";

/** The text after it was made to say something else under `k`. */
function set(text: string, value: Json): string {
  const yaml = parseYaml(text, "a.yaml");
  const node = yaml.documents[0]?.node;
  if (!node) throw new Error("no document");
  const { value: before } = readNode(node, yaml);
  const after = { ...(before as Readonly<Record<string, Json>>), k: value };
  return applyEdits(text, editDocument(yaml.text, node, before, after));
}

const a = { name: "A", role: "users" };
const b = { name: "B", role: "users" };
const c = { name: "C", role: "users" };

describe("an edited value", () => {
  it.each<[string, string, Json, string]>([
    ["keeps single quotes", "k: 'x' # c\n", "it's", "k: 'it''s' # c\n"],
    ["keeps double quotes", 'k: "x" # c\n', "y", 'k: "y" # c\n'],
    ["is quoted where it has to be", "k: x # c\n", "no", 'k: "no" # c\n'],
    ["leaves single quotes for what they cannot hold", "k: 'x'\n", "a\nb", 'k: "a\\nb"\n'],
    ["keeps its anchor", "k: &x y # c\n", "z", "k: &x z # c\n"],
    ["takes the place of nothing", "k: # c\nl: 1\n", "z", "k: z # c\nl: 1\n"],
    ["takes the place of null", "k: ~ # c\n", { number: "1" }, 'k: { number: "1" } # c\n'],
    ["moves up to its key", "k:\n  number: x # c\nl: 1\n", null, "k: null # c\nl: 1\n"],
    [
      "stays below a comment",
      "k:\n  # why\n  number: x\nl: 1\n",
      null,
      "k:\n  # why\n  null\nl: 1\n",
    ],
    [
      "changes in a map of one line",
      "k: { a: 1, b: x } # c\n",
      { a: 1, b: "z" },
      "k: { a: 1, b: z } # c\n",
    ],
    ["goes with its comma", "k: { a: 1, b: x }\n", { b: "x" }, "k: { b: x }\n"],
    ["comes behind the last", "k: { a: 1 } # c\n", { a: 1, b: "x" }, "k: { a: 1, b: x } # c\n"],
    [
      "comes on a line of its own",
      "k:\n  a: 1 # c\n\nl: 1\n",
      { a: 1, b: "x" },
      "k:\n  a: 1 # c\n  b: x\n\nl: 1\n",
    ],
    [
      "keeps CRLF",
      "k:\r\n  a: 1 # c\r\nl: 1\r\n",
      { a: 1, b: "x" },
      "k:\r\n  a: 1 # c\r\n  b: x\r\nl: 1\r\n",
    ],
    ["needs no line end at the end", "k: x", "z", "k: z"],
  ])("%s", (_, before, value, after) => {
    expect(set(before, value)).toBe(after);
  });
});

describe("an edited list", () => {
  const flow = "k: [{ name: A, role: users }, { name: B, role: users }] # two\n";
  const block =
    "k:\n  # first\n  - name: A # a\n    role: users\n\n  # second\n  - { name: B, role: users } # b\n# end\n";

  it.each<[string, string, Json, string]>([
    ["loses the last of one line", flow, [a], "k: [{ name: A, role: users }] # two\n"],
    ["loses the first of one line", flow, [b], "k: [{ name: B, role: users }] # two\n"],
    ["loses all of one line", flow, [], "k: [] # two\n"],
    [
      "gets one more on its line",
      flow,
      [a, b, c],
      flow.replace("] #", ", { name: C, role: users }] #"),
    ],
    ["gets its first", "k: [] # none\n", [a], "k: [{ name: A, role: users }] # none\n"],
    [
      "changes one item in place",
      flow,
      [a, { ...b, role: "managers" }],
      flow.replace("B, role: users", "B, role: managers"),
    ],
    [
      "loses the lines of an item, and no comment of its own line",
      block,
      [b],
      block.replace("  - name: A # a\n    role: users\n", ""),
    ],
    [
      "loses all its lines, and no comment of its own line",
      block,
      [],
      "k:\n  # first\n  []\n\n  # second\n# end\n",
    ],
    [
      "gets one more as the last one is written",
      block,
      [a, b, c],
      block.replace(" # b\n", " # b\n  - { name: C, role: users }\n"),
    ],
    [
      "changes a line of an item",
      block,
      [{ ...a, role: "managers" }, b],
      block.replace("    role: users", "    role: managers"),
    ],
    [
      "gets one more over several lines",
      "k:\n- name: A # a\n  role: users\n",
      [a, b],
      "k:\n- name: A # a\n  role: users\n- name: B\n  role: users\n",
    ],
    [
      "keeps a comma at the end",
      "k: [\n  A, # a\n  B, # b\n]\n",
      ["A", "C"],
      "k: [\n  A, # a\n  C, # b\n]\n",
    ],
    [
      "keeps the remarks between its items",
      "k: [\n  A, # a\n  B\n]\n",
      ["A"],
      "k: [\n  A, # a\n  \n]\n",
    ],
  ])("%s", (_, before, value, after) => {
    expect(set(before, value)).toBe(after);
  });
});

describe("an edited block of text", () => {
  it.each<[string, string, string, string]>([
    [
      "keeps its indent and its remark",
      "k: | # c\n     x\nl: 1\n",
      "y\n\nz\n",
      "k: | # c\n     y\n\n     z\nl: 1\n",
    ],
    ["keeps its way with the end", "k: |-\n  x\nl: 1\n", "y", "k: |-\n  y\nl: 1\n"],
    [
      "keeps empty lines at the end that it is to keep",
      "k: |+\n  x\n\nl: 1\n",
      "y\n\n",
      "k: |+\n  y\n\nl: 1\n",
    ],
    [
      "says its indent where it starts with a blank",
      "k: |\n  x\nl: 1\n",
      "  y\n",
      "k: |2\n    y\nl: 1\n",
    ],
    ["keeps the indent that it says", "k: |4-\n      x\nl: 1\n", "y", "k: |4-\n    y\nl: 1\n"],
    ["is folded no more", "k: >-\n  a\n  b\nl: 1\n", "c\nd", "k: |-\n  c\n  d\nl: 1\n"],
    ["keeps CRLF", "k: |\r\n  x\r\nl: 1\r\n", "y\nz\n", "k: |\r\n  y\r\n  z\r\nl: 1\r\n"],
    [
      "is quoted where no block can hold it",
      "k: |\n  x\nl: 1\n",
      "a\u0007\n",
      'k: "a\\u0007\\n"\nl: 1\n',
    ],
    ["ends with the file", "k: |\n  x", "y\n", "k: |\n  y"],
  ])("%s", (_, before, value, after) => {
    expect(set(before, value)).toBe(after);
  });

  it("measures an empty one from its key", () => {
    const yaml = parseYaml("k: |\nl: 1\n", "a.yaml");
    const node = yaml.documents[0]?.node;
    const block =
      node && "items" in node && "value" in (node.items[0] ?? {}) ? node.items[0] : undefined;
    const scalar = block && "value" in block ? block.value : undefined;
    if (!isScalar(scalar)) throw new Error("no scalar");
    const place = { text: yaml.text, lineEnd: "\n", indent: 0 };
    expect(rewriteBlock(scalar as never, "x\n", place)).toBe("|\n  x");
  });
});

describe("a value in one line", () => {
  it.each<[Json, string]>([
    ["night", "night"],
    ["after hours", "after hours"],
    ["Büro", "Büro"],
    ["806", '"806"'],
    ["1e3", '"1e3"'],
    ["Yes", '"Yes"'],
    ["n", '"n"'],
    ["", '""'],
    [" a", '" a"'],
    ["a: b", '"a: b"'],
    ["\u2028\uFEFF\uD800", '"\\u2028\\ufeff\\ud800"'],
    ["\u{E0041}", '"\\udb40\\udc41"'],
    [null, "null"],
    [true, "true"],
    [-1.5, "-1.5"],
    [[], "[]"],
    [{}, "{}"],
    [[a, "x"], "[{ name: A, role: users }, x]"],
    [{ "a b": { "1": [] } }, '{ a b: { "1": [] } }'],
  ])("of %j is %s", (value, text) => {
    expect(writeFlow(value)).toBe(text);
  });

  it("is broken into items where the line would be too long", () => {
    expect(writeEntry("k", ["x".repeat(60), "y".repeat(40)], 2)).toBe(
      `  k:\n    - ${"x".repeat(60)}\n    - ${"y".repeat(40)}`,
    );
    expect(writeEntry("k", "x".repeat(200), 2)).toBe(`  k: ${"x".repeat(200)}`);
    expect(writeScalar("a'b", "QUOTE_SINGLE")).toBe("'a''b'");
  });
});

describe("the bytes of a changed file", () => {
  it.each([
    ["UTF-8", Buffer.from("é"), Buffer.from("ü")],
    ["UTF-8 with a mark", Buffer.from("\uFEFFé"), Buffer.from("\uFEFFü")],
    ["UTF-16 LE", Buffer.from("\uFEFFé", "utf16le"), Buffer.from("\uFEFFü", "utf16le")],
    [
      "UTF-16 BE",
      Buffer.from("\uFEFFé", "utf16le").swap16(),
      Buffer.from("\uFEFFü", "utf16le").swap16(),
    ],
    ["nothing", undefined, Buffer.from("ü")],
  ])("are in the encoding of the file before: %s", (_, before, after) => {
    expect(Buffer.from(encodeLike("ü", before))).toEqual(after);
  });
});
