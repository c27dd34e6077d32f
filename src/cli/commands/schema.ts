import path from "node:path";
import { findSchema, readSchemas, saveSchemas, type Schema } from "../../app/project/schemas.ts";
import { failure } from "../../domain/problem.ts";
import type { Context } from "../context.ts";

export interface SchemaFlags {
  readonly list?: boolean;
  readonly out?: string;
}

/** `callform schema`: prints the schema of one kind, or the list of kinds, or writes schemas into a folder for editors. */
export async function schema(
  { console, surroundings }: Context,
  kind: string | undefined,
  { list, out }: SchemaFlags,
): Promise<number> {
  if (list === true && (kind !== undefined || out !== undefined))
    throw failure("invalid-flag", "--list goes with neither a kind nor --out");
  const chosen = kind === undefined ? await readSchemas() : [await findSchema(kind)];
  if (out !== undefined) {
    const written = kind === undefined ? chosen.filter((item) => item.written) : chosen;
    const names = await saveSchemas(path.resolve(surroundings.cwd, out), out, written);
    console.out(names.map((name) => `${name}\n`).join(""));
    return 0;
  }
  console.out(kind === undefined ? renderList(chosen) : chosen.map(({ text }) => text).join(""));
  return 0;
}

function renderList(schemas: readonly Schema[]): string {
  const width = Math.max(...schemas.map(({ kind }) => kind.length));
  return schemas.map(({ kind, title }) => `${kind.padEnd(width)}  ${title}\n`).join("");
}
