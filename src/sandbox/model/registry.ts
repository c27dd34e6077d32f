import { COMPLEX_TYPES } from "./complex-types.ts";
import { ENTITY_TYPES } from "./entity-types.ts";
import { FLOW_SETS } from "./flow-sets.ts";
import { LINE_SETS } from "./line-sets.ts";
import { PEOPLE_SETS } from "./people-sets.ts";
import { RESERVED_SET, SYSTEM_SETS } from "./system-sets.ts";
import type { EntitySet, Link, ObjectType } from "./types.ts";

/** Every collection and singleton that the API shows. */
export const ENTITY_SETS: readonly EntitySet[] = [
  ...PEOPLE_SETS,
  ...LINE_SETS,
  ...FLOW_SETS,
  ...SYSTEM_SETS,
];

const KEPT = new Map([...ENTITY_SETS, RESERVED_SET].map((set) => [set.name, set]));
const ANY_CASE = new Map(ENTITY_SETS.map((set) => [set.name.toLowerCase(), set]));
const BY_TYPE = new Map(ENTITY_SETS.map((set) => [set.type, set]));
const TYPES = new Map([...COMPLEX_TYPES, ...ENTITY_TYPES].map((type) => [type.name, type]));

/** By its name as a client wrote it, in any case: live clients use `Ringgroups`. */
export function findSet(name: string): EntitySet | undefined {
  return ANY_CASE.get(name.toLowerCase());
}

/** By its exact name, the internal ones included. A name that is none of them is a bug. */
export function setNamed(name: string): EntitySet {
  const set = KEPT.get(name);
  if (set === undefined) throw new Error(`no entity set ${name}`);
  return set;
}

/** The type of that name, for names that the model itself uses. */
export function typeNamed(name: string): ObjectType {
  const type = TYPES.get(name);
  if (type === undefined) throw new Error(`no type ${name}`);
  return type;
}

export function isObjectType(name: string): boolean {
  return TYPES.has(name);
}

export function linkOf(type: string, property: string): Link | undefined {
  return BY_TYPE.get(type)?.links?.[property];
}

export function setOfType(type: string): EntitySet | undefined {
  return BY_TYPE.get(type);
}
