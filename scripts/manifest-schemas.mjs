// Every schema that describes a document of its own kind; the plan's schema, for one, does not.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

export function readManifestSchemas() {
  const folder = join(ROOT, "schemas");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".schema.json"))
    .toSorted()
    .map((name) => ({ name, schema: JSON.parse(readFileSync(join(folder, name), "utf8")) }))
    .filter(({ schema }) => typeof schema.properties?.kind?.const === "string")
    .map(({ name, schema }) => ({ name, schema, kind: schema.properties.kind.const }));
}
