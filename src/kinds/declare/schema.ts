import type { JsonObject } from "../../domain/json.ts";
import type { Declaration } from "./declaration.ts";
import { writeKey } from "./entity.ts";
import { fileNameOf } from "./names.ts";
import { writeLifecycle, writeMetadata } from "./schema-sections.ts";
import { writeSpec } from "./schema-spec.ts";

/** The JSON Schema of a kind's manifests, with everything that an editor shows. */
export function writeSchema(declaration: Declaration): JsonObject {
  const { name, noun, about } = declaration;
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:callform:v1:${fileNameOf(name)}`,
    title: noun.charAt(0).toUpperCase() + noun.slice(1),
    description: `${about} A file may hold several, separated by lines of \`---\`.`,
    type: "object",
    additionalProperties: false,
    required: ["apiVersion", "kind", "metadata", "spec"],
    defaultSnippets: [writeSnippet(declaration)],
    properties: {
      apiVersion: constant("Format version", "The version of this file format.", "callform/v1"),
      kind: constant("Kind", "What the document describes.", name),
      metadata: writeMetadata(declaration),
      spec: writeSpec(declaration),
      lifecycle: writeLifecycle(declaration),
    },
    $defs: { reference: REFERENCE },
    examples: [exampleOf(declaration)],
  };
}

const REFERENCE: JsonObject = {
  title: "Reference",
  description:
    "A variable of the target, as ${var:NAME}, or a secret from the environment, as ${secret:NAME}. It is put in when a command runs.",
  type: "string",
  pattern: "\\$\\{(var|secret):[A-Z0-9_]+\\}",
};

function constant(title: string, description: string, value: string): JsonObject {
  return { title, description, const: value, examples: [value] };
}

function exampleOf({ name, example }: Declaration): JsonObject {
  return { apiVersion: "callform/v1", kind: name, ...example };
}

/** What an editor offers for an empty document. */
function writeSnippet({ name, noun, key, fields, example }: Declaration): JsonObject {
  const needed = Object.entries(fields).filter(([, { required }]) => required === true);
  return {
    label: `new ${noun}`,
    description: `A document of kind ${name} with what every one needs.`,
    body: {
      apiVersion: "callform/v1",
      kind: name,
      metadata: { [key.name]: `\${1:${key.examples[0] ?? ""}}` },
      spec: Object.fromEntries(
        needed.map(([field], index) => [
          field,
          `\${${index + 2}:${writeKey(example.spec[field])}}`,
        ]),
      ),
    },
  };
}
