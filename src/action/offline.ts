import { validateProject } from "../app/offline/validate.ts";
import { diffOffline } from "../app/offline/diff.ts";
import { nameTarget, resolveSettings, type Settings } from "../app/settings/resolve.ts";
import { maskPlan } from "../domain/plan/mask/mask-plan.ts";
import { hasErrors, type Problem } from "../domain/problem.ts";
import { redactTexts } from "../domain/redact.ts";
import { renderChangesText } from "../render/comment/changes-text.ts";
import { describeComparison } from "../render/comment/text-about.ts";
import { attempt } from "./job/attempt.ts";
import { leaveFiles } from "./job/files.ts";
import type { Job } from "./job/job.ts";
import { annotateJob, logProblems } from "./job/problems.ts";
import type { Report } from "./runner/report.ts";
import { makeFlags } from "./job/targets.ts";

/** Checks manifests and scripts of every target without a PBX. Throws ProblemError for a project that cannot be read. */
export async function validateTargets(job: Job): Promise<Report[]> {
  const { report } = await validate(job);
  const { problems } = report;
  await job.runner.summarize((limit) =>
    renderChangesText(
      {
        ...source(job, report.target, problems, []),
        heading: "Callform validate",
        summary: hasErrors(problems) ? "The manifests are not valid." : "The manifests are valid.",
        changes: [],
        digest: "",
      },
      "",
      limit,
    ),
  );
  return [report];
}

/** The same, and what changes against the manifests at a commit. Writes nothing to GitHub but log, summary and annotations. */
export async function compareTargets(job: Job, base: string, why: string): Promise<Report[]> {
  const { settings, report } = await validate(job);
  job.runner.log(`${why}.`);
  const targets = settings.targets.length === 0 ? [undefined] : settings.targets;
  const reports: Report[] = [];
  for (const target of targets)
    reports.push(
      await compare(job, { ...settings, target }, { base, why, known: report.problems }),
    );
  return reports;
}

async function validate(job: Job): Promise<{ settings: Settings; report: Report }> {
  const { surroundings, stop, runner, redactor } = job;
  const settings = await resolveSettings(makeFlags(job), [], surroundings, "offline");
  const { files, resources, problems: found } = await validateProject(settings, stop);
  const problems = redactTexts(redactor, found);
  runner.log(`${count(resources, "app")} in ${count(files, "file")}.`);
  logProblems(job, problems);
  annotateJob(job, problems);
  const failed = hasErrors(problems);
  return { settings, report: { target: nameTarget(settings), problems, failed } };
}

interface Comparison {
  readonly base: string;
  /** Why there is no more than a comparison, as a clause. */
  readonly why: string;
  /** What is known to be wrong with the manifests. */
  readonly known: readonly Problem[];
}

async function compare(
  job: Job,
  settings: Settings,
  { base, why, known }: Comparison,
): Promise<Report> {
  const { stop, runner, redactor } = job;
  const target = nameTarget(settings);
  const onProgress = (text: string): void => runner.log(text);
  const compared = await attempt(stop, () =>
    diffOffline({ settings, ref: base, signal: stop, onProgress }),
  );
  // What is wrong with the manifests has been said; the rest must not fail a pull request whose manifests are valid.
  const rest = (compared.problems ?? [])
    .filter((problem) => !known.some(({ message }) => message === problem.message))
    .map((problem) => ({ ...problem, severity: "warning" as const }));
  const problems = [...known, ...redactTexts(redactor, rest)];
  const made = compared.value?.plan;
  const plan = made && maskPlan(made, { redactor, suspects: () => [] });
  const text = describeComparison(plan, source(job, target, problems, [`${why}.`]));
  runner.log(text.summary);
  logProblems(job, rest);
  await runner.summarize((limit) => renderChangesText(text, "", limit));
  const full = renderChangesText(text, "", Infinity);
  const { reportFile } = await leaveFiles(job, target, undefined, full);
  return { target, plan, problems, failed: hasErrors(problems), reportFile };
}

function source(job: Job, target: string, problems: readonly Problem[], notes: readonly string[]) {
  const { place } = job;
  return { target, problems, notes, commit: place.sha, runUrl: place.runUrl, earlier: [] };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
