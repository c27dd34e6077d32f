import type { PlannedWrite } from "../plan.ts";
import { problemAt } from "../problem-at.ts";
import type { Problem } from "../../problem.ts";
import { nameResource } from "../../resource.ts";

/** A new resource that gets nothing to answer calls with, and no manifest will tell later on. */
export function warnOfEmptyCreates(writes: readonly PlannedWrite[]): Problem[] {
  return writes.flatMap(({ kind, change, desired }) => {
    const field = kind.settle?.field;
    if (change.op !== "create" || field === undefined || desired.fields[field] !== undefined)
      return [];
    return [
      {
        ...problemAt(change, {
          code: "no-script",
          message: `${nameResource(change)} is new and its manifest gives it no script, so calls to ${change.key} will reach nothing`,
          hint: `give it a script in its manifest (${Object.keys(kind.fileFields)[0] ?? field}), or put one there in the admin console`,
        }),
        severity: "warning" as const,
      },
    ];
  });
}
