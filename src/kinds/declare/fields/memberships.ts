import type { FieldDeclaration, Words } from "../declaration.ts";
import { objectsOf } from "../entity.ts";
import type { Shape } from "../shape.ts";
import { orReference } from "../values.ts";
import {
  completeMemberships,
  DEFAULT_ROLE,
  departmentOf,
  MEMBERSHIPS,
  readMemberships,
  WHOLE_MEMBERSHIPS,
  writeMemberships,
} from "./membership-list.ts";
import { declare } from "./plain.ts";

const ROLES = {
  users: "User of the department.",
  receptionists: "Receptionist of the department.",
  group_admins: "Administrator of the department.",
  managers: "Manager of the department.",
  group_owners: "Owner of the department.",
  system_admins: "Administrator of the whole system.",
  system_owners: "Owner of the whole system.",
};

/** The departments that something with a number belongs to, each with its role there. `short` is what it is called. */
export function memberships(short: string, words: Words = {}): FieldDeclaration {
  return declare(
    `The departments the ${short} belongs to, each with the role it has there. The list replaces the one on the PBX; null or [] empties it.`,
    {
      title: "Departments",
      examples: [[{ name: "DEFAULT", role: DEFAULT_ROLE }]],
      evidence:
        "written by two clients of live PBXs: the list replaces, Rights may be left out; a GroupRights is accepted and does nothing",
      ...words,
    },
    (property): Shape => ({
      comparison: "set",
      properties: [property],
      schema: {
        type: ["array", "null"],
        uniqueBy: "name",
        items: {
          title: "Department",
          description: `A department and the role of the ${short} in it.`,
          type: "object",
          additionalProperties: false,
          required: ["name"],
          properties: {
            name: {
              title: "Department name",
              description: "The department as the admin console names it.",
              type: "string",
              minLength: 1,
              examples: ["DEFAULT"],
            },
            role: {
              title: "Role",
              description: `The role of the ${short} in the department.`,
              type: "string",
              ...orReference({
                enum: Object.keys(ROLES),
                enumDescriptions: Object.values(ROLES),
              }),
              default: DEFAULT_ROLE,
              examples: [DEFAULT_ROLE],
            },
          },
        },
      },
      expand: MEMBERSHIPS,
      writeExpand: WHOLE_MEMBERSHIPS,
      read: readMemberships,
      write: (value, resolve, seen) => ({ [property]: writeMemberships(value, resolve, seen) }),
      complete: completeMemberships,
      lookups: (value) =>
        objectsOf(value).map((group) => ({ ...departmentOf(group), noun: "department" })),
      collections: ["Groups"],
    }),
  );
}
