import type { Plan } from "../../domain/plan/plan.ts";
import { renderPlanJson } from "../../render/plan/json.ts";
import type { Job } from "./job.ts";
import type { Report } from "../runner/report.ts";

/** Leaves the plan and the whole text of the report as files for later steps. `plan` has its secrets replaced already. */
export async function leaveFiles(
  job: Job,
  target: string,
  plan: Plan | undefined,
  text: string,
): Promise<Pick<Report, "planFile" | "reportFile">> {
  const name = target.replaceAll(/[^A-Za-z0-9._-]/g, "-");
  const { runner } = job;
  return {
    planFile:
      plan === undefined
        ? undefined
        : await runner.leave(`plan-${name}.json`, renderPlanJson(plan)),
    reportFile: await runner.leave(`report-${name}.md`, `${text}\n`),
  };
}
