import { describeType } from "../describe.ts";
import { ALL_VERBS } from "../extension.ts";
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
  needs: "Name Day DayEnd Month MonthEnd Year YearEnd TimeOfStartDate TimeOfEndDate".split(" "),
  rewrite: (_records, row) => {
    if (row["IsRecurrent"] === true) Object.assign(row, { Year: 0, YearEnd: 0 });
  },
};
