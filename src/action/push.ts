import type { Planned, Session } from "../app/session/open.ts";
import { nameTarget, type Settings } from "../app/settings/resolve.ts";
import { hasChanges, type Plan } from "../domain/plan/plan.ts";
import { failure, hasErrors, ProblemError, type Problem } from "../domain/problem.ts";
import { redactTexts } from "../domain/redact.ts";
import {
  renderApplyText,
  writeApplySummary,
  type ApplyText,
} from "../render/comment/apply-text.ts";
import { renderChangesText } from "../render/comment/changes-text.ts";
import { paintNothing } from "../render/paint.ts";
import { renderPlan } from "../render/plan/terminal.ts";
import { describePlan } from "../render/comment/text-about.ts";
import { findMergedPull, type MergedPull, type Pushed } from "./review/approval.ts";
import { attempt } from "./job/attempt.ts";
import { withBase } from "./review/base.ts";
import { openCheck, type Check } from "./github/checks.ts";
import { leaveFiles } from "./job/files.ts";
import { passGate } from "./review/gate.ts";
import type { Job } from "./job/job.ts";
import { withSession } from "./job/pbx.ts";
import { annotateJob, logProblems } from "./job/problems.ts";
import { logProgress } from "./job/progress.ts";
import { publishResult } from "./review/publish-result.ts";
import type { Report } from "./runner/report.ts";
import { forEachTarget } from "./job/targets.ts";

/** Brings every target to the pushed commit, where its plan is the reviewed one. A report for each; throws ProblemError when GitHub does not answer. */
export async function applyTargets(job: Job, pushed: Pushed): Promise<Report[]> {
  const missing: Problem[] = [];
  const pull = await findPull(job, pushed, missing);
  const refused: Problem[] = [];
  const reports = await forEachTarget(job, "plan", (settings) =>
    applyTarget(job, settings, { ...pushed, pull, refused }),
  );
  logProblems(job, [...missing, ...refused]);
  annotateJob(job, [...missing, ...refused]);
  return reports;
}

/** A push with what belongs to it on GitHub. */
interface Push extends Pushed {
  readonly pull: MergedPull | undefined;
  /** Why there are no check runs, once that is known. */
  readonly refused: Problem[];
}

/** How far it came with one target. */
interface Ended {
  readonly text: ApplyText;
  readonly deploymentId?: number | undefined;
}

async function findPull(
  job: Job,
  pushed: Pushed,
  missing: Problem[],
): Promise<MergedPull | undefined> {
  const found = await attempt(job.stop, () => findMergedPull(job, pushed));
  if (found.problems === undefined) return found.value;
  if (job.inputs.requireApprovedPlan)
    throw new ProblemError([
      ...found.problems,
      ...failure("not-applied", "nothing was applied").problems,
    ]);
  // Then it is wanted for the comment alone.
  missing.push(...found.problems.map((problem) => ({ ...problem, severity: "warning" as const })));
  return undefined;
}

async function applyTarget(job: Job, settings: Settings, push: Push): Promise<Report> {
  const { stop, runner, redactor } = job;
  const target = nameTarget(settings);
  const opened = await attempt(stop, () =>
    openCheck(job, `callform apply / ${target}`, push.commit, push.refused),
  );
  const worked =
    opened.problems === undefined
      ? await attempt(stop, () => workOn(job, settings, push, opened.value))
      : opened;
  const { text, deploymentId } = worked.value ?? {
    text: makeText(job, target, push, undefined, redactTexts(redactor, worked.problems ?? [])),
  };
  runner.log(writeApplySummary(text));
  if (opened.value === undefined) annotateJob(job, text.problems);
  const left = await attempt(stop, async () => {
    await runner.summarize((limit) => renderApplyText(text, "", limit));
    return leaveFiles(job, target, text.plan, renderApplyText(text, "", Infinity));
  });
  const untold = await publishResult(job, text, {
    check: opened.value,
    deploymentId,
    pull: push.pull?.number,
  });
  const { plan, results } = text;
  const problems = [...text.problems, ...(left.problems ?? []), ...untold];
  const failed = hasErrors(problems) || results.some(({ outcome }) => outcome !== "applied");
  return { target, plan, problems, results, deploymentId, failed, ...left.value };
}

function workOn(
  job: Job,
  settings: Settings,
  push: Push,
  check: Check | undefined,
): Promise<Ended> {
  return withBase(job, settings, (based) =>
    withSession(job, based.settings, async (session) => {
      const { planned, problems } = await session.plan("compiler");
      const all = redactTexts(job.redactor, [...based.problems, ...problems]);
      const plan = redactTexts(job.redactor, planned.plan);
      const bare = makeText(job, plan.target.name, push, plan, all);
      const text = { ...bare, plan, notes: based.notes };
      return applyPlanned(job, { session, planned, text, push, check });
    }),
  );
}

/** A plan, and all that is needed to carry it out. */
interface Ready {
  readonly session: Session;
  readonly planned: Planned;
  readonly text: ApplyText & { readonly plan: Plan };
  readonly push: Push;
  readonly check: Check | undefined;
}

/** From the plan on nothing is thrown, so that what was done is told whatever happens. */
async function applyPlanned(
  job: Job,
  { session, planned, text, push, check }: Ready,
): Promise<Ended> {
  const { stop, runner, redactor } = job;
  const { plan } = text;
  logProblems(job, text.problems);
  const changes = describePlan(plan, { ...text, earlier: [] });
  runner.log(renderPlan(plan, paintNothing));
  await runner.summarize((limit) => renderChangesText(changes, "", limit));
  const passed = await attempt(stop, () =>
    passGate(job, {
      plan,
      sound: !hasErrors(text.problems),
      commit: push.commit,
      pull: push.pull,
      check,
    }),
  );
  const refused = passed.problems ?? passed.value.refused;
  logProblems(job, refused);
  const judged = { ...text, problems: [...text.problems, ...refused] };
  const deploymentId = passed.value?.deploymentId;
  if (hasErrors(judged.problems) || !hasChanges(plan)) return { text: judged, deploymentId };
  const applied = await attempt(stop, () => session.apply(planned, logProgress(job)));
  const results = redactTexts(redactor, applied.value ?? []);
  const problems = [...judged.problems, ...redactTexts(redactor, applied.problems ?? [])];
  return { text: { ...judged, results, problems }, deploymentId };
}

function makeText(
  job: Job,
  target: string,
  { commit }: Pushed,
  plan: Plan | undefined,
  problems: readonly Problem[],
): ApplyText {
  return { target, plan, problems, results: [], notes: [], commit, runUrl: job.place.runUrl };
}
