import path from "node:path";
import { stampPlan, writePlanFile } from "../../app/session/saved-plan.ts";
import { hasWork, markBlocked, type Plan } from "../../domain/plan/plan.ts";
import { hasErrors } from "../../domain/problem.ts";
import { redactTexts } from "../../domain/redact.ts";
import { renderPlanJson } from "../../render/plan/json.ts";
import { renderPlanMarkdown } from "../../render/plan/markdown.ts";
import type { Paint } from "../../render/paint.ts";
import { renderProblems } from "../../render/problems/text.ts";
import { renderPlan } from "../../render/plan/terminal.ts";
import type { Context } from "../context.ts";
import { EXIT_DIFFERENT } from "../exit-codes.ts";
import type { CommandFlags } from "../flags.ts";
import { withSessions } from "../remote.ts";

const ERRAND = { command: "plan", purpose: "plan" } as const;

/** `callform plan`: 0, or 1 when the plan must not be applied, or with --detailed-exitcode 2 when apply would have something to do. */
export async function plan(
  context: Context,
  paths: readonly string[],
  flags: CommandFlags,
): Promise<number> {
  const { redactor, surroundings } = context;
  return withSessions(context, paths, flags, ERRAND, async (remote) => {
    const { session, settings, console, inFleet } = remote;
    const { planned, problems: found } = await session.plan();
    const verdicts = flags.compile === true ? await session.compile(planned) : [];
    const problems = redactTexts(redactor, [...found, ...verdicts]);
    const result = markBlocked(planned.plan, problems);
    console.err(renderProblems(problems, console.paintErr));
    console.out(renderPlanAs(flags.format, result, console.paintOut));
    if (hasErrors(problems)) return 1;
    if (flags.out !== undefined) {
      const file = inFleet
        ? path.join(flags.out, `${settings.target?.name ?? "plan"}.json`)
        : flags.out;
      await writePlanFile(
        surroundings.cwd,
        file,
        renderPlanJson(stampPlan(result, session.seal(planned))),
      );
    }
    return flags.detailedExitcode === true && hasWork(result) ? EXIT_DIFFERENT : 0;
  });
}

function renderPlanAs(format: string | undefined, result: Plan, paint: Paint): string {
  if (format === "json") return renderPlanJson(result);
  return format === "markdown" ? renderPlanMarkdown(result) : renderPlan(result, paint);
}
