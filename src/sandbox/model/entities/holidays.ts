import { describeType } from "../describe.ts";
import { ALL_VERBS } from "../extension.ts";
import { HOLIDAY_NEEDS, keepHoliday } from "../hours.ts";
import type { EntitySet } from "../types.ts";

const TYPE = describeType(
  "Holiday",
  "Day:byte! DayEnd:byte! Group:string HolidayPrompt:string Id:int! IsRecurrent:bool Month:byte!",
  "MonthEnd:byte! Name:string! TimeOfEndDate:duration! TimeOfStartDate:duration! Year:int! YearEnd:int!",
);

export const HOLIDAYS: EntitySet = {
  name: "Holidays",
  type: TYPE,
  key: "Id",
  verbs: ALL_VERBS,
  defaults: { HolidayPrompt: "", IsRecurrent: false },
  needs: HOLIDAY_NEEDS,
  rewrite: (_records, row) => {
    Object.assign(row, keepHoliday(row));
  },
};
