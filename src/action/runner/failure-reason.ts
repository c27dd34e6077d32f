import type { Problem } from "../../domain/problem.ts";
import type { Report } from "./report.ts";

/** Why a run failed, for a later step to go by; the problems themselves say more. In order: the first that applies is told. */
const REASONS: readonly (readonly [reason: string, codes: RegExp])[] = [
  ["bug", /^bug$/],
  ["cancelled", /^interrupted$/],
  [
    "workflow",
    /^(apply-unmerged|event-.*|invalid-input|no-checkout|not-in-actions|wrong-checkout)$/,
  ],
  ["settings", /^(setting|target|host|ca|prune|scratch)-|^(insecure|invalid)-(url|flag)$/],
  ["github", /^(github-.*|result-not-recorded)$/],
  ["not-approved", /^(not-approved|plan-differs|approval-used|superseded|destination-unreviewed)$/],
  ["guard", /^guard-/],
];

/** One of few words, empty for a run that did not fail. What none of them fits is about a file, about the apply, or about the PBX. */
export function findReason(reports: readonly Report[], problems: readonly Problem[]): string {
  const failed = reports.filter((report) => report.failed);
  const errors = [...problems, ...failed.flatMap((report) => report.problems)].filter(
    ({ severity }) => severity === "error",
  );
  const known = REASONS.find(([, codes]) => errors.some(({ code }) => codes.test(code)));
  if (known !== undefined) return known[0];
  if (failed.some(({ results = [] }) => results.some(({ outcome }) => outcome !== "applied")))
    return "apply";
  if (errors.some(({ at }) => at !== undefined)) return "manifests";
  return failed.length > 0 || errors.length > 0 ? "pbx" : "";
}
