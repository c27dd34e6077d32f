import { hasWork } from "../../domain/plan/plan.ts";
import { hasErrors, type Problem } from "../../domain/problem.ts";
import { redactTexts } from "../../domain/redact.ts";
import {
  renderApplyText,
  writeApplySummary,
  type ApplyText,
} from "../../render/comment/apply-text.ts";
import { writeHeader, type Header } from "../../render/comment/hidden-header.ts";
import { attempt } from "../job/attempt.ts";
import { MAX_CHECK_TEXT, ROOM_FOR_NOTE, type Check, type Conclusion } from "../github/checks.ts";
import { MAX_COMMENT, writeComment } from "../github/comments.ts";
import { setCommitStatus } from "../github/commit-status.ts";
import { setDeployment } from "../github/deployments.ts";
import { findLogin } from "../github/identity.ts";
import type { Job } from "../job/job.ts";
import type { Passed } from "./gate.ts";
import { annotateJob, logProblems } from "../job/problems.ts";

/** What is to be told how an apply ended. */
export interface Listeners {
  readonly check: Check | undefined;
  /** Undefined where it did not come to the gate. */
  readonly passed: Passed | undefined;
  readonly pull: number | undefined;
}

/** Tells GitHub how an apply ended: deployment, check run, comment and status of the commit, each whatever becomes of the others. Gives what could not be told. */
export async function publishResult(
  job: Job,
  text: ApplyText,
  { check, passed, pull }: Listeners,
): Promise<Problem[]> {
  const { stop, runner } = job;
  const failed = hasFailed(text);
  const deploymentId = passed?.deploymentId;
  // What is said of a commit stays as it was when an old run is run again: it was so then.
  const again = passed?.order.is === "done" && passed.refused.length > 0;
  const old = passed?.order.is === "superseded";
  const summary = writeApplySummary(text);
  const tries = [
    await attempt(stop, async () => {
      if (deploymentId === undefined) return;
      await setDeployment(job, deploymentId, failed ? "failure" : "success", summary);
    }),
    await attempt(stop, async () =>
      check?.conclude({
        conclusion: conclude(failed, old, stop),
        title: summary,
        summary: renderApplyText(text, "", MAX_CHECK_TEXT - ROOM_FOR_NOTE),
        text: "",
        digest: text.plan?.digest ?? "",
        problems: [...text.problems, ...text.results.flatMap(({ problems }) => problems)],
      }),
    ),
    await attempt(stop, async () => {
      if (!again && passed?.repeated !== true) await comment(job, text, check, pull);
    }),
    await attempt(stop, async () => {
      if (again || old) return;
      const state = failed ? "failure" : "success";
      await setCommitStatus(job, text.commit, { target: text.target, state, summary });
    }),
  ];
  const untold = redactTexts(
    job.redactor,
    tries.flatMap(({ problems }) => problems ?? []),
  );
  if (untold.length === 0) return [];
  const problems = [...untold, explainUntold(text, summary)];
  logProblems(job, problems);
  annotateJob(job, problems);
  const late = { ...text, problems, results: [] };
  await runner.summarize((limit) => renderApplyText(late, "", limit));
  return problems;
}

function conclude(failed: boolean, old: boolean, stop: AbortSignal): Conclusion {
  if (stop.aborted) return "cancelled";
  if (failed) return "failure";
  // Nothing was to be done, but what is on the PBX is not this commit.
  return old ? "neutral" : "success";
}

function hasFailed({ problems, results }: ApplyText): boolean {
  return hasErrors(problems) || results.some(({ outcome }) => outcome !== "applied");
}

async function comment(
  job: Job,
  text: ApplyText,
  check: Check | undefined,
  pull: number | undefined,
): Promise<void> {
  const { inputs } = job;
  if (pull === undefined || inputs.comment === "never") return;
  const { target, plan, problems, commit } = text;
  const create = hasErrors(problems) || (plan !== undefined && hasWork(plan));
  const login = await findLogin(job, check?.app?.slug);
  const header: Header = {
    v: 1,
    subject: "apply",
    target,
    digest: plan?.digest ?? "",
    commit,
    outcome: writeApplySummary(text),
    earlier: [],
  };
  await writeComment(
    job,
    { pull, subject: "apply", target, login, fresh: inputs.comment === "new", create },
    () => renderApplyText(text, writeHeader(header), MAX_COMMENT),
  );
}

/** The PBX is what counts, and running again is harmless: it finds nothing left to do, and says so. */
function explainUntold(text: ApplyText, summary: string): Problem {
  const done = text.results.length === 0 ? "nothing was applied" : `on the PBX: ${summary}`;
  return {
    severity: "error",
    code: "result-not-recorded",
    message: `GitHub does not have the whole result for ${text.target}; ${done}`,
    hint: "run the job again: what is applied is not applied twice, and the result is recorded then",
  };
}
