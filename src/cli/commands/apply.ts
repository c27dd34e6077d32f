import { expectReviewed, readPlanFile } from "../../app/saved-plan.ts";
import type { Planned, Session } from "../../app/session.ts";
import { hasChanges, type Plan } from "../../domain/plan.ts";
import { failure, hasErrors, type Problem } from "../../domain/problem.ts";
import { redactTexts } from "../../domain/redact.ts";
import type { ApplyResult } from "../../domain/result.ts";
import { renderReportJson } from "../../render/json.ts";
import { renderPlanMarkdown } from "../../render/markdown.ts";
import { renderProblems } from "../../render/problems.ts";
import { countStates, renderRowsMarkdown } from "../../render/results.ts";
import { renderPlan } from "../../render/terminal.ts";
import type { Context } from "../context.ts";
import { createProgress } from "../progress.ts";
import type { CommandFlags } from "../flags.ts";
import { withSession } from "../remote.ts";

const OUTCOMES = ["applied", "refused", "failed", "skipped", "interrupted"] as const;
const EXIT_INTERRUPTED = 130;

/** `callform apply`: 0 when everything is as the manifests say, 1 when not all could be applied, 130 when interrupted. */
export async function apply(
  context: Context,
  args: readonly string[],
  flags: CommandFlags,
): Promise<number> {
  const { console, redactor, surroundings } = context;
  const files = args.filter((arg) => arg.endsWith(".json"));
  const paths = args.filter((arg) => !arg.endsWith(".json"));
  if (files.length > 1) throw failure("invalid-flag", "apply takes one saved plan, not several");
  const [file] = files;
  const reviewed = file === undefined ? undefined : await readPlanFile(surroundings.cwd, file);
  return withSession(context, paths, flags, async (session) => {
    const { planned, problems } = await session.plan();
    if (reviewed !== undefined) expectReviewed(reviewed, planned.plan);
    console.err(renderProblems(redactTexts(redactor, problems), console.paintErr));
    if (flags.format === "text")
      console.out(renderPlan(redactTexts(redactor, planned.plan), console.paintOut));
    if (hasErrors(problems)) return finish(context, flags, planned.plan, [], problems);
    if (!hasChanges(planned.plan)) return finish(context, flags, planned.plan, [], problems);
    const agreed = flags.yes === true ? planned : await confirm(context, session, planned);
    if (agreed === undefined) return 1;
    const progress = createProgress(console, agreed.plan.changes.length);
    const results = await session.apply(agreed, (event) => progress(redactTexts(redactor, event)));
    return finish(context, flags, agreed.plan, results, problems);
  });
}

/** Asks, and plans again afterwards, because a person takes time and the PBX goes on. */
async function confirm(
  { console, stop }: Context,
  session: Session,
  planned: Planned,
): Promise<Planned | undefined> {
  if (!console.interactive)
    throw failure("not-confirmed", "nobody can be asked here, so nothing was applied", {
      hint: "review the plan, then run with --yes",
    });
  const { name, url } = planned.plan.target;
  const answer = await console.ask(`\nApply this to ${name} (${url})? Only "yes" does: `, stop);
  if (answer !== "yes") {
    console.err("Nothing was applied.\n");
    return undefined;
  }
  const again = await session.plan();
  expectReviewed(planned.plan, again.planned.plan);
  return again.planned;
}

function finish(
  { console, redactor, stop }: Context,
  flags: CommandFlags,
  ...ended: readonly [Plan, readonly ApplyResult[], readonly Problem[]]
): number {
  const [plan, results, problems] = redactTexts(redactor, ended);
  const rows = results.map((result) => ({
    ...result,
    state: result.outcome,
    note: result.problems.map(({ message }) => message).join("; "),
  }));
  const counted = countStates(rows, OUTCOMES);
  const unchanged = `${plan.summary.unchanged} unchanged`;
  const summary = `Apply: ${counted === "" ? "" : `${counted}, `}${unchanged}.`;
  const all = [...problems, ...results.flatMap((result) => result.problems)];
  if (flags.format === "json")
    console.out(
      renderReportJson("apply", { plan, results, summary: countAll(results, plan) }, problems),
    );
  else if (flags.format === "markdown")
    console.out(`${renderPlanMarkdown(plan)}\n${renderRowsMarkdown("Result", summary, rows, all)}`);
  else if (!hasErrors(problems)) console.out(`${console.paintOut("bold", summary)}\n`);
  if (stop.aborted) return EXIT_INTERRUPTED;
  return hasErrors(problems) || results.some(({ outcome }) => outcome !== "applied") ? 1 : 0;
}

function countAll(results: readonly ApplyResult[], plan: Plan): Record<string, number> {
  const counts = OUTCOMES.map(
    (state) => [state, results.filter(({ outcome }) => outcome === state).length] as const,
  );
  return { ...Object.fromEntries(counts), unchanged: plan.summary.unchanged };
}
