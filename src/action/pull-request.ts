import type { Settings } from "../app/settings/resolve.ts";
import { hasWork, type Plan } from "../domain/plan/plan.ts";
import { hasErrors, ProblemError, type Problem } from "../domain/problem.ts";
import { redactTexts } from "../domain/redact.ts";
import { renderChangesText } from "../render/comment/changes-text.ts";
import { recall, writeHeader, type Header } from "../render/comment/hidden-header.ts";
import { paintNothing } from "../render/paint.ts";
import { renderPlan } from "../render/plan/terminal.ts";
import { describePlan, writeOutcome, type TextSource } from "../render/comment/text-about.ts";
import { attempt } from "./job/attempt.ts";
import { withBase } from "./review/base.ts";
import { findHead } from "./github/pulls.ts";
import {
  MAX_CHECK_TEXT,
  nameCheck,
  openCheck,
  ROOM_FOR_NOTE,
  type Check,
  type CheckResult,
} from "./github/checks.ts";
import { listOurs, MAX_COMMENT, writeComment } from "./github/comments.ts";
import { findLogin } from "./github/identity.ts";
import type { Job } from "./job/job.ts";
import { withSession } from "./job/pbx.ts";
import { leaveFiles } from "./job/files.ts";
import { annotateJob, findPlaceless, logProblems } from "./job/problems.ts";
import type { Report } from "./runner/report.ts";
import { packReviewed, type Circumstances } from "./review/reviewed-plan.ts";
import { sealPlan } from "../domain/review/seals.ts";
import { nameScope } from "./job/scope.ts";
import { forEachTarget, type FindTargets } from "./job/targets.ts";
import { guessTargets } from "./job/targets-unread.ts";

/** Where the plan of a run is shown, beside log, summary and outputs. */
export interface Audience {
  /** The commit the plan is about. */
  readonly commit: string;
  /** Gives that commit a check run. */
  readonly check: boolean;
  /** The pull request that gets a comment. */
  readonly pull: number | undefined;
  /** What a reader must know about the files, a sentence each. */
  readonly notes: readonly string[];
  /** The targets. Throws ProblemError for a project, or files, that no plan can be made of. */
  readonly find: FindTargets;
}

const UNRECORDED =
  "There is no check run that records this plan, so once it is merged it cannot be told from one that nobody reviewed.";

/** A plan, or none, and what is said with it. */
interface PlanText extends TextSource {
  readonly plan: Plan | undefined;
  readonly kept: Circumstances;
}

/** A plan that could be made. */
interface Made extends Pick<PlanText, "problems" | "notes" | "kept"> {
  readonly plan: Plan;
}

/** Plans every target, shows the plan wherever `audience` says, and gives a report for each. Writes nothing to a PBX but trial compiles. */
export async function planTargets(job: Job, audience: Audience): Promise<Report[]> {
  const missing: Problem[] = [];
  const found = await attempt(job.stop, () => audience.find("plan"));
  const { pull } = audience;
  const targets = found.value?.keys() ?? (await guessTargets(job, () => listOurs(job, pull)));
  const reports = await forEachTarget(job, [...targets], (target) =>
    planTarget(job, target, audience, missing, async () => {
      const settings = found.value?.get(target);
      if (settings === undefined) throw new ProblemError(found.problems ?? []);
      return plan(job, settings);
    }),
  );
  logProblems(job, missing);
  annotateJob(job, missing);
  return reports;
}

