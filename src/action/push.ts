import type { Planned } from "../app/session/open.ts";
import { nameTarget, type Settings } from "../app/settings/resolve.ts";
import { hasChanges, hasWork, type Plan } from "../domain/plan/plan.ts";
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
import { isOnBranch } from "./github/compare.ts";
import { openCheck, type Check } from "./github/checks.ts";
import { listAttempts, type Attempt } from "./github/deployments.ts";
import { leaveFiles } from "./job/files.ts";
import { expectDestination } from "./review/expect-destination.ts";
import { passGate, type Passed } from "./review/gate.ts";
import type { Job } from "./job/job.ts";
import { withSession, type Opened } from "./job/pbx.ts";
import { annotateJob, findPlaceless, logProblems } from "./job/problems.ts";
import { logProgress } from "./job/progress.ts";
import { publishResult } from "./review/publish-result.ts";
import type { Report } from "./runner/report.ts";
import { nameScope } from "./job/scope.ts";
import { tellMade } from "./review/judge-approval.ts";
import { sealPlan } from "../domain/review/seals.ts";
import { forEachTarget, type FindTargets } from "./job/targets.ts";
import { guessTargets } from "./job/targets-unread.ts";

/** Brings every target to the pushed commit, where its plan is the reviewed one. A report for each; throws ProblemError when GitHub does not answer. */
export async function applyTargets(
  job: Job,
  pushed: Pushed & { readonly find: FindTargets },
): Promise<Report[]> {
  const missing: Problem[] = [];
  const pull = await findPull(job, pushed, missing);
  const refused: Problem[] = [];
  const found = await attempt(job.stop, () => pushed.find("plan"));
  const targets = found.value?.keys() ?? (await guessTargets(job, async () => []));
  const push = { ...pushed, pull, refused };
  const reports = await forEachTarget(job, [...targets], (target) =>
    applyTarget(job, target, push, async (check) => {
      const settings = found.value?.get(target);
      if (settings === undefined) throw new ProblemError(found.problems ?? []);
      return workOn(job, settings, push, check);
    }),
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
  /** Undefined where the gate was not reached, or did not answer. */
  readonly passed?: Passed | undefined;
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

async function applyTarget(
  job: Job,
  target: string,
  push: Push,
  work: (check: Check | undefined) => Promise<Ended>,
): Promise<Report> {
  const { stop, runner, redactor } = job;
  const scope = nameScope(job, target);
  const opened = await attempt(stop, () =>
    openCheck(job, `callform apply / ${scope}`, push.commit, push.refused),
  );
  const worked =
    opened.problems === undefined ? await attempt(stop, () => work(opened.value)) : opened;
  // Problems of a plan were logged when it was made; these are all there is.
  const fatal = redactTexts(redactor, worked.problems ?? []);
  logProblems(job, fatal);
  const { text, passed } = worked.value ?? { text: makeText(job, scope, push, undefined, fatal) };
  runner.log(writeApplySummary(text));
  annotateJob(job, opened.value === undefined ? text.problems : findPlaceless(text.problems));
  const left = await attempt(stop, async () => {
    await runner.summarize((limit) => renderApplyText(text, "", limit));
    return leaveFiles(job, scope, text.plan, renderApplyText(text, "", Infinity));
  });
  const untold = await publishResult(job, text, {
    check: opened.value,
    passed,
    pull: push.pull?.number,
  });
  const { plan, results } = text;
  const problems = [...text.problems, ...redactTexts(redactor, left.problems ?? []), ...untold];
  const failed = hasErrors(problems) || results.some(({ outcome }) => outcome !== "applied");
  const deploymentId = passed?.deploymentId;
  return { target, plan, problems, results, deploymentId, failed, ...left.value };
}

async function workOn(
  job: Job,
  settings: Settings,
  push: Push,
  check: Check | undefined,
): Promise<Ended> {
  const scope = nameScope(job, nameTarget(settings));
  if ((await isOnBranch(job, push.commit, push.branch)) === false) throw explainDropped(push);
  const attempts = await listAttempts(job, scope);
  const known = { scope, attempts, check, pull: push.pull, commit: push.commit };
  return withBase(
    job,
    settings,
    (based) =>
      withSession(
        job,
        based.settings,
        async (opened) => {
          const { planned, problems } = await opened.session.plan("compiler");
          const all = redactTexts(job.redactor, [...based.problems, ...problems]);
          const { plan } = planned;
          const bare = makeText(job, scope, push, plan, all);
          const text = { ...bare, plan, notes: [...bare.notes, ...based.notes] };
          return applyPlanned(job, { ...opened, planned, text, push, check, attempts });
        },
        (destination) => expectDestination(job, destination, known),
      ),
    attempts,
  );
}

function explainDropped({ commit, branch }: Pushed): Error {
  return failure(
    "commit-dropped",
    `the commit ${commit.slice(0, 12)} is not on ${branch} any more: it was pushed anew without it, so nothing was applied`,
    { hint: `the run for the newest commit of ${branch} applies what is there now` },
  );
}

/** A plan, and all that is needed to carry it out. */
interface Ready extends Opened {
  readonly planned: Planned;
  readonly text: ApplyText & { readonly plan: Plan };
  readonly push: Push;
  readonly check: Check | undefined;
  readonly attempts: readonly Attempt[];
}

/** From the plan on nothing is thrown, so that what was done is told whatever happens. */
async function applyPlanned(job: Job, ready: Ready): Promise<Ended> {
  const { session, connection, destination, planned, text, push, check, attempts } = ready;
  const { stop, runner, redactor } = job;
  const { plan } = text;
  logProblems(job, text.problems);
  const changes = describePlan(plan, { ...text, earlier: [] });
  runner.log(renderPlan(plan, paintNothing));
  await runner.summarize((limit) => renderChangesText(changes, "", limit));
  const gate = await attempt(stop, () =>
    passGate(job, {
      scope: text.target,
      plan,
      seals: sealPlan(connection.digestKey, planned),
      destination,
      sound: !hasErrors(text.problems),
      commit: push.commit,
      pull: push.pull,
      check,
      attempts,
    }),
  );
  const passed = gate.value;
  const refused = redactTexts(redactor, gate.problems ?? gate.value.refused);
  logProblems(job, refused);
  const notes = [...text.notes, ...tellOrder(passed)];
  const judged = { ...text, notes, problems: [...text.problems, ...refused] };
  // What an old commit's scripts come to is for the newer one to say.
  const isOld = passed?.order.is === "superseded" && !hasChanges(plan);
  if (hasErrors(judged.problems) || !hasWork(plan) || isOld) return { text: judged, passed };
  const applied = await attempt(stop, () => session.apply(planned, logProgress(job)));
  const results = redactTexts(redactor, applied.value ?? []);
  const late = redactTexts(redactor, applied.problems ?? []);
  logProblems(job, late);
  return { text: { ...judged, results, problems: [...judged.problems, ...late] }, passed };
}

/** Which plan was approved, and that a commit is an old one, which matters most where there is nothing else to say. */
function tellOrder(passed: Passed | undefined): string[] {
  const made = passed?.made;
  const from = made === undefined ? [] : [`What was approved is the plan ${tellMade(made)}.`];
  if (passed === undefined || passed.order.is !== "superseded") return from;
  const { sha } = passed.order.by;
  return [
    ...from,
    `This is an old commit: ${sha.slice(0, 12)}, which contains it, is newer. Nothing is recorded for it.`,
  ];
}

function makeText(
  job: Job,
  target: string,
  { commit, notes = [] }: Pushed,
  plan: Plan | undefined,
  problems: readonly Problem[],
): ApplyText {
  return { target, plan, problems, results: [], notes, commit, runUrl: job.place.runUrl };
}
