import { nameResource } from "../../domain/resource.ts";
import { redactTexts } from "../../domain/redact.ts";
import type { ApplyEvent } from "../../domain/result.ts";
import { paintNothing } from "../../render/paint.ts";
import { renderRows } from "../../render/reports/results.ts";
import type { Job } from "./job.ts";
import { logProblems } from "./problems.ts";

/** Tells of an apply as it goes, a line for each event. */
export function logProgress(job: Pick<Job, "runner" | "redactor">): (event: ApplyEvent) => void {
  const { runner, redactor } = job;
  return (event) => {
    const told = redactTexts(redactor, event);
    if (told.type === "step") return runner.log(`  ${told.step} ${nameResource(told.resource)}`);
    const { result } = told;
    const note = `${(result.milliseconds / 1000).toFixed(1)} s`;
    runner.log(renderRows([{ ...result, state: result.outcome, note }], paintNothing));
    logProblems(job, result.problems);
  };
}
