import { isAdrift } from "../../domain/plan/drift.ts";
import type { Report } from "./report.ts";
import type { Runner } from "./runner.ts";

/** Sets the outputs of the Action. Counts of several targets are summed; what else each has of its own becomes a JSON object by target. */
export function writeOutputs(runner: Runner, reports: readonly Report[]): void {
  const sum = (count: (report: Report) => number | undefined): number =>
    reports.reduce((total, report) => total + (count(report) ?? 0), 0);
  const [creates, updates, deletes] = [
    sum((report) => report.plan?.summary.create),
    sum((report) => report.plan?.summary.update),
    sum((report) => report.plan?.summary.delete),
  ];
  const drifted = reports.some(({ drift }) => drift !== undefined && isAdrift(drift));
  const values: Readonly<Record<string, string>> = {
    "has-changes": String(creates + updates + deletes > 0),
    "has-deletes": String(deletes > 0),
    creates: String(creates),
    updates: String(updates),
    deletes: String(deletes),
    unchanged: String(sum((report) => report.plan?.summary.unchanged)),
    drift: String(drifted),
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
