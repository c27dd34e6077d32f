import { resolveTargets } from "../../app/settings/resolve.ts";
import { renderTargetMatrix, renderTargets } from "../../render/reports/targets.ts";
import type { Context } from "../context.ts";
import type { CommandFlags } from "../flags.ts";

/** `callform targets`: the targets of the project, or those that flags name; as JSON a matrix for GitHub Actions. */
export async function targets(context: Context, flags: CommandFlags): Promise<number> {
  const { console, surroundings } = context;
  const found = await resolveTargets(flags, surroundings);
  const rows = found.map(({ name, wave, url }) => ({ name, wave, url }));
  console.out(
    flags.format === "json" ? renderTargetMatrix(rows) : renderTargets(rows, console.paintOut),
  );
  return 0;
}
