import { isObject, textOf } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { warnOf } from "../refusal.ts";
import { ROLES } from "./enums.ts";
import { asList, MISSING, nameOf } from "./links.ts";
import type { Change, Link, Numbered, Records, Row } from "./types.ts";

/** One department that an extension is a member of, as it is kept: its role, and rights that were given beside it. */
type Membership = {
  readonly GroupId: number;
  readonly RoleName: string;
  readonly Rights?: JsonObject;
};

interface Member extends Numbered {
  readonly membership: Membership;
}

export function membershipsOf(row: Row): readonly Membership[] {
  return asList(row["Groups"])
    .filter(isObject)
    .map(({ GroupId, RoleName, Rights }) => ({
      GroupId: Number(GroupId),
      RoleName: textOf(RoleName),
      ...(isObject(Rights) ? { Rights } : {}),
    }));
}

/** `Groups` of every extension. What is sent replaces the list; `GroupRights` binds and does nothing. */
export function memberships(path = false): Link {
  return {
    path,
    read: (records, row) =>
      membershipsOf(row).map((membership) => {
        const { GroupId, RoleName } = membership;
        const group = records.byId("Groups", GroupId);
        return {
          Id: numberMembership(row, GroupId),
          GroupId,
          Name: group?.["Name"] ?? null,
          Number: row["Number"] ?? null,
          MemberName: nameMember(row),
          Type: typeOf(records, row),
          CanDelete: true,
          Rights: rightsOf(membership),
          GroupRights: { RoleName },
        };
      }),
    bind: (records, sent, property) => {
      const seen = new Set<number>();
      return asList(sent).map((entry) => {
        const id = isObject(entry) ? entry["GroupId"] : undefined;
        if (typeof id !== "number" || records.byId("Groups", id) === undefined)
          throw warnOf(property, MISSING);
        if (seen.has(id)) throw warnOf(property, "WARNINGS.XAPI.DUPLICATE");
        seen.add(id);
        return { GroupId: id, ...readRights(entry, property) };
      });
    },
  };
}

/** `Members` of a department: the other side of the same memberships. */
export function members(): Link {
  return {
    path: true,
    read: (records, row) =>
      membersOf(records, Number(row["Id"])).map(({ row: member, membership }) => ({
        Id: numberMembership(member, Number(row["Id"])),
        GroupId: row["Id"] ?? null,
        Name: row["Name"] ?? null,
        MemberName: nameMember(member),
        Number: member["Number"] ?? null,
        Type: typeOf(records, member),
        CanDelete: true,
        Rights: rightsOf(membership),
        GroupRights: { RoleName: membership.RoleName },
      })),
    bind: (records, sent, property) =>
      asList(sent).map((entry) => {
        const number = isObject(entry) ? entry["Number"] : undefined;
        if (typeof number !== "string" || records.byNumber(number) === undefined)
          throw warnOf(property, MISSING);
        return { Number: number, ...readRights(entry, property) };
      }),
    spread: (records, bound, row) => replaceMembers(records, bound, Number(row["Id"])),
  };
}

/** A membership has an id of its own, which names neither the member nor the department. */
function numberMembership(row: Row, group: number): number {
  return Number(row["Id"]) * 1000 + group;
}

/** People are listed by their last name. */
function nameMember(row: Row): string {
  const [first, last] = [textOf(row["FirstName"]), textOf(row["LastName"])];
  return first === "" || last === "" ? nameOf(row) : `${last}, ${first}`;
}

function typeOf(records: Records, row: Row): string {
  const found = records.byNumber(textOf(row["Number"]));
  return found === undefined ? "None" : records.peerType(found);
}

function rightsOf({ RoleName, Rights }: Membership): JsonObject {
  return { ...Rights, RoleName };
}

/** What is not sent is lost, as everywhere in a list that replaces. */
function readRights(entry: Json, property: string): Omit<Membership, "GroupId"> {
  const sent = isObject(entry) && isObject(entry["Rights"]) ? entry["Rights"] : {};
  const { RoleName: role = "users", ...others } = sent;
  if (role !== null && (typeof role !== "string" || !ROLES.has(role)))
    throw warnOf(`${property}.Rights.RoleName`, MISSING);
  const given = Object.entries(others).filter(([, value]) => value !== null);
  return {
    RoleName: role ?? "users",
    ...(given.length === 0 ? {} : { Rights: Object.fromEntries(given) }),
  };
}

function replaceMembers(records: Records, bound: Json, group: number): readonly Change[] {
  const wanted = new Map(
    asList(bound)
      .filter(isObject)
      .map(({ Number: number, ...rights }) => [textOf(number), rights]),
  );
  const before = membersOf(records, group).map(({ row }) => textOf(row["Number"]));
  return [...new Set([...before, ...wanted.keys()])].flatMap((number) => {
    const found = records.byNumber(number);
    if (found === undefined) return [];
    const rights = wanted.get(number);
    const joined = rights === undefined ? [] : [{ GroupId: group, ...rights }];
    const own = membershipsOf(found.row);
    const kept = own.flatMap((one) => (one.GroupId === group ? joined : [one]));
    const isNew = own.every(({ GroupId }) => GroupId !== group);
    return [{ ...found, values: { Groups: isNew ? [...kept, ...joined] : kept } }];
  });
}

const indexes = new WeakMap<
  Records,
  { readonly revision: number; readonly byGroup: ReadonlyMap<number, readonly Member[]> }
>();

/** The members of a department. Worked out for all departments at once, and again only after a change. */
export function membersOf(records: Records, group: number): readonly Member[] {
  let index = indexes.get(records);
  if (index?.revision !== records.revision) {
    index = { revision: records.revision, byGroup: indexMembers(records) };
    indexes.set(records, index);
  }
  return index.byGroup.get(group) ?? [];
}

function indexMembers(records: Records): ReadonlyMap<number, readonly Member[]> {
  const byGroup = new Map<number, Member[]>();
  for (const numbered of records.numbered())
    for (const membership of membershipsOf(numbered.row)) {
      const list = byGroup.get(membership.GroupId) ?? [];
      list.push({ ...numbered, membership });
      byGroup.set(membership.GroupId, list);
    }
  return byGroup;
}
