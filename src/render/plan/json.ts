import type { Plan } from "../../domain/plan/plan.ts";
import type { Problem } from "../../domain/problem.ts";
import { toPrintableJson } from "../printable.ts";

/** Version of every JSON report but the plan, whose own is in it. */
const REPORT_FORMAT = 1;

/** The plan as its schema (schemas/plan.schema.json) describes it; also what a plan file holds. */
export function renderPlanJson(plan: Plan): string {
  return `${toPrintableJson(plan)}\n`;
}

/** Any other report: a version, a command, its own members, and the problems. */
export function renderReportJson(
  command: string,
  members: Readonly<Record<string, unknown>>,
  problems: readonly Problem[],
): string {
  return `${toPrintableJson({ formatVersion: REPORT_FORMAT, command, ...members, problems })}\n`;
}
