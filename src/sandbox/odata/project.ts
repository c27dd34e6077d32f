import { isObject } from "../json.ts";
import type { Json } from "../json.ts";
import { isObjectType, linkOf, setOfType, typeNamed } from "../model/registry.ts";
import type { ObjectType, Property, Records, Row } from "../model/types.ts";
import { invalidQuery } from "../refusal.ts";
import { compileFilter } from "./evaluate.ts";
import type { Expansion, Shape } from "./options.ts";

/** Throws a Refusal (400) unless everything that the shape names is a property of the type. */
export function checkShape(shape: Shape, type: ObjectType): void {
  for (const name of shape.select ?? []) {
    const [outer = "", inner] = name.split("/");
    const property = type.properties.get(outer);
    if (property === undefined) throw unknownProperty(outer, type);
    if (inner === undefined) continue;
    const described = isObjectType(property.type) ? typeNamed(property.type) : undefined;
    if (property.navigation || described?.properties.has(inner) !== true)
      throw unknownProperty(inner, described ?? type);
  }
  for (const [name, inner] of shape.expand) {
    const property = type.properties.get(name);
    if (property === undefined) throw unknownProperty(name, type);
    if (!property.navigation)
      throw invalidQuery(
        `Property '${name}' on type 'Pbx.${type.name}' is not a navigation property.`,
      );
    if (inner.filter !== undefined && !property.list)
      throw invalidQuery(`The $filter of '${name}' needs a collection to work on.`);
    checkShape(inner, typeNamed(property.type));
  }
}

/** Makes rows of that type what the API shows: only what is selected, nothing linked unless expanded. */
export function projector(
  shape: Shape,
  type: ObjectType,
  records: Records,
): (row: Row) => Record<string, Json> {
  const set = setOfType(type.name);
  const hidden = new Set(hiddenProperties(set?.onlySelected ?? [], records));
  const plain = [...type.properties.values()].filter(
    ({ name, navigation }) =>
      !navigation && (shape.select === undefined ? !hidden.has(name) : shape.select.has(name)),
  );
  const parts = readParts(shape, type);
  const followed = [...shape.expand].map(([name, inner]) => follow(name, inner, type, records));
  return (row) => {
    const computed = set?.compute?.(records, row);
    const shown: Record<string, Json> = {};
    for (const property of plain)
      shown[property.name] = show(computed?.[property.name] ?? row[property.name], property);
    for (const [property, names] of parts) {
      const whole = show(row[property.name], property);
      shown[property.name] = isObject(whole)
        ? Object.fromEntries(names.map((name) => [name, whole[name] ?? null]))
        : whole;
    }
    for (const [name, read] of followed) shown[name] = read(row);
    return shown;
  };
}

/** The complex values of which only some properties are selected, with the names of these. */
function readParts(shape: Shape, type: ObjectType): readonly (readonly [Property, string[]])[] {
  const names = new Map<string, string[]>();
  for (const path of shape.select ?? []) {
    const [outer = "", inner] = path.split("/");
    if (inner !== undefined) names.set(outer, [...(names.get(outer) ?? []), inner]);
  }
  return [...names].flatMap(([outer, inner]) => {
    const property = type.properties.get(outer);
    return property === undefined || shape.select?.has(outer) === true
      ? []
      : [[property, inner] as const];
  });
}

function follow(
  name: string,
  inner: Expansion,
  type: ObjectType,
  records: Records,
): readonly [string, (row: Row) => Json] {
  const property = type.properties.get(name);
  if (property === undefined) throw unknownProperty(name, type);
  const described = typeNamed(property.type);
  const target = projector(inner, described, records);
  const isWanted =
    inner.filter === undefined ? () => true : compileFilter(inner.filter, described, records);
  const link = linkOf(type.name, name);
  return [
    name,
    (row) => {
      const value = link?.read === undefined ? row[name] : link.read(records, row, name);
      if (Array.isArray(value))
        return value
          .filter(isObject)
          .map((one) => ({ ...one }))
          .filter(isWanted)
          .map(target);
      if (isObject(value)) return target({ ...value });
      return property.list ? [] : null;
    },
  ];
}

/** A value with every property its type has: clients see null and empty lists, not absence. */
function show(value: Json | undefined, { type, list }: Property): Json {
  if (list) return Array.isArray(value) ? value.map((one: Json) => showOne(one, type)) : [];
  return value === undefined ? null : showOne(value, type);
}

function showOne(value: Json, type: string): Json {
  if (!isObject(value) || !isObjectType(type)) return value;
  const properties = [...typeNamed(type).properties.values()].filter((one) => !one.navigation);
  return Object.fromEntries(properties.map((one) => [one.name, show(value[one.name], one)]));
}

function hiddenProperties(names: readonly string[], records: Records): readonly string[] {
  if (records.quirks.rejectedCodeNeedsSelect) return names;
  return names.filter((name) => name !== "RejectedCode");
}

function unknownProperty(name: string, type: ObjectType): Error {
  return invalidQuery(`Could not find a property named '${name}' on type 'Pbx.${type.name}'.`);
}
