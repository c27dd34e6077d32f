import { isObject, textOf } from "../json.ts";
import type { Json } from "../json.ts";
import { warn } from "../refusal.ts";
import type { Warning } from "../refusal.ts";
import { asList } from "./links.ts";
import type { Change, Link, Records, Row } from "./types.ts";

/** Hours that are those of the whole system. */
export function followOffice(): Row {
  return { Type: "OfficeHours", IgnoreHolidays: false, Periods: [] };
}

export const HOLIDAY_NEEDS: readonly string[] =
  "Name Day DayEnd Month MonthEnd Year YearEnd TimeOfStartDate TimeOfEndDate".split(" ");

const DAYS_OF = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A holiday as the PBX keeps it. Throws a Refusal for a day that no year has; `at` is put before what is wrong. */
export function keepHoliday(holiday: Row, at = ""): Row {
  const { Day, DayEnd, Month, MonthEnd } = holiday;
  const warnings: Warning[] = [
    ...judgeDay(Day, Month, `${at}Day`),
    // The last day may be left out as 0: a holiday of a single day (the object model's help says so).
    ...(DayEnd === 0 ? [] : judgeDay(DayEnd, MonthEnd, `${at}DayEnd`)),
  ];
  if (warnings.length > 0) throw warn(warnings);
  return holiday["IsRecurrent"] === true ? { ...holiday, Year: 0, YearEnd: 0 } : holiday;
}

function judgeDay(day: Json | undefined, month: Json | undefined, target: string): Warning[] {
  const days = DAYS_OF[Number(month) - 1] ?? 0;
  const fits = Number(day) >= 1 && Number(day) <= days;
  return fits ? [] : [{ target, code: "WARNINGS.XAPI.OUT_OF_THE_RANGE" }];
}

/** `OfficeHolidays`: what is sent replaces the whole list; an entry whose Id is not in it is a new one. */
export function officeHolidays(): Link {
  return {
    read: (records, row) => listHolidays(records, row),
    bind: (_records, sent, property) =>
      asList(sent)
        .filter(isObject)
        .map((holiday, index) => {
          const at = `${property}[${index}].`;
          const missing = HOLIDAY_NEEDS.filter((name) => (holiday[name] ?? "") === "");
          if (missing.length > 0)
            throw warn(
              missing.map((name) => ({ target: at + name, code: "WARNINGS.XAPI.REQUIRED" })),
            );
          return keepHoliday({ ...holiday }, at);
        }),
    spread: (records, bound, row) => replaceHolidays(records, bound, row),
  };
}

function listHolidays(records: Records, row: Row): readonly Row[] {
  const number = textOf(row["Number"]);
  return records.list("Holidays").filter(({ Group }) => textOf(Group) === number);
}

function replaceHolidays(records: Records, bound: Json, row: Row): readonly Change[] {
  const set = "Holidays";
  const before = listHolidays(records, row);
  const kept = new Set<Row>();
  const written = asList(bound)
    .filter(isObject)
    .map(({ Id, ...holiday }): Change => {
      const values = { ...holiday, Group: textOf(row["Number"]) };
      const known = before.find((one) => one["Id"] === Id && !kept.has(one));
      if (known === undefined) return { set, values };
      kept.add(known);
      return { set, row: known, values };
    });
  const gone = before.filter((one) => !kept.has(one)).map((one): Change => ({ set, row: one }));
  return [...gone, ...written];
}
