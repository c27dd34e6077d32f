import { beginPlan, expectSame, finishPlan } from "../../app/session/saved-plan.ts";
import type { Planned, Session } from "../../app/session/open.ts";
import { hasChanges, hasWork, type Plan } from "../../domain/plan/plan.ts";
import { failure, hasErrors, type Problem } from "../../domain/problem.ts";
import { redactTexts } from "../../domain/redact.ts";
import type { ApplyResult } from "../../domain/result.ts";
import { renderReportJson } from "../../render/plan/json.ts";
import { renderPlanMarkdown } from "../../render/plan/markdown.ts";
import { renderProblems } from "../../render/problems/text.ts";
import { countStates, countUnchanged, renderRowsMarkdown } from "../../render/reports/results.ts";
import { renderPlan } from "../../render/plan/terminal.ts";
import type { Context } from "../context.ts";
import { EXIT_INTERRUPTED } from "../exit-codes.ts";
import { createProgress } from "../console/progress.ts";
import type { CommandFlags } from "../flags.ts";
import { withSessions } from "../remote.ts";
import { findPlan, judgeReviewed, nameTargets, readPlans } from "../saved-plans.ts";

const ERRAND = { command: "apply", purpose: "plan", waves: true } as const;
const OUTCOMES = ["applied", "refused", "failed", "skipped", "interrupted"] as const;

/** `callform apply`: 0 when everything is as the manifests say, 1 when not all could be applied, 130 when interrupted. */
export async function apply(
  context: Context,
  args: readonly string[],
  flags: CommandFlags,
): Promise<number> {
  const { redactor } = context;
  const paths = args.filter((arg) => !arg.endsWith(".json"));
  const saved = await readPlans(context, args);
  const errand = { ...ERRAND, needsYes: flags.yes !== true };
  return withSessions(context, paths, nameTargets(flags, saved), errand, async (remote) => {
    const { session, console } = remote;
    const reviewed = saved.length === 0 ? undefined : findPlan(saved, remote);
    // Who is asked must know what plan would warn of; without a question the compiler judges soon enough.
    const asks = flags.yes !== true;
    const { planned, problems } = await session.plan(asks ? "parser" : "compiler");
    if (reviewed !== undefined)
      judgeReviewed(console, reviewed, planned.plan, session.seal(planned));
    const warnings = renderProblems(redactTexts(redactor, problems), console.paintErr);
    if (!asks) console.err(warnings);
    if (flags.format === "text") console.out(renderPlan(planned.plan, console.paintOut));
    // Right before the question, where a long plan has not pushed them off the screen.
    if (asks) console.err(warnings);
    const output = { ...context, console };
    if (hasErrors(problems)) return finish(output, flags, planned.plan, [], problems);
    if (!hasWork(planned.plan)) {
      if (reviewed !== undefined) finishPlan(reviewed);
      return finish(output, flags, planned.plan, [], problems);
    }
    // To wait for a verdict writes nothing, so nobody need be asked.
    const agreed =
      asks && hasChanges(planned.plan) ? await confirm(output, session, planned) : planned;
    if (typeof agreed === "number") return agreed;
    if (reviewed !== undefined) beginPlan(reviewed);
    const progress = createProgress(console, agreed.plan.changes.length + agreed.checks.length);
    const results = await session.apply(agreed, (event) => progress(redactTexts(redactor, event)));
    const code = finish(output, flags, agreed.plan, results, problems);
    if (reviewed !== undefined && results.every(({ outcome }) => outcome === "applied"))
      finishPlan(reviewed);
    return code;
  });
}

/** Asks, and plans again afterwards, because a person takes time and the PBX goes on; the exit code where there is no "yes". */
async function confirm(
  { console, stop }: Context,
  session: Session,
  planned: Planned,
): Promise<Planned | number> {
  if (!console.interactive)
    throw failure("not-confirmed", "nobody can be asked here, so nothing was applied", {
      hint: "review the plan, then run with --yes",
    });
  const { name, url } = planned.plan.target;
  const answer = await console.ask(`\nApply this to ${name} (${url})? Only "yes" does: `, stop);
  if (answer !== "yes") {
    console.err(`${answer === undefined ? "\n" : ""}Nothing was applied.\n`);
    return answer === undefined ? EXIT_INTERRUPTED : 1;
  }
  const again = await session.plan("compiler");
  expectSame(planned.plan, again.planned.plan);
  return again.planned;
}

function finish(
  { console, redactor, stop }: Context,
  flags: CommandFlags,
  plan: Plan,
  ...ended: readonly [readonly ApplyResult[], readonly Problem[]]
): number {
  const [results, problems] = redactTexts(redactor, ended);
  const rows = results.map((result) => ({
    ...result,
    state: result.outcome,
    note: result.problems.map(({ message }) => message).join("; "),
  }));
  const counted = countStates(rows, OUTCOMES);
  const unchanged = `${countUnchanged(plan, results)} unchanged`;
  const blocked = hasErrors(problems);
  const summary = blocked
    ? "Nothing was applied."
    : `Apply: ${counted === "" ? "" : `${counted}, `}${unchanged}.`;
  const all = [...problems, ...results.flatMap((result) => result.problems)];
  if (flags.format === "json")
    console.out(
      renderReportJson(
        "apply",
        { plan, results, summary: countAll(results, plan) },
        problems,
        plan,
      ),
    );
  else if (flags.format === "markdown")
    console.out(`${renderPlanMarkdown(plan)}\n${renderRowsMarkdown("Result", summary, rows, all)}`);
  else console.out(`${blocked ? "\n" : ""}${console.paintOut("bold", summary)}\n`);
  if (stop.aborted) return EXIT_INTERRUPTED;
  return blocked || results.some(({ outcome }) => outcome !== "applied") ? 1 : 0;
}

function countAll(results: readonly ApplyResult[], plan: Plan): Record<string, number> {
  const counts = OUTCOMES.map(
    (state) => [state, results.filter(({ outcome }) => outcome === state).length] as const,
  );
  return { ...Object.fromEntries(counts), unchanged: countUnchanged(plan, results) };
}
