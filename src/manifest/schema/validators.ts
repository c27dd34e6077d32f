import { validates } from "./generated/validators.js";
import type { SchemaFailure, SchemaValidate, Validator } from "./schema-error.ts";

export type { SchemaError, SchemaValidate, Validator } from "./schema-error.ts";

/** A function that ajv compiled with `allErrors` and `verbose`, as a Validator. */
export function adaptValidate(validate: SchemaValidate): Validator {
  return (value) => (validate(value) ? [] : (validate.errors ?? []).map(adaptFailure));
}

function adaptFailure({ keyword, instancePath, params, message, parentSchema }: SchemaFailure) {
  return {
    keyword,
    pointer: instancePath,
    params,
    message: message ?? keyword,
    schema: parentSchema ?? {},
  };
}

/** The validator of every kind that has a schema, of `Project` and of `Overlay`. */
export const validators: Readonly<Record<string, Validator>> = Object.fromEntries(
  Object.entries(validates).map(([kind, validate]) => [kind, adaptValidate(validate)]),
);

export const validateProject: Validator = adaptValidate(validates.Project);

export const validateOverlay: Validator = adaptValidate(validates.Overlay);

/** The keys on the way to a value: `/spec/groups/0` is `["spec", "groups", "0"]`. */
export function splitPointer(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The pointer to a value: the inverse of `splitPointer`. */
export function joinPointer(path: readonly (string | number)[]): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
