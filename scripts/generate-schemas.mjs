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

/** As the formatter of this repository leaves it. */
async function emitJson(name, value) {
  const { code, errors } = await format(name, JSON.stringify(value), { printWidth });
  if (errors.length > 0)
    throw new Error(`${name}: ${errors.map(({ message }) => message).join(", ")}`);
  emitFile(join(FOLDER, name), code);
}
