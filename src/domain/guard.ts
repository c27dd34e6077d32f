import type { Change } from "./plan.ts";
import type { Problem } from "./problem.ts";
import { nameResource } from "./resource.ts";

/** From this many live resources up a share of them is worth judging. */
const MIN_LIVE_FOR_SHARE = 10;

export interface GuardInput {
  readonly changes: readonly Change[];
  /** How many resources of the managed kinds the PBX has. */
  readonly live: number;
  /** At most this share of the live resources, in percent, may change in one run. */
  readonly maxChangePercent?: number;
  /** What holds a number that a create wants: number -> what it is ("Queue Support"). */
  readonly taken: ReadonlyMap<string, string>;
}

/** Judges a whole plan before anything runs. Each problem names its rule, the numbers and the narrow way out. */
export function judgePlan(input: GuardInput): Problem[] {
  return [...judgeShare(input), ...judgeTakenNumbers(input)];
}

function judgeShare({ changes, live, maxChangePercent }: GuardInput): Problem[] {
  if (maxChangePercent === undefined || live < MIN_LIVE_FOR_SHARE) return [];
  const changed = changes.filter((change) => change.op !== "create").length;
  // In this order, because 7 / 100 * 100 is more than 7.
  const percent = (changed * 100) / live;
  if (percent <= maxChangePercent) return [];
  const shown = Math.ceil(percent);
  return [
    {
      severity: "error",
      code: "guard-change-percent",
      message: `the plan changes ${changed} of ${live} live resources (${shown} %), policy.maxChangePercent allows ${maxChangePercent} %`,
      hint: `if that is meant, run this once with --max-change-percent ${shown}`,
    },
  ];
}

function judgeTakenNumbers({ changes, taken }: GuardInput): Problem[] {
  return changes.flatMap((change) => {
    const holder = change.op === "create" ? taken.get(change.key) : undefined;
    if (holder === undefined) return [];
    return [
      {
        severity: "error" as const,
        code: "guard-number-taken",
        message: `number ${change.key} is already taken on the PBX by ${holder}; all extensions share one number plan`,
        hint: "choose a free number, or free this one in the admin console",
        at: change.at,
        subject: nameResource(change),
      },
    ];
  });
}
