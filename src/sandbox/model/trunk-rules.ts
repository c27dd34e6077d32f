import type { Json } from "../json.ts";
import { leadNowhere } from "./destination.ts";
import { followOffice } from "./hours.ts";
import type { Records, Row } from "./types.ts";

/** What a rule has when nobody said otherwise. */
export const RULE_DEFAULTS: Row = {
  CallType: "AllCalls",
  CustomData: "",
  Hours: followOffice(),
  OutOfOfficeHoursDestination: leadNowhere(),
  HolidaysDestination: leadNowhere(),
};

/** The inbound rules of a trunk, by its id. */
export function rulesOf(records: Records, trunk: Json): readonly Row[] {
  return records.list("InboundRules").filter((rule) => rule["TrunkDN"] === trunk);
}

/** Where the calls of a trunk go that no other rule takes. */
export function isDefaultRoute({ Condition }: Row): boolean {
  return Condition === "ForwardAll";
}

/** The default route that a new trunk comes with. */
export function makeDefaultRoute(trunk: Row): Row {
  return {
    ...RULE_DEFAULTS,
    RuleName: "",
    Condition: "ForwardAll",
    Data: "",
    TrunkDN: trunk["Id"] ?? null,
    OfficeHoursDestination: leadNowhere(),
    AlterDestinationDuringOutOfOfficeHours: false,
    AlterDestinationDuringHolidays: false,
  };
}
