import {
  expectReviewed,
  expectUnused,
  readPlanFile,
  type SavedPlan,
} from "../app/session/saved-plan.ts";
import { UNNAMED_TARGET } from "../app/settings/resolve.ts";
import { hasChanges, type Plan } from "../domain/plan/plan.ts";
import type { Seals } from "../domain/review/seals.ts";
import { failure } from "../domain/problem.ts";
import type { Console } from "./console/console.ts";
import type { Context } from "./context.ts";
import type { CommandFlags } from "./flags.ts";
import type { Remote } from "./remote.ts";

/** Throws ProblemError unless what was reviewed, or the rest of it, is what would be done now. */
export function judgeReviewed(console: Console, saved: SavedPlan, plan: Plan, seals: Seals): void {
  const { file, finished, begun } = saved;
  if (finished !== undefined && !hasChanges(plan)) {
    console.err(`  ${file} was applied to its end at ${finished.at}\n`);
    return;
  }
  expectUnused(saved);
  expectReviewed(saved, plan, seals);
  if (begun !== undefined) console.err(`  going on with ${file}, which was begun at ${begun.at}\n`);
}

/** The saved plans among the arguments. Throws ProblemError for one that cannot be read, or when all of them are used up. */
export async function readPlans(
  { surroundings }: Context,
  args: readonly string[],
): Promise<readonly SavedPlan[]> {
  const files = args.filter((arg) => arg.endsWith(".json"));
  const saved = await Promise.all(files.map((file) => readPlanFile(surroundings.cwd, file)));
  // As long as something is left of one, an earlier run was cut off, and those it came to the end of are passed over.
  if (saved.every(({ finished }) => finished !== undefined)) saved.forEach(expectUnused);
  return saved;
}

/** Saved plans say which targets they are for. */
export function nameTargets(flags: CommandFlags, saved: readonly SavedPlan[]): CommandFlags {
  const names = saved.map(({ receipt }) => receipt.target.name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined)
    throw failure("invalid-flag", `two of the saved plans are for the target ${repeated}`, {
      hint: "apply takes one saved plan for each target",
    });
  const known = names.filter((name) => name !== UNNAMED_TARGET);
  if (flags.target !== undefined || known.length === 0) return flags;
  return { ...flags, target: known };
}

/** The one that is for the target of a session. Throws ProblemError when none is. */
export function findPlan(saved: readonly SavedPlan[], { settings, inFleet }: Remote): SavedPlan {
  const [first] = saved;
  // Alone, a plan for another target is told apart by its differences.
  if (!inFleet && saved.length === 1 && first !== undefined) return first;
  const name = settings.target?.name;
  const found = saved.find(({ receipt }) => receipt.target.name === name);
  if (found !== undefined) return found;
  throw failure("plan-missing", `none of the saved plans is for the target ${name}`, {
    hint: "name its plan file too, or leave the target out",
  });
}
