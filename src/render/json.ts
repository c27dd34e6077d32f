import type { Plan } from "../domain/plan.ts";
import type { Problem } from "../domain/problem.ts";

/** Version of every JSON report but the plan, whose own is in it. */
const REPORT_FORMAT = 1;

/** The plan as its schema (schemas/plan.schema.json) describes it; also what a plan file holds. */
export function renderPlanJson(plan: Plan): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}

/** Any other report: a version, a command, its own members, and the problems. */
export function renderReportJson(
  command: string,
  members: Readonly<Record<string, unknown>>,
  problems: readonly Problem[],
): string {
  const report = { formatVersion: REPORT_FORMAT, command, ...members, problems };
  return `${JSON.stringify(report, null, 2)}\n`;
}
