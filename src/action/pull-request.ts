import { nameTarget, type Settings } from "../app/settings/resolve.ts";
import { hasWork, type Plan } from "../domain/plan/plan.ts";
import { hasErrors, type Problem } from "../domain/problem.ts";
import { redactTexts } from "../domain/redact.ts";
import { renderChangesText } from "../render/comment/changes-text.ts";
import { recall, writeHeader, type Header } from "../render/comment/hidden-header.ts";
import { paintNothing } from "../render/paint.ts";
import { renderPlan } from "../render/plan/terminal.ts";
import { describePlan, writeOutcome, type TextSource } from "../render/comment/text-about.ts";
import { attempt } from "./job/attempt.ts";
import { withBase } from "./review/base.ts";
import {
  MAX_CHECK_TEXT,
  nameCheck,
  openCheck,
  ROOM_FOR_NOTE,
  type Check,
  type CheckResult,
} from "./github/checks.ts";
import { MAX_COMMENT, writeComment } from "./github/comments.ts";
import { findLogin } from "./github/identity.ts";
import type { Job } from "./job/job.ts";
import { withSession } from "./job/pbx.ts";
import { leaveFiles } from "./job/files.ts";
import { annotateJob, logProblems } from "./job/problems.ts";
import type { Report } from "./runner/report.ts";
import { packReviewed, type Circumstances } from "./review/reviewed-plan.ts";
import { sealPlan } from "../domain/review/seals.ts";
import { nameScope } from "./job/scope.ts";
import { forEachTarget } from "./job/targets.ts";

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
}

const UNRECORDED =
  "There is no check run that records this plan, so once it is merged it cannot be told from one that nobody reviewed.";

/** A plan, or none, and what is said with it. */
interface PlanText extends TextSource {
  readonly plan: Plan | undefined;
  readonly kept: Circumstances;
}

/** Plans every target, shows the plan wherever `audience` says, and gives a report for each. Writes nothing to a PBX but trial compiles. */
export async function planTargets(job: Job, audience: Audience): Promise<Report[]> {
  const missing: Problem[] = [];
  const reports = await forEachTarget(job, "plan", (settings) =>
    planTarget(job, settings, audience, missing),
  );
  logProblems(job, missing);
  annotateJob(job, missing);
  return reports;
}

async function planTarget(
  job: Job,
  settings: Settings,
  audience: Audience,
  missing: Problem[],
): Promise<Report> {
  const { stop, place, redactor, runner } = job;
  const target = nameTarget(settings);
  const scope = nameScope(job, settings);
  const opened = await attempt(stop, async () =>
    audience.check ? await openCheck(job, nameCheck(scope), audience.commit, missing) : undefined,
  );
  const check = opened.value;
  const made = await attempt(stop, () => plan(job, settings));
  const { plan: result } = made.value ?? {};
  const notes = [...audience.notes, ...(made.value?.notes ?? [])];
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
  if (check === undefined) annotateJob(job, text.problems);
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
async function plan(
  job: Job,
  settings: Settings,
): Promise<Pick<PlanText, "problems" | "notes" | "kept"> & { readonly plan: Plan }> {
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
          made: { at: new Date(clock.now()).toISOString(), runUrl: place.runUrl },
        },
        problems: [...based.problems, ...problems, ...verdicts],
        notes: based.notes,
      };
    }),
  );
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
  const worth = problems.length > 0 || (result !== undefined && hasWork(result));
  const login = await findLogin(job, check?.app?.slug);
  const create = inputs.comment === "always" || worth;
  await writeComment(job, { pull, subject: "plan", target, login, create }, (before) => {
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
  });
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
