import { isObject } from "../../json.ts";
import { describeType } from "../describe.ts";
import { warnOf } from "../../refusal.ts";
import { ALL_VERBS } from "../extension.ts";
import { reference } from "../links.ts";
import { peerOf } from "../peers.ts";
import { isDefaultRoute, RULE_DEFAULTS, rulesOf } from "../trunk-rules.ts";
import type { EntitySet, Link } from "../types.ts";

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
  defaults: RULE_DEFAULTS,
  needs: [
    "RuleName",
    "Condition",
    "Data",
    "TrunkDN",
    "OfficeHoursDestination",
    "AlterDestinationDuringOutOfOfficeHours",
    "AlterDestinationDuringHolidays",
  ],
  rewrite: (records, row) => {
    const { Condition, TrunkDN, Id = null } = row;
    const isTaken = rulesOf(records, TrunkDN ?? null).some(
      (rule) => isDefaultRoute(rule) && rule["Id"] !== Id,
    );
    if (Condition === "ForwardAll" && isTaken) throw warnOf("Condition", "WARNINGS.XAPI.DUPLICATE");
  },
  guardRemoval: (records, row) => {
    if (isDefaultRoute(row) && !records.quirks.defaultRouteRemovable)
      throw warnOf("Id", "WARNINGS.XAPI.FORBIDDEN_CHANGE");
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
