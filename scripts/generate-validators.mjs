// Compiles schemas/*.schema.json into src/manifest/schema/generated, because compiling them at every start would cost
// more than validating. The result is one file without imports and without eval.
import { Ajv2020, _ } from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";
import { build } from "esbuild";
import { join } from "node:path";

import { emitFile } from "./generated-file.mjs";
import { readManifestSchemas, ROOT } from "./manifest-schemas.mjs";

const WORDS = new Set([
  "$schema",
  "title",
  "description",
  "enumDescriptions",
  "defaultSnippets",
  "examples",
  "default",
]);
const PARTS = "urn:callform:v1:parts";
const NAMED = new Set(["properties", "patternProperties", "$defs"]);
const OUT = join(ROOT, "src/manifest/schema/generated");

const ajv = new Ajv2020({
  allErrors: true,
  // Messages name the allowed keys and quote the schema's own words, so errors carry their schema.
  verbose: true,
  allowUnionTypes: true,
  inlineRefs: false,
  code: { source: true, esm: true, optimize: 2 },
});
// What editors show for a failed pattern.
ajv.addKeyword({ keyword: "patternErrorMessage", schemaType: "string" });
// No two items may agree in this property; JSON Schema only has whole items.
ajv.addKeyword({
  keyword: "uniqueBy",
  type: "array",
  schemaType: "string",
  error: {
    message: "items must differ in one property",
    // Named as those of uniqueItems.
    params: ({ params }) => _`{i: ${params.later}, j: ${params.first}}`,
  },
  code(cxt) {
    const { gen, data, schema } = cxt;
    const seen = gen.const("seen", _`new Map()`);
    gen.forRange("later", 0, _`${data}.length`, (later) => {
      const value = gen.const("value", _`${data}[${later}]?.[${schema}]`);
      gen.if(_`${value} !== undefined`, () => {
        const first = gen.const("first", _`${seen}.get(${value})`);
        cxt.setParams({ later, first });
        gen.if(
          _`${first} === undefined`,
          () => gen.code(_`${seen}.set(${value}, ${later})`),
          () => cxt.error(),
        );
      });
    });
  },
});

/** Words for editors and for the documentation would be half of the compiled file. */
function dropWords(schema) {
  if (Array.isArray(schema)) return schema.map(dropWords);
  if (typeof schema !== "object" || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]) => {
      if (WORDS.has(key)) return [];
      // The keys of a map of schemas are names, not words.
      if (!NAMED.has(key)) return [[key, dropWords(value)]];
      return [
        [
          key,
          Object.fromEntries(
            Object.entries(value).map(([name, child]) => [name, dropWords(child)]),
          ),
        ],
      ];
    }),
  );
}

/**
 * The same schemas, what stands in them more than once (a destination, a department, a flag) taken out into one that they all
 * refer to: inline, each would be compiled once more.
 */
function shareParts(whole) {
  const counts = new Map();
  const visit = (schema) => {
    const text = JSON.stringify(schema);
    counts.set(text, (counts.get(text) ?? 0) + 1);
    mapChildren(schema, visit);
    return schema;
  };
  for (const schema of whole) mapChildren(schema, visit);
  const names = new Map();
  const $defs = {};
  const share = (schema) => {
    const text = JSON.stringify(schema);
    if (counts.get(text) < 2 || schema.type === undefined) return mapChildren(schema, share);
    if (!names.has(text)) {
      names.set(text, `p${names.size}`);
      $defs[names.get(text)] = mapChildren(schema, share);
    }
    return { $ref: `${PARTS}#/$defs/${names.get(text)}` };
  };
  const wholes = whole.map((schema) => mapChildren(schema, share));
  return { wholes, parts: { $id: PARTS, $defs } };
}

/** The schema with what `change` makes of those of its keys and items. */
function mapChildren(schema, change) {
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key === "items") return [key, change(value)];
      if (key !== "properties") return [key, value];
      return [
        key,
        Object.fromEntries(Object.entries(value).map(([name, child]) => [name, change(child)])),
      ];
    }),
  );
}

const schemas = readManifestSchemas();
const { wholes, parts } = shareParts(schemas.map(({ schema }) => dropWords(schema)));
for (const schema of [...wholes, parts]) ajv.addSchema(schema);
const code = standaloneCode.default(
  ajv,
  Object.fromEntries(schemas.map(({ kind, schema }) => [`validate${kind}`, schema.$id])),
);
const table = schemas.map(({ kind }) => `${kind}: validate${kind}`).join(", ");
const bundle = await build({
  stdin: { contents: `${code}\nexport const validates = { ${table} };`, resolveDir: ROOT },
  bundle: true,
  write: false,
  format: "esm",
  target: "node20",
  // Without names and blanks kept, every change of a schema would rewrite one line of 40 KB.
  minifySyntax: true,
  legalComments: "none",
});

const HEADER = "// Generated by scripts/generate-validators.mjs from schemas/. Do not edit.\n";
emitFile(join(OUT, "validators.js"), HEADER + bundle.outputFiles[0].text);
emitFile(
  join(OUT, "validators.d.ts"),
  `${HEADER}import type { SchemaValidate } from "../schema-error.ts";

export declare const validates: Readonly<Record<${schemas.map(({ kind }) => `"${kind}"`).join(" | ")}, SchemaValidate>>;
`,
);
