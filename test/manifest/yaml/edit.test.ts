import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Document, visit } from "yaml";

import { canonicalizeJson } from "../../../src/domain/plan/canonical.ts";
import type { Json } from "../../../src/domain/json.ts";
import { applyEdits } from "../../../src/manifest/yaml/edit-places.ts";
import { editDocument } from "../../../src/manifest/yaml/edit.ts";
import { parseYaml } from "../../../src/manifest/yaml/parse.ts";
import { readNode } from "../../../src/manifest/yaml/read-node.ts";
import { codePoint } from "../../support/worlds/text.ts";

const RUNS = { numRuns: 300 };

function read(text: string): Json {
  const yaml = parseYaml(text, "a.yaml");
  const [document] = yaml.documents;
  expect(yaml.problems).toEqual([]);
  if (!document?.node) return null;
  const { value, problems } = readNode(document.node, yaml);
  expect(problems).toEqual([]);
  return value;
}

/** The package that writes the samples does not always write what it can read itself. */
function isSound(text: string, json: Json): boolean {
  const yaml = parseYaml(text, "a.yaml");
  const node = yaml.documents[0]?.node;
  if (!node || yaml.problems.length > 0) return false;
  return canonicalizeJson(readNode(node, yaml).value) === canonicalizeJson(json);
}

function edit(text: string, after: Json): string {
  const yaml = parseYaml(text, "a.yaml");
  const [document] = yaml.documents;
  if (!document?.node) throw new Error("no document");
  return applyEdits(text, editDocument(yaml.text, document.node, read(text), after));
}

const word = fc.oneof(
  fc.constantFrom(
    "a",
    "b",
    "no",
    "1e3",
    "a: b",
    "# c",
    "'",
    '"',
    "",
    " x ",
    "[",
    "é",
    "x\ny",
    "-",
    "*a",
  ),
  fc.string({ unit: codePoint, maxLength: 5 }),
);
const key = fc.constantFrom("name", "role", "groups", "trunk", "number", "a b", "1", "x:y");

const leaf = fc.oneof(word, fc.constant(null), fc.integer(), fc.boolean());

const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthIdentifier: "depth", withCrossShrink: true },
    leaf,
    fc.array(tie("value"), { maxLength: 4, depthIdentifier: "depth" }),
    fc.dictionary(key, tie("value"), {
      maxKeys: 4,
      noNullPrototype: false,
      depthIdentifier: "depth",
    }),
  ),
}));

const root = fc.dictionary(key, value, { minKeys: 1, maxKeys: 4, noNullPrototype: false });

/** Something that is partly the same. */
function change(json: Json, dice: () => number, other: () => Json): Json {
  if (dice() < 0.2) return other();
  if (json === null || typeof json !== "object") return json;
  if (Array.isArray(json)) {
    const kept = json.filter(() => dice() > 0.2).map((item: Json) => change(item, dice, other));
    return dice() < 0.3 ? [...kept, other()] : kept;
  }
  const kept = Object.entries(json).filter(() => dice() > 0.1);
  const pairs = kept.map(([name, item]) => [name, change(item, dice, other)] as const);
  return Object.fromEntries(dice() < 0.2 ? [...pairs, ["new", other()]] : pairs);
}

const style = fc.record({
  collectionStyle: fc.constantFrom("any" as const, "block" as const, "flow" as const),
  defaultStringType: fc.constantFrom(
    "PLAIN" as const,
    "QUOTE_SINGLE" as const,
    "QUOTE_DOUBLE" as const,
  ),
  indent: fc.constantFrom(2, 4),
  indentSeq: fc.boolean(),
});

/** As the yaml package writes it, with some flow and remarks strewn in. */
function write(json: Json, options: object, dice: () => number): string {
  const document = new Document(json);
  visit(document, {
    Collection(_, node) {
      if (dice() < 0.2) node.flow = true;
    },
    Scalar(_, node) {
      if (dice() < 0.2) node.comment = " remark";
    },
  });
  return document.toString({ lineWidth: 0, ...options });
}

describe("editing YAML in place", () => {
  it("makes any document say anything else", () => {
    fc.assert(
      fc.property(
        root,
        fc.array(value, { minLength: 1, maxLength: 5 }),
        style,
        fc.gen(),
        (before, others, options, gen) => {
          const dice = (): number => gen(fc.double, { min: 0, max: 1, noNaN: true });
          const text = write(before, options, dice);
          const after = change(
            before,
            dice,
            () => others[Math.floor(dice() * others.length)] ?? null,
          );
          fc.pre(isSound(text, before));
          fc.pre(typeof after === "object" && after !== null && !Array.isArray(after));
          const edited = edit(text, after);
          expect(canonicalizeJson(read(edited))).toBe(canonicalizeJson(after));
        },
      ),
      RUNS,
    );
  });

  it("keeps an alias as long as it stands for what it should, and writes it out where not", () => {
    fc.assert(
      fc.property(
        value,
        root,
        fc.array(value, { minLength: 1, maxLength: 3 }),
        fc.gen(),
        (shared, rest, others, gen) => {
          const dice = (): number => gen(fc.double, { min: 0, max: 1, noNaN: true });
          fc.pre(shared !== null && typeof shared === "object" && Object.keys(shared).length > 0);
          const before = { first: shared, list: [shared, { deep: shared }], rest, last: shared };
          const text = new Document(before).toString({ lineWidth: 0 });
          fc.pre(isSound(text, before));
          expect(text).toContain("*a1");
          const after = change(
            before,
            dice,
            () => others[Math.floor(dice() * others.length)] ?? null,
          );
          fc.pre(typeof after === "object" && after !== null && !Array.isArray(after));
          expect(canonicalizeJson(read(edit(text, after)))).toBe(canonicalizeJson(after));
          expect(edit(text, before)).toBe(text);
        },
      ),
      RUNS,
    );
  });

  it("changes nothing where nothing changes", () => {
    fc.assert(
      fc.property(root, style, fc.gen(), (before, options, gen) => {
        const text = write(before, options, () => gen(fc.double, { min: 0, max: 1, noNaN: true }));
        fc.pre(isSound(text, before));
        expect(edit(text, before)).toBe(text);
      }),
      RUNS,
    );
  });
});
