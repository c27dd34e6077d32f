import { expectReviewed, readPlanFile, type PlanReceipt } from "../../app/session/saved-plan.ts";
import { UNNAMED_TARGET } from "../../app/settings/resolve.ts";
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
import { createProgress } from "../progress.ts";
import type { CommandFlags } from "../flags.ts";
import { withSessions, type Remote } from "../remote.ts";

const ERRAND = { command: "apply", purpose: "plan", waves: true } as const;
const OUTCOMES = ["applied", "refused", "failed", "skipped", "interrupted"] as const;
const EXIT_INTERRUPTED = 130;

/** `callform apply`: 0 when everything is as the manifests say, 1 when not all could be applied, 130 when interrupted. */
export async function apply(
  context: Context,
  args: readonly string[],
  flags: CommandFlags,
): Promise<number> {
  const { redactor } = context;
  const paths = args.filter((arg) => !arg.endsWith(".json"));
  const receipts = await readReceipts(context, args);
  const errand = { ...ERRAND, needsYes: flags.yes !== true };
  return withSessions(context, paths, nameTargets(flags, receipts), errand, async (remote) => {
    const { session, console } = remote;
    const reviewed = receipts.length === 0 ? undefined : findReceipt(receipts, remote);
    const { planned, problems } = await session.plan("compiler");
    if (reviewed !== undefined) expectReviewed(reviewed, planned.plan);
    console.err(renderProblems(redactTexts(redactor, problems), console.paintErr));
    if (flags.format === "text") console.out(renderPlan(planned.plan, console.paintOut));
    const output = { ...context, console };
    if (hasErrors(problems) || !hasWork(planned.plan))
      return finish(output, flags, planned.plan, [], problems);
    // To wait for a verdict writes nothing, so nobody need be asked.
    const agreed =
      flags.yes === true || !hasChanges(planned.plan)
        ? planned
        : await confirm(output, session, planned);
    if (agreed === undefined) return 1;
    const progress = createProgress(console, agreed.plan.changes.length + agreed.checks.length);
    const results = await session.apply(agreed, (event) => progress(redactTexts(redactor, event)));
    return finish(output, flags, agreed.plan, results, problems);
  });
}

async function readReceipts(
  { surroundings }: Context,
  args: readonly string[],
): Promise<readonly PlanReceipt[]> {
  const files = args.filter((arg) => arg.endsWith(".json"));
  return Promise.all(files.map((file) => readPlanFile(surroundings.cwd, file)));
}

/** Saved plans say which targets they are for. */
function nameTargets(flags: CommandFlags, receipts: readonly PlanReceipt[]): CommandFlags {
  const names = receipts.map(({ target }) => target.name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined)
    throw failure("invalid-flag", `two of the saved plans are for the target ${repeated}`, {
      hint: "apply takes one saved plan for each target",
    });
  const known = names.filter((name) => name !== UNNAMED_TARGET);
  if (flags.target !== undefined || known.length === 0) return flags;
  return { ...flags, target: known };
}

function findReceipt(receipts: readonly PlanReceipt[], { settings, inFleet }: Remote): PlanReceipt {
  const [first] = receipts;
  // Alone, a plan for another target is told apart by its differences.
  if (!inFleet && receipts.length === 1 && first !== undefined) return first;
  const name = settings.target?.name;
  const receipt = receipts.find(({ target }) => target.name === name);
  if (receipt !== undefined) return receipt;
  throw failure("plan-missing", `none of the saved plans is for the target ${name}`, {
    hint: "name its plan file too, or leave the target out",
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
  const again = await session.plan("compiler");
  expectReviewed(planned.plan, again.planned.plan);
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
  return { ...Object.fromEntries(counts), unchanged: countUnchanged(plan, results) };
}
