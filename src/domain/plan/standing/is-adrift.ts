import type { Drift } from "../drift.ts";

/** True when the PBX is not as Git says, or has what Git says and it does not run. */
export function isAdrift({ changes, unsettled = [] }: Drift): boolean {
  return changes.length > 0 || unsettled.length > 0;
}
