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
    .map(({ name, schema }) => ({
      name,
      schema: dropReferences(schema),
      kind: schema.properties.kind.const,
    }));
}

/**
 * Where a value may be a reference its schema says so, for editors, which see `${var:NAME}` as it is written. Callform judges a
 * value when the reference is resolved: what is left of its text by then is none.
 */
function dropReferences(schema) {
  if (Array.isArray(schema)) return schema.map(dropReferences);
  if (typeof schema !== "object" || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]) => {
      const strict =
        key === "anyOf" && value[1]?.$ref === "#/$defs/reference" ? value[0] : undefined;
      if (strict !== undefined) return Object.entries(strict);
      const isReference = key === "$defs" && Object.keys(value).join() === "reference";
      return isReference ? [] : [[key, dropReferences(value)]];
    }),
  );
}
