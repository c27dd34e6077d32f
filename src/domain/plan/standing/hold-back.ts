import type { Limits } from "../guard.ts";
import type { PlannedWrite } from "../plan.ts";
import { problemAt } from "../problem-at.ts";
import { changesSettled, managesSettled } from "./unsettled.ts";
import type { Problem } from "../../problem.ts";

/**
 * Changing what an app without a running script gets, and not the script, sends calls into nothing. Such a write is held back with
 * the reason, and nothing else is: one bad app must not keep the others from being mended. What a manifest says of the script
 * itself is judged by its verdict instead, and what is compiling right now is waited for.
 */
export function holdUnhealthy<T extends PlannedWrite>(item: T, limits: Limits): T {
  const { change, kind, live, desired } = item;
  const field = kind.settle?.field;
  if (live === undefined || field === undefined || changesSettled(item)) return item;
  const { state, runnable, reason } = kind.health(live);
  if (runnable) return item;
  if (limits.allowUnhealthy.includes(change.key)) return { ...item, tolerated: true };
  if (state === "compiling" || managesSettled(kind, desired)) return item;
  return { ...item, held: explainUnhealthy(item, reason) };
}

/** Why a write is not carried out that would send calls to what has nothing to answer them. */
export function explainUnhealthy({ change, kind }: PlannedWrite, reason: string): Problem {
  const field = kind.settle?.field ?? "";
  return problemAt(change, {
    code: "guard-unhealthy",
    message: `the plan changes ${change.key} but not its ${field}, and it has ${reason}; apply leaves it as it is`,
    hint: `give it a script that compiles, or run this once with --allow-unhealthy ${change.key}`,
  });
}
