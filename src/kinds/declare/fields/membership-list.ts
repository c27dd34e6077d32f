import { isList } from "../../../domain/plan/canonical.ts";
import type { Entity, Expand, Lookup, ResolveId } from "../../../domain/ports.ts";
import type { Json, JsonObject } from "../../../domain/json.ts";
import {
  isObject,
  objectsOf,
  readInteger,
  readObject,
  readObjects,
  readOptionalText,
  readText,
  writeKey,
} from "../entity.ts";

export const DEFAULT_ROLE = "users";
/** Every user's favourites are a department of such a name; the console hides them, as three clients do (a ring group tool, live). */
const HIDDEN = /^___FAVORITES___/;

/** The departments an extension is a member of, as far as manifests can say it. */
export const MEMBERSHIPS: Expand = {
  property: "Groups",
  select: ["GroupId", "Name"],
  expand: [{ property: "Rights", select: ["RoleName"] }],
};

/** The same with every right of each membership. */
export const WHOLE_MEMBERSHIPS: Expand = {
  ...MEMBERSHIPS,
  expand: [{ property: "Rights" }],
};

/** In manifest terms; absent where they were not read. */
export function readMemberships(entity: Entity): JsonObject[] | undefined {
  return readObjects(entity, "Groups")?.flatMap((membership) => {
    const name = readText(membership, "Name");
    return HIDDEN.test(name) ? [] : [{ name, role: readRole(membership) }];
  });
}

/** A department without a role is one of a user. */
export function completeMemberships(value: Json): Json {
  if (value === null || !isList(value)) return value;
  return value.map((group) =>
    isObject(group) && group["role"] === undefined ? { ...group, role: DEFAULT_ROLE } : group,
  );
}

export function departmentOf(group: JsonObject): Omit<Lookup, "field" | "noun"> {
  return {
    collection: "Groups",
    property: "Name",
    value: writeKey(group["name"]),
  };
}

/**
 * The list as it is sent. It replaces the one before, so what is hidden goes back as it was, each that stays keeps the rights that
 * somebody gave it beside its role, and all keep their order: the first is the primary department (3CX's object model,
 * ResetPrimaryGroup). `Rights`, because a `GroupRights` is accepted and does nothing.
 */
export function writeMemberships(groups: Json, resolve: ResolveId, seen: Entity = {}): Json {
  const wanted = new Map(
    objectsOf(completeMemberships(groups)).map((group) => [
      resolve(departmentOf(group)),
      group["role"] ?? DEFAULT_ROLE,
    ]),
  );
  const kept = (readObjects(seen, "Groups") ?? []).flatMap((membership) => {
    const id = readInteger(membership, "GroupId");
    const role = HIDDEN.test(readText(membership, "Name")) ? readRole(membership) : wanted.get(id);
    wanted.delete(id);
    return role === undefined
      ? []
      : [
          {
            GroupId: id,
            Rights: { ...readRights(membership), RoleName: role },
          },
        ];
  });
  const joined = [...wanted].map(([id, role]) => ({
    GroupId: id,
    Rights: { RoleName: role },
  }));
  return [...kept, ...joined];
}

function readRole(membership: JsonObject): Json {
  const rights = readObject(membership, "Rights") ?? {};
  return readOptionalText(rights, "RoleName") ?? DEFAULT_ROLE;
}

/** Those that are set. `Invalid` is none: it says something about the others. */
function readRights(membership: JsonObject): JsonObject {
  const rights = Object.entries(readObject(membership, "Rights") ?? {});
  return Object.fromEntries(
    rights.filter(([name, value]) => value !== null && name !== "Invalid" && !name.startsWith("@")),
  );
}
