import type { Plan } from "../../domain/plan/plan.ts";
import type { Problem } from "../../domain/problem.ts";
import { toPrintableJson } from "../printable.ts";

/** Version of every JSON report but the plan, whose own is in it. */
const REPORT_FORMAT = 1;

/** The plan as its schema (schemas/plan.schema.json) describes it; also what a plan file holds. */
export function renderPlanJson(plan: Plan): string {
  const { blocked, ...rest } = plan;
  // Last, as in the other formats, for whoever sees the end of a long one.
  return `${toPrintableJson(blocked === undefined ? rest : { ...rest, blocked })}\n`;
}

/** Any other report: a version, a command, its own members, the problems, and last why a plan was not applied. */
export function renderReportJson(
  command: string,
  members: Readonly<Record<string, unknown>>,
  problems: readonly Problem[],
  { blocked }: Pick<Plan, "blocked"> = {},
): string {
  const end = blocked === undefined ? {} : { blocked };
  return `${toPrintableJson({ formatVersion: REPORT_FORMAT, command, ...members, problems, ...end })}\n`;
}
