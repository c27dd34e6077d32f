import type { Declaration } from "../../../src/kinds/declare/declaration.ts";
import { propertyOf } from "../../../src/kinds/declare/names.ts";

export interface Classification {
  readonly managed: readonly string[];
  readonly status: readonly string[];
  readonly secrets: readonly string[];
  readonly leaves: readonly string[];
}

/** Where a declaration puts each property of the API. */
export function classify(declaration: Declaration): Classification {
  const { key, fields, status, secrets = [], leaves } = declaration;
  return {
    managed: [
      key.property,
      ...Object.entries(fields).flatMap(
        ([name, { shape, property }]) => shape(propertyOf(name, property)).properties,
      ),
    ],
    status: [
      "Id",
      ...Object.entries(status).map(([name, { property }]) => propertyOf(name, property)),
    ],
    secrets,
    leaves: Object.keys(leaves),
  };
}

/** What is wrong with a declaration, a sentence each, given every property that 3CX's description gives the type. */
export function judgeClassification(
  declaration: Declaration,
  official: readonly string[],
): readonly string[] {
  const places: readonly (readonly [string, readonly string[]])[] = Object.entries(
    classify(declaration),
  );
  const placesOf = (property: string): string[] =>
    places.flatMap(([place, list]) => list.filter((one) => one === property).map(() => place));
  const known = new Set(places.flatMap(([, list]) => list));
  const name = (property: string): string => `${declaration.name}.${property}`;
  return [
    ...official
      .filter((property) => !known.has(property))
      .map(
        (property) =>
          `${name(property)} is new in 3CX: declare it as a field, as status, as a secret, or say in leaves why it is left alone`,
      ),
    ...[...known]
      .filter((property) => !official.includes(property))
      .map((property) => `${name(property)} is not in 3CX's description`),
    ...[...known]
      .filter((property) => placesOf(property).length > 1)
      .map((property) => `${name(property)} stands in ${placesOf(property).join(" and ")}`),
  ];
}
