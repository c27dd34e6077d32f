import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import { MANIFEST_CODES } from "../../../src/manifest/problems/codes.ts";
import { validators } from "../../../src/manifest/schema/validators.ts";
import { fileNameOf } from "../../../src/kinds/declare/names.ts";
import { kinds } from "../../../src/kinds/index.ts";

const ROOT = join(import.meta.dirname, "../../..");
const run = promisify(execFile);

interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly patternErrorMessage?: string;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

function readSchema(name: string): Schema {
  const schema: Schema = JSON.parse(readFileSync(join(ROOT, "schemas", name), "utf8"));
  return schema;
}

/** Every schema below this one, with the path of its keys. */
function walkSchema(schema: Schema, path = ""): (readonly [string, Schema])[] {
  const children = [
    ...Object.entries(schema.properties ?? {}),
    ...Object.entries(schema.patternProperties ?? {}),
    ...(schema.items === undefined ? [] : [["[]", schema.items] as const]),
  ];
  return [
    [path, schema],
    ...children.flatMap(([key, child]) => walkSchema(child, `${path}/${key}`)),
  ];
}

const schemas: readonly (readonly [string, string])[] = [
  ["Project", "project.schema.json"],
  ["Overlay", "overlay.schema.json"],
  ...kinds.map(({ name }) => [name, `${fileNameOf(name)}.schema.json`] as const),
];

describe("what is generated", () => {
  test.each([
    "generate-schemas.mjs",
    "generate-validators.mjs",
    "generate-docs.mjs",
    "generate-sandbox-docs.mjs",
  ])("by %s is fresh", async (script) => {
    const { stdout, stderr } = await run(process.execPath, [
      join(ROOT, "scripts", script),
      "--check",
    ]);
    expect(stdout + stderr).toBe("");
  });

  test("the validators import nothing and evaluate nothing", () => {
    const text = readFileSync(join(ROOT, "src/manifest/schema/generated/validators.js"), "utf8");
    expect(text).not.toMatch(/^\s*import\b|\bimport\(|__require|new Function|\beval\(/m);
  });

  test("there is a validator for every kind and for the project and its overlays, and for nothing else", () => {
    const names = ["Project", "Overlay", ...kinds.map(({ name }) => name)];
    expect(Object.keys(validators).toSorted()).toEqual(names.toSorted());
  });

  test("the documentation tells every key and every problem code", () => {
    const text = readFileSync(join(ROOT, "docs/manifest.md"), "utf8");
    for (const code of Object.keys(MANIFEST_CODES)) expect(text).toContain(`| \`${code}\` |`);
    for (const [, name] of schemas) {
      for (const [path] of walkSchema(readSchema(name))) {
        const key = path.split("/").at(-1) ?? "";
        if (/^\w+$/.test(key)) expect(text).toMatch(new RegExp(`\\| \`[^\`]*${key}\` \\|`));
      }
    }
  });

  test("the examples in the documentation are valid", () => {
    const text = readFileSync(join(ROOT, "docs/manifest.md"), "utf8");
    const blocks = [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml]) => parse(yaml ?? ""));
    expect(blocks.map(({ kind }) => String(kind)).toSorted()).toEqual(
      schemas.map(([kind]) => kind).toSorted(),
    );
    for (const block of blocks) expect(validators[block.kind]?.(block)).toEqual([]);
  });
});

describe.each(schemas)("the schema of %s", (kind, name) => {
  const schema = readSchema(name);

  test("tells an editor what every key is, with an example", () => {
    for (const [path, child] of walkSchema(schema).filter(([at]) => /\/\w+$/.test(at))) {
      expect([path, child.title, child.description].every(Boolean), path).toBe(true);
      const open = child.properties !== undefined || child.patternProperties !== undefined;
      expect(open || child.examples !== undefined, `${path} has an example`).toBe(true);
    }
  });

  test("refuses unknown keys in every map", () => {
    for (const [path, child] of walkSchema(schema)) {
      if (child.properties === undefined) continue;
      expect([path, child.additionalProperties]).toEqual([path, false]);
    }
  });

  test("says every pattern in words", () => {
    for (const [path, child] of walkSchema(schema)) {
      if (child.pattern === undefined) continue;
      expect([path, typeof child.patternErrorMessage]).toEqual([path, "string"]);
    }
  });

  test("accepts its own examples, with references in them as they are", () => {
    const validate = validators[kind];
    for (const example of schema.examples ?? []) expect(validate?.(example)).toEqual([]);
    expect(schema.examples).not.toEqual([]);
  });
});

describe("the schema of a kind and the kind itself", () => {
  test.each(kinds)("$name name the same key, fields and files", (kind) => {
    const [, file] = schemas.find(([name]) => name === kind.name) ?? [];
    const { metadata, spec, lifecycle } = readSchema(file ?? "").properties ?? {};
    expect(metadata?.required).toEqual([kind.keyField]);
    const fields = kind.fields.map(({ name }) => name);
    expect(Object.keys(spec?.properties ?? {}).toSorted()).toEqual(
      [...fields, ...Object.keys(kind.fileFields)].toSorted(),
    );
    expect(lifecycle?.properties?.["ignore"]?.items?.enum?.toSorted()).toEqual(fields.toSorted());
    for (const { name } of kind.statusFields) expect(fields).not.toContain(name);
  });
});
