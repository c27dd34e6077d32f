import { isAdrift } from "../../domain/plan/standing/is-adrift.ts";
import type { Problem } from "../../domain/problem.ts";
import { findReason } from "./failure-reason.ts";
import type { Report } from "./report.ts";
import type { Runner } from "./runner.ts";

/** Sets the outputs of the Action; `problems` are those of a run that came to no target. Counts of several targets are summed; what else each has of its own becomes a JSON object by target. */
export function writeOutputs(
  runner: Runner,
  reports: readonly Report[],
  problems: readonly Problem[] = [],
): void {
  const sum = (count: (report: Report) => number | undefined): number =>
    reports.reduce((total, report) => total + (count(report) ?? 0), 0);
  const [creates, updates, deletes] = [
    sum((report) => report.plan?.summary.create),
    sum((report) => report.plan?.summary.update),
    sum((report) => report.plan?.summary.delete),
  ];
  const drifted = reports.some(({ drift }) => drift !== undefined && isAdrift(drift));
  const seen = reports.length > 0 && reports.every(({ drift }) => drift !== undefined);
  // No plan is not a plan without changes.
  const known = reports.length > 0 && reports.every(({ plan }) => plan !== undefined);
  const tell = (value: boolean | number): string => (known || value ? String(value) : "");
  const values: Readonly<Record<string, string>> = {
    "has-changes": tell(creates + updates + deletes > 0),
    "has-deletes": tell(deletes > 0),
    creates: tell(creates),
    updates: tell(updates),
    deletes: tell(deletes),
    unchanged: tell(sum((report) => report.plan?.summary.unchanged)),
    drift: seen || drifted ? String(drifted) : "",
    "failure-reason": findReason(reports, problems),
    digest: perTarget(reports, ({ plan }) => plan?.digest),
    "plan-file": perTarget(reports, ({ planFile }) => planFile),
    "report-file": perTarget(reports, ({ reportFile }) => reportFile),
    "deployment-id": perTarget(reports, ({ deploymentId }) => deploymentId?.toString()),
  };
  for (const [name, value] of Object.entries(values)) runner.output(name, value);
}

function perTarget(
  reports: readonly Report[],
  read: (report: Report) => string | undefined,
): string {
  const [only, another] = reports;
  if (another === undefined) return (only && read(only)) ?? "";
  return JSON.stringify(
    Object.fromEntries(reports.map((report) => [report.target, read(report) ?? null])),
  );
}
