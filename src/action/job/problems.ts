import type { Problem } from "../../domain/problem.ts";
import { redactTexts } from "../../domain/redact.ts";
import { renderGithub } from "../../render/problems/github.ts";
import { paintNothing } from "../../render/paint.ts";
import { renderProblems } from "../../render/problems/text.ts";
import type { Job } from "./job.ts";

/** Problems as lines of the log. */
export function logProblems(
  { runner, redactor }: Pick<Job, "runner" | "redactor">,
  problems: readonly Problem[],
): void {
  if (problems.length > 0)
    runner.log(renderProblems(redactTexts(redactor, problems), paintNothing));
}

/** Problems as annotations of the job's own: for what no check run of ours shows. */
export function annotateJob(
  { runner, redactor }: Pick<Job, "runner" | "redactor">,
  problems: readonly Problem[],
): void {
  if (problems.length > 0) runner.command(renderGithub(redactTexts(redactor, problems)));
}

/** The errors that no line of a file is to blame for: a check run shows them in its text alone, and no annotation of its own. */
export function findPlaceless(problems: readonly Problem[]): Problem[] {
  return problems.filter(({ severity, at }) => severity === "error" && at === undefined);
}
