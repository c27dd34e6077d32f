import type { JsonObject } from "../../domain/json.ts";
import type { Declaration, FieldDeclaration } from "./declaration.ts";
import { propertyOf, shortOf, titleOf } from "./names.ts";
import type { TextFile } from "./shape.ts";

/** What a schema says of a kind's settings. */
export function writeSpec(declaration: Declaration): JsonObject {
  const fields = Object.entries(declaration.fields);
  const shapes = fields.map(([name, field]) => [name, shapeOf(name, field)] as const);
  const pairs = shapes.flatMap(([name, { file }]) =>
    file === undefined ? [] : [[file.key, name]],
  );
  const required = fields.filter(([, field]) => field.required === true).map(([name]) => name);
  return {
    title: "Settings",
    description: `The settings of the ${shortOf(declaration)}, spelled as in the 3CX configuration API but in camelCase. A setting that is absent is not managed: whatever the PBX has stays. null or [] clears it.`,
    type: "object",
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
    ...exclude(pairs),
    properties: Object.fromEntries(
      fields.flatMap(([name, field]) => {
        const { file, schema } = shapeOf(name, field);
        return [
          ...(file === undefined ? [] : [[file.key, writeFile(file)] as const]),
          [name, { title: titleOf(name, field), ...describe(field), ...schema }] as const,
        ];
      }),
    ),
  };
}

function describe({ about, default: usual, examples }: FieldDeclaration): JsonObject {
  return {
    description: about,
    ...(usual === undefined ? {} : { default: usual }),
    ...(examples === undefined ? {} : { examples }),
  };
}

/** A text stands in a file or in place, not in both. */
function exclude(pairs: readonly (readonly string[])[]): JsonObject {
  const [first, ...more] = pairs.map((pair) => ({ not: { required: pair } }));
  if (first === undefined) return {};
  return more.length === 0 ? first : { allOf: [first, ...more] };
}

function writeFile({ title, about, examples }: TextFile): JsonObject {
  return { title, description: about, type: "string", minLength: 1, examples };
}

function shapeOf(name: string, { shape, property }: FieldDeclaration) {
  return shape(propertyOf(name, property));
}
