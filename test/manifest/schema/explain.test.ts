import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";

import { explainErrors, type Subject } from "../../../src/manifest/schema/explain.ts";
import { parseYaml } from "../../../src/manifest/yaml/parse.ts";
import { readNode } from "../../../src/manifest/yaml/read-node.ts";
import { adaptValidate } from "../../../src/manifest/schema/validators.ts";

/** The problems of a text under a schema of the test's own. */
function explain(schema: object, text: string, more: Partial<Subject> = {}) {
  const source = parseYaml(text, "a.yaml");
  const root = source.documents[0]?.node;
  if (root === undefined || root === null) throw new Error("the text has no document");
  const { value, aliases } = readNode(root, source);
  const ajv = new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true, strict: false });
  const subject: Subject = {
    tree: { source, root, aliases },
    value,
    tainted: new Set(),
    adviseKey: () => undefined,
    ...more,
  };
  return explainErrors(adaptValidate(ajv.compile(schema))(value), subject);
}

/** The same for one property `x`. */
function explainProperty(schema: object, value: string, more: Partial<Subject> = {}) {
  return explain({ properties: { x: schema } }, `x: ${value}\n`, more);
}

describe("a keyword in words", () => {
  test.each<[object, string, string]>([
    [{ type: "string" }, "1", "x must be text, not the number 1"],
    [{ type: ["string", "null"] }, "1", "x must be text, not the number 1"],
    [
      { type: ["string", "integer"] },
      "true",
      "x must be text or a whole number, not the boolean true",
    ],
    [{ type: "number" }, "a", "x must be a number, not text"],
    [{ type: "boolean" }, "[]", "x must be true or false, not a list"],
    [{ type: "array" }, "{}", "x must be a list, not a map of keys"],
    [{ type: "object" }, "", "x is empty; it must be a map of keys"],
    [{ const: "a" }, "b", 'x cannot be "b"; it is a'],
    [{ enum: ["aa", "bb"] }, "c", 'x cannot be "c"; it is aa or bb'],
    [{ enum: ["aa", "bb", null] }, "1", "x is not valid; it is aa or bb"],
    [{ minLength: 1 }, "''", "x must not be empty"],
    [{ minLength: 3 }, "a", "x must have at least 3 characters"],
    [{ maxLength: 1 }, "aa", "x must have at most 1 characters"],
    [{ minItems: 1 }, "[]", "x must not be empty"],
    [{ minItems: 2 }, "[a]", "x must have at least 2 items"],
    [{ minimum: 2 }, "1", "x must be at least 2"],
    [{ maximum: 2 }, "3", "x must be at most 2"],
    [{ pattern: "^a$", patternErrorMessage: "must be an a" }, "b", "x must be an a"],
    [{ pattern: "^a$" }, "b", 'x must match pattern "^a$"'],
    [{ multipleOf: 2 }, "3", "x must be multiple of 2"],
    [{ uniqueItems: true }, "[a, b, a]", "x names the same twice; the first is on line 1"],
    [
      { uniqueItems: true },
      "[{ a: 1 }, { a: 1 }]",
      "x names the same twice; the first is on line 1",
    ],
    [{ not: { required: ["a", "b"] } }, "{ a: 1, b: 2 }", "x must NOT be valid"],
  ])("%j with %s: %s", (schema, value, message) => {
    const problems = explainProperty(schema, value);
    expect(problems.map((problem) => problem.message)).toEqual([message]);
  });

  test("one value breaks many rules and is one problem, its type before all else", () => {
    const schema = { type: "string", enum: ["a", "b"], const: "a", minimum: 5 };
    expect(explainProperty(schema, "1")).toMatchObject([{ code: "invalid-type" }]);
    expect(explainProperty(schema, "c")).toMatchObject([{ message: 'x cannot be "c"; it is a' }]);
  });

  test("the same twice is told at the second", () => {
    const problems = explainProperty({ uniqueItems: true }, "\n  - a\n  - b\n  - a");
    expect(problems).toMatchObject([
      { at: { line: 4, column: 5 }, message: expect.stringContaining("line 2") },
    ]);
  });
});

describe("what is told of a value", () => {
  test("nothing of it when it is tainted", () => {
    const tainted = new Set(["/x"]);
    const schemas = [
      { enum: ["hunter"] },
      { const: "hunter" },
      { type: "boolean" },
      { type: "number" },
      { minLength: 99 },
    ];
    for (const schema of schemas) {
      for (const value of ["hunter2", "'4711'"]) {
        const text = JSON.stringify(explainProperty(schema, value, { tainted }));
        expect(text).not.toMatch(/hunter2|4711/);
        expect(text).toContain('"code"');
      }
    }
  });

  test("the resource it belongs to", () => {
    expect(explainProperty({ type: "string" }, "1", { name: "Thing 5" })).toMatchObject([
      { subject: "Thing 5" },
    ]);
  });
});

describe("what is told of keys", () => {
  const schema = {
    properties: { alpha: {}, beta: {} },
    required: ["alpha", "beta"],
    additionalProperties: false,
  };

  test("every one that is missing and every one that is unknown", () => {
    expect(explain(schema, "x: 1\ny: 2\n").map(({ code, at }) => `${at?.line} ${code}`)).toEqual([
      "1 missing-key",
      "1 missing-key",
      "1 unknown-key",
      "2 unknown-key",
    ]);
  });

  test("with the nearest that there is, or all of them", () => {
    const hints = explain(schema, "alpha: 1\nbeta: 1\nBeta: 1\nomega: 1\n").map(({ hint }) => hint);
    expect(hints).toEqual(["did you mean beta?", "keys here: alpha, beta"]);
  });

  test("with what is better known of them", () => {
    const adviseKey = (parent: readonly string[], key: string) => ({
      hint: `${parent.length} ${key}`,
    });
    const [problem] = explain(schema, "alpha: 1\nbeta: 1\nx: 1\n", { adviseKey });
    expect(problem).toMatchObject({ code: "unknown-key", hint: "0 x" });
  });

  test("with the rule for names where any name of a form is allowed", () => {
    const named = {
      patternProperties: { "^[a-z]+$": {} },
      additionalProperties: false,
      patternErrorMessage: "small letters only",
    };
    expect(explain(named, "a: 1\nB: 1\n")).toMatchObject([
      { code: "invalid-key", message: '"B" is not a name: small letters only', at: { line: 2 } },
    ]);
  });
});