async function planTarget(
  job: Job,
  target: string,
  audience: Audience,
  missing: Problem[],
  make: () => Promise<Made>,
): Promise<Report> {
  const { stop, place, redactor, runner } = job;
  const scope = nameScope(job, target);
  const opened = await attempt(stop, async () =>
    audience.check ? await openCheck(job, nameCheck(scope), audience.commit, missing) : undefined,
  );
  const check = opened.value;
  const made = await attempt(stop, make);
  const { plan: result } = made.value ?? {};
  const notes = [...tellMoved(check, result), ...audience.notes, ...(made.value?.notes ?? [])];
  const text: PlanText = {
    plan: result,
    target: scope,
    kept: made.value?.kept ?? {},
    problems: redactTexts(redactor, made.problems ?? made.value?.problems ?? []),
    notes: check === undefined && audience.check ? [...notes, UNRECORDED] : notes,
    commit: audience.commit,
    runUrl: place.runUrl,
    earlier: [],
  };
  runner.log(result === undefined ? writeOutcome(result, []) : renderPlan(result, paintNothing));
  logProblems(job, text.problems);
  annotateJob(job, check === undefined ? text.problems : findPlaceless(text.problems));
  const left = await attempt(stop, async () => {
    await runner.summarize((limit) => render(text, "", limit));
    return leaveFiles(job, scope, result, render(text, "", Infinity));
  });
  const told = await attempt(stop, () => comment(job, text, check, audience.pull));
  const concluded = await attempt(stop, async () => check?.conclude(writeVerdict(text, stop)));
  const late = redactTexts(
    redactor,
    [opened, left, told, concluded].flatMap(({ problems }) => problems ?? []),
  );
  logProblems(job, late);
  annotateJob(job, late);
  const problems = [...text.problems, ...late];
  return { target, plan: result, problems, failed: hasErrors(problems), ...left.value };
}

/** The plan of one target, secrets replaced. Throws ProblemError when there is none to be had. */
async function plan(job: Job, settings: Settings): Promise<Made> {
  const { clock, place } = job;
  return withBase(job, settings, (based) =>
    withSession(job, based.settings, async ({ session, connection, destination }) => {
      const { planned, problems } = await session.plan();
      const verdicts = job.inputs.compile ? await session.compile(planned) : [];
      return {
        plan: planned.plan,
        kept: {
          destination,
          seals: sealPlan(connection.digestKey, planned),
          made: {
            at: new Date(clock.now()).toISOString(),
            runUrl: place.runUrl,
            event: job.event.type,
          },
        },
        problems: [...based.problems, ...problems, ...verdicts],
        notes: based.notes,
      };
    }),
  );
}

/** That a plan of the same commit was another one before: whoever reviewed that has not seen this. */
function tellMoved(check: Check | undefined, now: Plan | undefined): string[] {
  const [digest] = check?.before ?? [];
  if (digest === undefined || now === undefined || digest === now.digest) return [];
  return [
    `The plan of this commit was another one before (digest ${digest.slice(0, 12)}): the PBX, or what it is compared with, has changed since. A review of that plan is none of this one.`,
  ];
}

async function comment(
  job: Job,
  text: PlanText,
  check: Check | undefined,
  pull: number | undefined,
): Promise<void> {
  const { inputs, stop } = job;
  if (pull === undefined || inputs.comment === "never" || stop.aborted) return;
  const { target, plan: result, problems, commit } = text;
  const newest = await findHead(job, pull);
  if (newest !== commit)
    return job.runner.log(
      `The pull request is at ${newest.slice(0, 12)} by now: its comment is left to the plan of that commit.`,
    );
  const worth = problems.length > 0 || (result !== undefined && hasWork(result));
  const login = await findLogin(job, check?.app?.slug);
  const create = inputs.comment === "always" || inputs.comment === "new" || worth;
  await writeComment(
    job,
    { pull, subject: "plan", target, login, fresh: inputs.comment === "new", create },
    (before) => {
      const digest = result?.digest ?? "";
      const earlier = recall(before, digest);
      const header: Header = {
        v: 1,
        subject: "plan",
        target,
        digest,
        commit,
        outcome: writeOutcome(result, problems),
        earlier,
      };
      return render({ ...text, earlier }, writeHeader(header), MAX_COMMENT);
    },
  );
}

function render({ plan: result, ...source }: PlanText, header: string, limit: number): string {
  return renderChangesText(describePlan(result, source), header, limit);
}

function writeVerdict(text: PlanText, stop: AbortSignal): CheckResult {
  const { plan: result, problems } = text;
  const failed = stop.aborted ? "cancelled" : "failure";
  return {
    conclusion: hasErrors(problems) ? failed : "success",
    title: writeOutcome(result, problems),
    summary: render(text, "", MAX_CHECK_TEXT - ROOM_FOR_NOTE),
    text: result === undefined ? "" : packReviewed(result, MAX_CHECK_TEXT, text.kept),
    digest: result?.digest ?? "",
    problems,
  };
}
