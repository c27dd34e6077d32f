import type { Limits } from "../../domain/plan/guard.ts";
import type { Problem } from "../../domain/problem.ts";
import type { Policy } from "../../manifest/project/load.ts";
import { splitLists } from "./filter.ts";

/** Without a policy: enough for a rename, too few for a folder that was lost. */
const DEFAULT_MAX_DELETES = 2;
const MAX_DELETES = 1_000_000;

interface LimitFlags {
  readonly maxChangePercent?: string;
  readonly maxDeletes?: string;
  readonly unprotect?: readonly string[];
  readonly allowUnhealthy?: readonly string[];
}

/** The limits of this run: a flag lifts exactly the one it names, `--yes` none. */
export function readLimits(
  flags: LimitFlags,
  problems: Problem[],
): (policy: Policy | undefined) => Limits {
  const percent = readNumber(flags.maxChangePercent, "--max-change-percent", 0, 100, problems);
  const deletes = readNumber(flags.maxDeletes, "--max-deletes", 0, MAX_DELETES, problems);
  return (policy) => ({
    maxDeletes: deletes ?? policy?.maxDeletes ?? DEFAULT_MAX_DELETES,
    maxChangePercent: percent ?? policy?.maxChangePercent,
    protect: policy?.protect ?? [],
    unprotect: splitLists(flags.unprotect),
    allowUnhealthy: splitLists(flags.allowUnhealthy),
  });
}

/** The whole number in a flag, undefined where it is not given; anything else is added to the problems. */
export function readNumber(
  text: string | undefined,
  flag: string,
  least: number,
  most: number,
  problems: Problem[],
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  problems.push({
    severity: "error",
    code: "invalid-flag",
    message: `${flag} takes a whole number from ${least} to ${most}, not "${text}"`,
  });
  return undefined;
}
