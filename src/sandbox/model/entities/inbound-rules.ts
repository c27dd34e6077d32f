import { isObject } from "../../json.ts";
import { describeType } from "../describe.ts";
import { completeDestination } from "../destination.ts";
import { ALL_VERBS } from "../extension.ts";
import { reference } from "../links.ts";
import { peerOf } from "../peers.ts";
import type { EntitySet, Link } from "../types.ts";

const DESTINATIONS = [
  "OfficeHoursDestination",
  "OutOfOfficeHoursDestination",
  "HolidaysDestination",
] as const;

const TYPE = describeType(
  "InboundRule",
  "AlterDestinationDuringHolidays:bool AlterDestinationDuringOutOfOfficeHours:bool",
  "CallType:RuleCallTypeType Condition:RuleConditionType CustomData:string Data:string",
  "HolidaysDestination:Destination Hours:Schedule Id:int! OfficeHoursDestination:Destination",
  "OutOfOfficeHoursDestination:Destination RuleName:string TrunkDN:>Peer",
);

export const INBOUND_RULES: EntitySet = {
  name: "InboundRules",
  type: TYPE,
  key: "Id",
  verbs: ALL_VERBS,
  links: { TrunkDN: trunkAsPeer() },
  defaults: {
    CallType: "AllCalls",
    CustomData: "",
    Hours: { Type: "OfficeHours", IgnoreHolidays: false, Periods: [] },
  },
  needs: [
    "RuleName",
    "Condition",
    "Data",
    "TrunkDN",
    "OfficeHoursDestination",
    "AlterDestinationDuringOutOfOfficeHours",
    "AlterDestinationDuringHolidays",
  ],
  rewrite: (records, row, changed) => {
    for (const name of DESTINATIONS)
      if (changed.has(name)) row[name] = completeDestination(records, row[name], name);
  },
};

function trunkAsPeer(): Link {
  const link = reference("Trunks", () => false);
  return {
    ...link,
    read: (records, row, property) => {
      const trunk = link.read?.(records, row, property);
      return isObject(trunk) ? peerOf(trunk, "ExternalLine") : null;
    },
  };
}
