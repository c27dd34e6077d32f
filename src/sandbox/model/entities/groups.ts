import { warnOf } from "../../refusal.ts";
import { GROUP_DEFAULTS } from "../defaults.ts";
import { describeType } from "../describe.ts";
import { CLICK_TO_CALL, ROUTES } from "../extension.ts";
import { ALL_VERBS } from "../extension.ts";
import { contained } from "../links.ts";
import { members, memberships, membersOf } from "../memberships.ts";
import { officeHolidays } from "../hours.ts";
import type { EntitySet } from "../types.ts";

const TYPE = describeType(
  "Group",
  CLICK_TO_CALL,
  ROUTES,
  "AllowCallService:bool AnswerAfter:int BreakTime:Schedule CallHandlingMode:CallHandlingFlags[]",
  "CurrentGroupHours:GroupHoursMode CustomOperator:Destination CustomPrompt:string",
  "DisableCustomPrompt:bool GloballyVisible:bool HasMembers:bool= Hours:Schedule IsDefault:bool=",
  "Language:string LastLoginTime:date= Members:>UserGroup[] MusicOnHold:string Name:string",
  "OfficeHolidays:>Holiday[] OfficeRoute:Route OverrideExpiresAt:date OverrideHolidays:bool",
  "PromptSet:string Props:GroupProps Rights:>Rights[] TimeZoneId:string",
);

export const GROUPS: EntitySet = {
  name: "Groups",
  type: TYPE,
  key: "Id",
  verbs: ALL_VERBS,
  peerType: "Group",
  links: {
    Groups: memberships(),
    Members: members(),
    Rights: contained(true),
    OfficeHolidays: officeHolidays(),
  },
  defaults: GROUP_DEFAULTS,
  needs: ["Name"],
  numbers: { prefix: "GRP", from: 1, width: 4 },
  compute: (records, row) => ({
    HasMembers: membersOf(records, Number(row["Id"])).length > 0,
  }),
  rewrite: (records, row, changed) => {
    const isTaken = records
      .list("Groups")
      .some(({ Id, Name }) => Name === row["Name"] && Id !== row["Id"]);
    if (changed.has("Name") && isTaken) throw warnOf("Name", "WARNINGS.XAPI.DUPLICATE");
  },
  guardRemoval: (records, row) => {
    if (row["IsDefault"] === true) throw warnOf("Id", "WARNINGS.GROUP_CANNOT_BE_DELETED");
    if (membersOf(records, Number(row["Id"])).length > 0)
      throw warnOf("Id", "WARNINGS.GROUP_WITH_MEMBERS_CANNOT_BE_DELETED");
  },
};
