import { warnOf } from "../refusal.ts";
import { contained, derived, MISSING } from "./links.ts";
import { members, memberships, membershipsOf, membersOf } from "./memberships.ts";
import type { EntitySet } from "./types.ts";

const ALL = ["create", "update", "remove"] as const;

/** Departments and the people in them. */
export const PEOPLE_SETS: readonly EntitySet[] = [
  {
    name: "Groups",
    type: "Group",
    key: "Id",
    verbs: ALL,
    peerType: "Group",
    links: {
      Groups: memberships(),
      Members: members(),
      Rights: contained(true),
      OfficeHolidays: derived((records, row) =>
        records.list("Holidays").filter((holiday) => holiday["Group"] === row["Number"]),
      ),
    },
    defaults: { IsDefault: false, Rights: [], Language: "EN" },
    needs: ["Name"],
    numbers: { prefix: "GRP", from: 1, width: 4 },
    compute: (records, row) => ({
      HasMembers: membersOf(records, Number(row["Id"])).length > 0,
    }),
    guardRemoval: (records, row) => {
      if (row["IsDefault"] === true) throw warnOf("Id", "WARNINGS.GROUP_CANNOT_BE_DELETED");
      if (membersOf(records, Number(row["Id"])).length > 0)
        throw warnOf("Id", "WARNINGS.GROUP_WITH_MEMBERS_CANNOT_BE_DELETED");
    },
  },
  {
    name: "Users",
    type: "User",
    key: "Id",
    alternateKey: "Number",
    verbs: ALL,
    peerType: "Extension",
    links: {
      Groups: memberships(true),
      ForwardingExceptions: contained(),
      ForwardingProfiles: contained(true),
      Greetings: contained(true),
      Phones: contained(),
    },
    defaults: { Enabled: true, IsRegistered: false, VMEnabled: true },
    createRefuses: ["Groups", "TranscriptionMode", "VMEnabled", "VMPIN", "VMEmailOptions"],
    numbers: { prefix: "", from: 100, width: 3 },
    rewrite: (records, row, changed) => {
      const { EmailAddress: email, PrimaryGroupId: primary } = row;
      const joined = membershipsOf(row).some(({ GroupId }) => GroupId === primary);
      if (changed.has("PrimaryGroupId") && primary !== null && !joined)
        throw warnOf("PrimaryGroupId", MISSING);
      const taken =
        changed.has("EmailAddress") &&
        email !== "" &&
        records
          .list("Users")
          .some((user) => user["EmailAddress"] === email && user["Id"] !== row["Id"]);
      if (taken) throw warnOf("EmailAddress", "WARNINGS.XAPI.ALREADY_IN_USE");
    },
  },
];
