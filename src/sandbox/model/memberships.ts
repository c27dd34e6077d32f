import { isObject, textOf } from "../json.ts";
import type { Json } from "../json.ts";
import { warnOf } from "../refusal.ts";
import { ROLES } from "./enums.ts";
import { asList, MISSING, nameOf } from "./links.ts";
import type { Change, Link, Numbered, Records, Row } from "./types.ts";

/** One department that an extension is a member of, as it is kept. */
type Membership = { readonly GroupId: number; readonly RoleName: string };

interface Member extends Numbered {
  readonly role: string;
}

export function membershipsOf(row: Row): readonly Membership[] {
  return asList(row["Groups"])
    .filter(isObject)
    .map(({ GroupId, RoleName }) => ({ GroupId: Number(GroupId), RoleName: textOf(RoleName) }));
}

/** `Groups` of every extension. What is sent replaces the list; `GroupRights` binds and does nothing. */
export function memberships(path = false): Link {
  return {
    path,
    read: (records, row) =>
      membershipsOf(row).map(({ GroupId, RoleName }) => {
        const group = records.byId("Groups", GroupId);
        return {
          Id: numberMembership(row, GroupId),
          GroupId,
          Name: group?.["Name"] ?? null,
          Number: row["Number"] ?? null,
          MemberName: nameMember(row),
          Type: typeOf(records, row),
          CanDelete: true,
          Rights: { RoleName },
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
        return { GroupId: id, RoleName: readRole(entry, property) };
      });
    },
  };
}

/** `Members` of a department: the other side of the same memberships. */
export function members(): Link {
  return {
    path: true,
    read: (records, row) =>
      membersOf(records, Number(row["Id"])).map(({ row: member, role }) => ({
        Id: numberMembership(member, Number(row["Id"])),
        GroupId: row["Id"] ?? null,
        Name: row["Name"] ?? null,
        MemberName: nameMember(member),
        Number: member["Number"] ?? null,
        Type: typeOf(records, member),
        CanDelete: true,
        Rights: { RoleName: role },
        GroupRights: { RoleName: role },
      })),
    bind: (records, sent, property) =>
      asList(sent).map((entry) => {
        const number = isObject(entry) ? entry["Number"] : undefined;
        if (typeof number !== "string" || records.byNumber(number) === undefined)
          throw warnOf(property, MISSING);
        return { Number: number, RoleName: readRole(entry, property) };
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

function readRole(entry: Json, property: string): string {
  const rights = isObject(entry) ? entry["Rights"] : undefined;
  const role = isObject(rights) ? rights["RoleName"] : undefined;
  if (role === undefined || role === null) return "users";
  if (typeof role !== "string" || !ROLES.has(role))
    throw warnOf(`${property}.Rights.RoleName`, MISSING);
  return role;
}

function replaceMembers(records: Records, bound: Json, group: number): readonly Change[] {
  const wanted = new Map(
    asList(bound)
      .filter(isObject)
      .map(({ Number: number, RoleName: role }) => [textOf(number), textOf(role)]),
  );
  const before = membersOf(records, group).map(({ row }) => textOf(row["Number"]));
  return [...new Set([...before, ...wanted.keys()])].flatMap((number) => {
    const found = records.byNumber(number);
    if (found === undefined) return [];
    const others = membershipsOf(found.row).filter(({ GroupId }) => GroupId !== group);
    const role = wanted.get(number);
    const joined = role === undefined ? [] : [{ GroupId: group, RoleName: role }];
    return [{ ...found, values: { Groups: [...others, ...joined] } }];
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
    for (const { GroupId, RoleName } of membershipsOf(numbered.row)) {
      const list = byGroup.get(GroupId) ?? [];
      list.push({ ...numbered, role: RoleName });
      byGroup.set(GroupId, list);
    }
  return byGroup;
}
