import type { Drift } from "../domain/plan/drift.ts";
import { isAdrift } from "../domain/plan/standing/is-adrift.ts";
import type { Settings } from "../app/settings/resolve.ts";
import { hasErrors, ProblemError, type Problem } from "../domain/problem.ts";
import { redactTexts } from "../domain/redact.ts";
import { renderChangesText, type ChangesText } from "../render/comment/changes-text.ts";
import { writeHeader, type Header } from "../render/comment/hidden-header.ts";
import { describeDrift } from "../render/comment/text-about.ts";
import { attempt } from "./job/attempt.ts";
import { withBase } from "./review/base.ts";
import { MAX_COMMENT } from "./github/comments.ts";
import { leaveFiles } from "./job/files.ts";
import { findLogin } from "./github/identity.ts";
import { closeDriftIssue, writeDriftIssue } from "./github/issues.ts";
import type { Job } from "./job/job.ts";
import { withSession } from "./job/pbx.ts";
import { annotateJob, logProblems } from "./job/problems.ts";
import { tellOutstanding } from "./review/outstanding.ts";
import type { Report } from "./runner/report.ts";
import { nameScope } from "./job/scope.ts";
import { forEachTarget, type FindTargets } from "./job/targets.ts";
import { guessTargets } from "./job/targets-unread.ts";

/** Looks for drift on every target and keeps an issue for each that has some. Writes nothing to a PBX. */
export async function findDrift(job: Job, checkedOut: CheckedOut): Promise<Report[]> {
  const found = await attempt(job.stop, () => checkedOut.find("look"));
  const targets = found.value?.keys() ?? (await guessTargets(job, async () => []));
  return forEachTarget(job, [...targets], (target) =>
    findDriftOf(job, target, checkedOut, async () => {
      const settings = found.value?.get(target);
      if (settings === undefined) throw new ProblemError(found.problems ?? []);
      return look(job, settings, checkedOut.commit);
    }),
  );
}

/** The commit that is checked out, and what a reader must know about its files, a sentence each. */
export interface CheckedOut {
  readonly commit: string;
  readonly notes: readonly string[];
  readonly find: FindTargets;
}

/** What was found out about a PBX. */
interface Looked {
  readonly drift: Drift;
  /** What is merged and not applied, in words; undefined where nothing is. */
  readonly outstanding: string | undefined;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

async function findDriftOf(
  job: Job,
  target: string,
  { commit, notes: about }: CheckedOut,
  work: () => Promise<Looked>,
): Promise<Report> {
  const { stop, place, redactor, runner } = job;
  const scope = nameScope(job, target);
  const looked = await attempt(stop, work);
  const { drift, outstanding, notes = [] } = looked.value ?? {};
  const merged = outstanding === undefined ? [] : [outstanding];
  const found = redactTexts(redactor, looked.problems ?? looked.value?.problems ?? []);
  const text = describeDrift(drift, {
    target: scope,
    problems: found,
    notes: [...merged, ...about, ...notes],
    commit,
    runUrl: place.runUrl,
    earlier: [],
  });
  runner.log(text.summary);
  logProblems(job, found);
  annotateJob(job, found);
  const left = await attempt(stop, async () => {
    await runner.summarize((limit) => renderChangesText(text, "", limit));
    return leaveFiles(job, scope, undefined, renderChangesText(text, "", Infinity));
  });
  const told = await attempt(stop, async () => {
    // What could not be looked at has neither drifted nor is it clean.
    if (drift === undefined) return;
    const open = isAdrift(drift) || merged.length > 0;
    await tell(job, scope, text, open, drift.base ?? commit);
  });
  const late = redactTexts(redactor, [...(left.problems ?? []), ...(told.problems ?? [])]);
  logProblems(job, late);
  annotateJob(job, late);
  const problems = [...found, ...late];
  return { target, drift, problems, failed: hasErrors(problems), ...left.value };
}

function look(job: Job, settings: Settings, commit: string): Promise<Looked> {
  return withBase(job, settings, (based) =>
    withSession(job, based.settings, async ({ session }) => {
      const { drift, plan, problems } = await session.drift();
      return {
        drift,
        outstanding: await tellOutstanding(job, plan, drift, commit),
        problems: [...based.problems, ...problems],
        notes: based.notes,
      };
    }),
  );
}

async function tell(
  job: Job,
  target: string,
  text: ChangesText,
  open: boolean,
  base: string,
): Promise<void> {
  const login = await findLogin(job, undefined);
  const { commit, summary, runUrl } = text;
  if (!open) {
    const note = `No drift any more: the PBX is as Git says at ${base.slice(0, 12)}. [Run](${runUrl})`;
    return closeDriftIssue(job, target, login, note);
  }
  const header: Header = {
    v: 1,
    subject: "drift",
    target,
    digest: "",
    commit,
    outcome: summary,
    earlier: [],
  };
  const body = renderChangesText(text, writeHeader(header), MAX_COMMENT);
  return writeDriftIssue(job, target, login, body);
}
