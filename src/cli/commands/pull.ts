import { chooseKinds } from "../../app/pull/choose-kinds.ts";
import { pullFiles } from "../../app/pull/pull.ts";
import { resolveConnection, resolveSettings } from "../../app/settings/resolve.ts";
import { hasErrors } from "../../domain/problem.ts";
import { redactTexts } from "../../domain/redact.ts";
import { renderReportJson } from "../../render/plan/json.ts";
import { renderProblems } from "../../render/problems/text.ts";
import { renderPull } from "../../render/reports/pull.ts";
import type { Context } from "../context.ts";
import type { CommandFlags } from "../flags.ts";
import { withSession } from "../remote.ts";

export interface PullFlags extends CommandFlags {
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly scripts?: boolean;
  readonly kind?: readonly string[];
}

/** `callform pull`: 0 when the manifests say what the PBX has, as far as they can; 1 when nothing was written for a problem. */
export async function pull(
  context: Context,
  numbers: readonly string[],
  flags: PullFlags,
): Promise<number> {
  const settings = await resolveSettings(flags, [], context.surroundings, "look");
  const connection = await resolveConnection(flags, settings);
  const place = { settings, connection, inFleet: false };
  return withSession(context, place, async ({ session, console }) => {
    const kinds = chooseKinds(flags.kind);
    const { dryRun = false, force = false, scripts = true } = flags;
    const pulled = await session.read((reading) =>
      pullFiles(reading, { numbers, dryRun, force, scripts, ...(kinds && { kinds }) }),
    );
    const { problems, ...report } = redactTexts(context.redactor, pulled);
    console.err(renderProblems(problems, console.paintErr));
    console.out(
      flags.format === "json"
        ? renderReportJson("pull", report, problems)
        : renderPull(report, console.paintOut),
    );
    return hasErrors(problems) ? 1 : 0;
  });
}
