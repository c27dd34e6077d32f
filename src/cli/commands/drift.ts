import { isAdrift } from "../../domain/plan/standing/is-adrift.ts";
import { redactTexts } from "../../domain/redact.ts";
import { renderDrift, renderDriftMarkdown } from "../../render/plan/drift.ts";
import { renderReportJson } from "../../render/plan/json.ts";
import { renderProblems } from "../../render/problems/text.ts";
import type { Context } from "../context.ts";
import { EXIT_DIFFERENT } from "../exit-codes.ts";
import type { CommandFlags } from "../flags.ts";
import { withSessions } from "../remote.ts";

const ERRAND = { command: "drift", purpose: "look" } as const;

/** `callform drift`: 0 when the PBX is as Git says and runs it, 2 when not. */
export async function drift(
  context: Context,
  paths: readonly string[],
  flags: CommandFlags,
): Promise<number> {
  return withSessions(context, paths, flags, ERRAND, async ({ session, console }) => {
    const found = await session.drift();
    const problems = redactTexts(context.redactor, found.problems);
    console.err(renderProblems(problems, console.paintErr));
    if (flags.format === "json")
      console.out(renderReportJson("drift", { ...found.drift }, problems));
    else if (flags.format === "markdown") console.out(renderDriftMarkdown(found.drift));
    else console.out(renderDrift(found.drift, console.paintOut));
    return isAdrift(found.drift) ? EXIT_DIFFERENT : 0;
  });
}
