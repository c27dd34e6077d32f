import type { Change } from "./plan.ts";
import type { Problem } from "../problem.ts";
import { nameResource } from "../resource.ts";

/** An error about a change, at the place that its manifest has. */
export function problemAt(
  change: Change,
  problem: Pick<Problem, "code" | "message" | "hint">,
): Problem {
  const at = change.at === undefined ? {} : { at: change.at };
  return { severity: "error", subject: nameResource(change), ...at, ...problem };
}
