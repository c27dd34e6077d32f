import type { Field } from "../ports.ts";
import type { Json } from "../json.ts";
import { reveal, type FieldValue } from "../secret.ts";

type Values = Readonly<Record<string, FieldValue>>;

/**
 * The field as it is compared in one resource: a list whose order counts while another field says so is no set then. What the
 * first of the `sides` that has the other field says is what counts.
 */
export function orderField(field: Field, ...sides: readonly (Values | undefined)[]): Field {
  const { ordered } = field;
  if (ordered === undefined) return field;
  const said = sides.map((side) => side?.[ordered.field]).find((value) => value !== undefined);
  const value: Json = said === undefined ? null : reveal(said);
  const counts = typeof value === "string" && ordered.values.includes(value);
  return counts ? { ...field, comparison: "exact" } : field;
}
