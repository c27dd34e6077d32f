import { Ajv2020, type AnySchemaObject } from "ajv/dist/2020.js";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readSchemas, SCHEMAS_URL, type Schema } from "../../src/app/project/schemas.ts";

const ROOT = path.join(import.meta.dirname, "../..");

interface Node {
  readonly at: string;
  readonly schema: AnySchemaObject;
  /** True for what a key of a document holds, false for what only describes one. */
  readonly key: boolean;
}

const MAPS = new Set(["properties", "patternProperties", "$defs"]);
const LISTS = new Set(["anyOf", "oneOf", "allOf"]);
const SINGLES = new Set(["items", "additionalProperties", "not", "if", "then"]);

/** Every schema within this one, itself included. */
function walk(schema: AnySchemaObject, at = "", key = false): Node[] {
  const deeper = Object.entries(schema).flatMap(([word, value]): Node[] => {
    if (MAPS.has(word))
      return Object.entries<AnySchemaObject>(value).flatMap(([name, child]) =>
        walk(child, `${at}/${word}/${name}`, word === "properties"),
      );
    if (LISTS.has(word))
      return (value as AnySchemaObject[]).flatMap((child, index) =>
        walk(child, `${at}/${word}/${index}`),
      );
    return SINGLES.has(word) && typeof value === "object" ? walk(value, `${at}/${word}`) : [];
  });
  return [{ at, schema, key }, ...deeper];
}

/** The words that editors and Callform know beside those of JSON Schema. */
function createAjv(warnings: string[] = [], strictTypes = true): Ajv2020 {
  const note = (...words: unknown[]): void => {
    warnings.push(words.map(String).join(" "));
  };
  const ajv = new Ajv2020({
    strict: true,
    // Schemas within `if` and `oneOf` speak of keys that are described beside them.
    strictRequired: false,
    strictTypes,
    allowUnionTypes: true,
    logger: { log: note, warn: note, error: note },
  });
  return ajv.addVocabulary([
    "patternErrorMessage",
    "enumDescriptions",
    "defaultSnippets",
    "uniqueBy",
  ]);
}

let written: readonly (readonly [Schema, AnySchemaObject])[];
beforeAll(async () => {
  const schemas = await readSchemas();
  written = schemas
    .filter((schema) => schema.written)
    .map((schema) => [schema, JSON.parse(schema.text) as AnySchemaObject]);
});

describe("the schemas of documents that people write", () => {
  it("are strict JSON Schema, without a warning", () => {
    for (const [{ kind }, schema] of written) {
      const warnings: string[] = [];
      createAjv(warnings).compile(schema);
      expect([kind, warnings]).toEqual([kind, []]);
    }
  });

  it("are seen to be otherwise when a word is none of JSON Schema", () => {
    const wrong = { type: "object", properties: { a: { descriptoin: "x" } } };
    expect(() => createAjv().compile(wrong)).toThrow("descriptoin");
  });

  it("tell of every key what it is, in a title and a sentence", () => {
    for (const [{ kind }, schema] of written)
      for (const node of walk(schema).filter(({ key, at }) => key && !isCondition(at))) {
        const { title, description } = node.schema;
        expect([kind, node.at, typeof title]).toEqual([kind, node.at, "string"]);
        expect([kind, node.at, /^\w.{10,}\.$/s.test(String(description))]).toEqual([
          kind,
          node.at,
          true,
        ]);
      }
  });

  it("tell of every value one can choose what it means", () => {
    let lists = 0;
    for (const [{ kind }, schema] of written)
      for (const { at, schema: node } of walk(schema).filter((one) => !isCondition(one.at))) {
        if (!Array.isArray(node["enum"])) continue;
        lists += 1;
        const meanings: unknown[] = node["enumDescriptions"] ?? [];
        expect([kind, at, meanings.length]).toEqual([kind, at, node["enum"].length]);
        for (const meaning of meanings) expect(meaning).toMatch(/^[A-Z].*\.$/);
      }
    expect(lists).toBeGreaterThanOrEqual(5);
  });

  it("hold their own examples, key by key", () => {
    let tried = 0;
    for (const [{ kind }, schema] of written) {
      // A part may leave its type to what is around it.
      const ajv = createAjv([], false).addSchema(schema, "whole");
      for (const { at, schema: node } of walk(schema)) {
        const examples: unknown[] = node["examples"] ?? [];
        const pointer = at.split("/").map(encodeURIComponent).join("/");
        const validate = ajv.compile({ $ref: `whole#${pointer}` });
        for (const example of examples) {
          tried += 1;
          expect([kind, at, validate(example), validate.errors]).toEqual([kind, at, true, null]);
        }
      }
    }
    expect(tried).toBeGreaterThan(30);
  });
});

describe("the catalogue for schemastore.org", () => {
  const catalog = JSON.parse(readFileSync(path.join(ROOT, "schemas/catalog.json"), "utf8"));
  const entries: readonly Readonly<Record<string, unknown>>[] = catalog.schemas;

  it("has the shape that schemastore.org asks for", () => {
    const text = { type: "string", minLength: 1 };
    const entry = {
      type: "object",
      additionalProperties: false,
      required: ["name", "description", "fileMatch", "url"],
      properties: {
        name: text,
        description: text,
        fileMatch: { type: "array", minItems: 1, uniqueItems: true, items: text },
        url: { type: "string", pattern: "^https://" },
      },
    };
    const shape = {
      type: "object",
      additionalProperties: false,
      required: ["$schema", "version", "schemas"],
      properties: {
        $schema: { const: "https://json.schemastore.org/schema-catalog.json" },
        version: { const: 1 },
        schemas: { type: "array", minItems: 1, items: entry },
      },
    };
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(shape);
    expect([validate(catalog), validate.errors]).toEqual([true, null]);
  });

  it("keeps to its rules: entries in order, no two for one file, no path without **/ before it", () => {
    const names = entries.map(({ name }) => String(name));
    expect(names).toEqual(names.toSorted((a, b) => a.localeCompare(b)));
    expect(new Set(names).size).toBe(names.length);
    const patterns = entries.flatMap(({ fileMatch }) => fileMatch as string[]);
    expect(new Set(patterns).size).toBe(patterns.length);
    for (const pattern of patterns) expect(pattern).toMatch(/^(\*\*\/)?[^/]+$/);
    for (const { name, description } of entries)
      expect(`${String(name)} ${String(description)}`).not.toMatch(/schema|json|\.$/i);
  });

  it("has every schema of a document, at the address of a file that ships", () => {
    const urls = entries.map(({ url }) => String(url)).toSorted();
    expect(urls).toEqual(written.map(([{ file }]) => `${SCHEMAS_URL}${file}`).toSorted());
    for (const url of urls)
      expect(existsSync(path.join(ROOT, "schemas", path.posix.basename(url)))).toBe(true);
  });

  it("leaves a folder named apps to whoever has one, and finds the project file", () => {
    const patterns = entries.flatMap(({ fileMatch }) => fileMatch as string[]);
    const matches = (file: string): boolean =>
      patterns.some((one) => (one.startsWith("*") ? file.endsWith(one.slice(1)) : file === one));
    expect(matches("callform.yaml")).toBe(true);
    expect(matches("after-hours.callform.yaml")).toBe(true);
    expect(matches("after-hours.yaml")).toBe(false);
  });
});

/** What stands in `if` and `then`, or beside them in `oneOf`, only sorts documents; their keys are described elsewhere. */
function isCondition(at: string): boolean {
  return /\/(if|then|not|oneOf|allOf)(\/|$)/.test(at);
}
