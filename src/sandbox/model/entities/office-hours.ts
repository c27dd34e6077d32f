import { describeType } from "../describe.ts";
import { followOffice, officeHolidays } from "../hours.ts";
import type { EntitySet } from "../types.ts";

const TYPE = describeType(
  "OfficeHours",
  "BreakTime:Schedule Hours:Schedule OfficeHolidays:>Holiday[] SystemLanguage:string TimeZoneId:string",
);

/** The hours of the whole system, and the holidays of no department. */
export const OFFICE_HOURS: EntitySet = {
  name: "OfficeHours",
  type: TYPE,
  singleton: true,
  verbs: ["update"],
  links: { OfficeHolidays: officeHolidays() },
  defaults: {
    BreakTime: { ...followOffice(), Type: "Never" },
    Hours: { ...followOffice(), Type: "AllHours" },
    SystemLanguage: "EN",
    TimeZoneId: "51",
  },
};
