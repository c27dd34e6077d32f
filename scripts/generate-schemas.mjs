// Writes the schema of every kind from its declaration in src/kinds, and the catalogue of all schemas that people need.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "oxfmt";

import { emitFile } from "./generated-file.mjs";
import { loadKinds } from "./kind-declarations.mjs";
import { ROOT } from "./manifest-schemas.mjs";

const { printWidth } = JSON.parse(readFileSync(join(ROOT, ".oxfmtrc.json"), "utf8"));
const FOLDER = join(ROOT, "schemas");

const { kinds, writeSchema, fileNameOf } = await loadKinds();

for (const { declaration } of kinds)
  await emitJson(`${fileNameOf(declaration.name)}.schema.json`, writeSchema(declaration));

const BASE = "https://cdn.jsdelivr.net/npm/callform@0/schemas/";

/** A file name alone says which schema is meant: `apps/` belongs to too many others. */
function listEntry(name, description, stem, file) {
  const fileMatch = [`*.${stem}.yaml`, `*.${stem}.yml`];
  return { name, description, fileMatch, url: `${BASE}${file}.schema.json` };
}

const entries = [
  listEntry(
    "Callform overlay",
    "What differs between the targets of a Callform project",
    "callform-overlay",
    "overlay",
  ),
  {
    name: "Callform project",
    description: "The phone systems and manifests of a Callform project",
    fileMatch: ["callform.yaml"],
    url: `${BASE}project.schema.json`,
  },
  ...kinds.map(({ name, declaration: { noun } }, index) => {
    const file = fileNameOf(name);
    const description = `A ${noun} of a 3CX phone system, described for Callform`;
    return index === 0
      ? listEntry("Callform manifest", description, "callform", file)
      : listEntry(`Callform ${noun}`, description, `callform-${file}`, file);
  }),
];
await emitJson("catalog.json", {
  $schema: "https://json.schemastore.org/schema-catalog.json",
  version: 1,
  schemas: entries.toSorted((a, b) => a.name.localeCompare(b.name)),
});

/** As the formatter of this repository leaves it. */
async function emitJson(name, value) {
  const { code, errors } = await format(name, JSON.stringify(value), { printWidth });
  if (errors.length > 0)
    throw new Error(`${name}: ${errors.map(({ message }) => message).join(", ")}`);
  emitFile(join(FOLDER, name), code);
}
