import { isDelete, type PlannedResource } from "./plan.ts";
import { problemAt } from "./problem-at.ts";
import type { Problem } from "../problem.ts";
import { nameResource } from "../resource.ts";

/** From this many live resources up a share of them is worth judging. */
const MIN_LIVE_FOR_SHARE = 10;

/** What a target allows in one run, flags of this run included. */
export interface Limits {
  readonly maxDeletes: number;
  /** At most this share of the live resources, in percent, may change or go in one run. */
  readonly maxChangePercent?: number | undefined;
  /** Numbers that no plan may delete or renumber; `*` stands for any characters. */
  readonly protect: readonly string[];
  /** Numbers whose protection is lifted for this run. */
  readonly unprotect: readonly string[];
  /** Numbers that may be changed although they have nothing that runs. */
  readonly allowUnhealthy: readonly string[];
}

export interface GuardInput {
  readonly work: readonly PlannedResource[];
  /** How many resources of the managed kinds the PBX has. */
  readonly live: number;
  readonly limits: Limits;
  /** Names of resources whose manifest protects them, now or at the base. */
  readonly protectedNames: ReadonlySet<string>;
  /** What holds a number that a create wants: number -> what it is ("Queue Support"). */
  readonly taken: ReadonlyMap<string, string>;
}

/** Judges a whole plan before anything runs. Each problem names its rule, the numbers and the narrow way out. */
export function judgePlan(input: GuardInput): Problem[] {
  return [
    ...judgeDeletes(input),
    ...judgeShare(input),
    ...judgeProtected(input),
    ...judgeTakenNumbers(input),
  ];
}

function judgeDeletes({ work, limits }: GuardInput): Problem[] {
  const doomed = work.filter(isDelete).map(({ change }) => change.key);
  if (doomed.length <= limits.maxDeletes) return [];
  return [
    {
      severity: "error",
      code: "guard-max-deletes",
      message: `the plan deletes ${doomed.length} (${doomed.join(", ")}), policy.maxDeletes allows ${limits.maxDeletes}`,
      hint: `if that is meant, run this once with --max-deletes ${doomed.length}`,
    },
  ];
}

function judgeShare({ work, live, limits: { maxChangePercent } }: GuardInput): Problem[] {
  if (maxChangePercent === undefined || live < MIN_LIVE_FOR_SHARE) return [];
  const changed = work.filter(({ change }) => change.op !== "create").length;
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

function judgeProtected({ work, limits, protectedNames }: GuardInput): Problem[] {
  return work.flatMap((item) => {
    const { key } = item.change;
    if (!isDelete(item) || limits.unprotect.includes(key)) return [];
    const pattern = limits.protect.find((candidate) => matchesPattern(candidate, key));
    if (pattern === undefined && !protectedNames.has(nameResource(item.change))) return [];
    const rule = pattern === undefined ? "lifecycle.protect" : `policy.protect "${pattern}"`;
    const { successor } = item;
    const deed =
      successor === undefined ? `deletes ${key}` : `renumbers ${key} to ${successor.key}`;
    return [
      problemAt(item.change, {
        code: "guard-protected",
        message: `the plan ${deed}, which ${rule} forbids`,
        hint: `if that is meant, run this once with --unprotect ${key}`,
      }),
    ];
  });
}

function judgeTakenNumbers({ work, taken }: GuardInput): Problem[] {
  return work.flatMap(({ change }) => {
    const holder = change.op === "create" ? taken.get(change.key) : undefined;
    if (holder === undefined) return [];
    return [
      problemAt(change, {
        code: "guard-number-taken",
        message: `number ${change.key} is already taken on the PBX by ${holder}; all extensions share one number plan`,
        hint: "choose a free number, or free this one in the admin console",
      }),
    ];
  });
}

/** True when a pattern (`800`, `9*`) covers the whole key. */
export function matchesPattern(pattern: string, key: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return pattern === key;
  const last = rest.pop() ?? "";
  if (!key.startsWith(first) || !key.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = key.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at + last.length <= key.length;
}
