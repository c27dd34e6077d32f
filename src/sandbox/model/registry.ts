import { COMPLEX_TYPES } from "./complex-types.ts";
import { CALL_FLOW_APPS } from "./entities/call-flow-apps.ts";
import { CALL_FLOW_SCRIPTS } from "./entities/call-flow-scripts.ts";
import { DEFS } from "./entities/defs.ts";
import { DID_NUMBERS } from "./entities/did-numbers.ts";
import { GROUPS } from "./entities/groups.ts";
import { HOLIDAYS } from "./entities/holidays.ts";
import { INBOUND_RULES } from "./entities/inbound-rules.ts";
import { OFFICE_HOURS } from "./entities/office-hours.ts";
import { OUTBOUND_RULES } from "./entities/outbound-rules.ts";
import { PARAMETERS } from "./entities/parameters.ts";
import { PEERS } from "./entities/peers.ts";
import { QUEUES } from "./entities/queues.ts";
import { RECEPTIONISTS } from "./entities/receptionists.ts";
import { RING_GROUPS } from "./entities/ring-groups.ts";
import { SYSTEM_STATUS } from "./entities/system-status.ts";
import { TRUNKS } from "./entities/trunks.ts";
import { USERS } from "./entities/users.ts";
import type { EntitySet, Link, ObjectType } from "./types.ts";

/** Every collection and singleton that the API shows. An entity more is a line more. */
export const ENTITY_SETS: readonly EntitySet[] = [
  GROUPS,
  USERS,
  TRUNKS,
  INBOUND_RULES,
  OUTBOUND_RULES,
  DID_NUMBERS,
  CALL_FLOW_APPS,
  CALL_FLOW_SCRIPTS,
  RING_GROUPS,
  QUEUES,
  RECEPTIONISTS,
  PEERS,
  HOLIDAYS,
  OFFICE_HOURS,
  PARAMETERS,
  DEFS,
  SYSTEM_STATUS,
];

/** Numbers that are taken by what has no collection here: fax, parking, voicemail menu. */
const RESERVED: EntitySet = { name: "Reserved", type: PEERS.type, verbs: [], peerType: "" };

const KEPT = new Map([...ENTITY_SETS, RESERVED].map((set) => [set.name, set]));
const ANY_CASE = new Map(ENTITY_SETS.map((set) => [set.name.toLowerCase(), set]));
const BY_TYPE = new Map(ENTITY_SETS.map((set) => [set.type.name, set]));
const TYPES = new Map(
  [...COMPLEX_TYPES, ...ENTITY_SETS.map((set) => set.type)].map((type) => [type.name, type]),
);

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
