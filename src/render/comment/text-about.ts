import type { Drift } from "../../domain/plan/drift.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import { hasErrors, type Problem } from "../../domain/problem.ts";
import type { ChangesText } from "./changes-text.ts";
import { writeDriftSummary } from "../plan/drift.ts";
import type { Earlier } from "./hidden-header.ts";
import { writeNotes, writeSummary } from "../view.ts";

/** What a text about a target is made from besides its changes. */
export interface TextSource {
  readonly target: string;
  readonly problems: readonly Problem[];
  /** What a reader must know, a sentence each. */
  readonly notes: readonly string[];
  readonly commit: string;
  readonly runUrl: string;
  readonly earlier: readonly Earlier[];
}

/** A plan in one line, for titles, the log and the record of earlier plans. */
export function writeOutcome(plan: Plan | undefined, problems: readonly Problem[]): string {
  if (plan === undefined) return "There is no plan: the problems below stand in its way.";
  const summary = writeSummary(plan.summary);
  return hasErrors(problems) ? `${summary} It must not be applied.` : summary;
}

/** The text about a plan, or about why there is none. Where nothing is to be done or said, one line. */
export function describePlan(plan: Plan | undefined, source: TextSource): ChangesText {
  const { target, problems, notes } = source;
  const quiet = plan !== undefined && plan.changes.length === 0 && problems.length === 0;
  return {
    ...source,
    ...chooseBase(plan),
    heading: quiet ? undefined : `Callform plan for ${target}`,
    summary: quiet
      ? `No changes for ${target}: the PBX is as the manifests say.`
      : writeOutcome(plan, problems),
    notes: [...chooseNotes(plan, notes, quiet), ...explainFlags(problems)],
    changes: plan?.changes ?? [],
    digest: plan?.digest ?? "",
  };
}

/** Guards name the flag of the command line that lifts them for one run. */
function explainFlags(problems: readonly Problem[]): string[] {
  if (!problems.some(({ hint }) => hint?.includes("--") === true)) return [];
  return [
    "The flags that the problems name belong to the command line: here, change the policy in callform.yaml in the same pull request.",
  ];
}

function chooseNotes(
  plan: Plan | undefined,
  notes: readonly string[],
  quiet: boolean,
): readonly string[] {
  if (plan === undefined) return notes;
  if (!quiet) return [...notes, ...writeNotes(plan)];
  // That something was left out is the one thing that matters where there is nothing else to say.
  return writeNotes({ partial: plan.partial, unmanaged: [] });
}

/** The text about what differs between the manifests of two commits. */
export function describeComparison(plan: Plan | undefined, source: TextSource): ChangesText {
  const {
    create,
    update,
    delete: removed,
    unchanged,
  } = plan?.summary ?? {
    create: 0,
    update: 0,
    delete: 0,
    unchanged: 0,
  };
  return {
    ...source,
    heading: `Callform comparison for ${source.target}`,
    summary:
      plan === undefined
        ? "There is no comparison: the problems below stand in its way."
        : `Manifests: ${create} new, ${update} changed, ${removed} removed, ${unchanged} unchanged.`,
    changes: plan?.changes ?? [],
    digest: "",
  };
}

/** The text about what a PBX has otherwise than Git. */
export function describeDrift(drift: Drift | undefined, source: TextSource): ChangesText {
  return {
    ...source,
    ...chooseBase(drift),
    heading: `Callform drift of ${source.target}`,
    summary:
      drift === undefined
        ? "Drift cannot be known: the problems below stand in its way."
        : writeDriftSummary(drift),
    notes: drift === undefined ? source.notes : [...source.notes, ...writeNotes(drift)],
    changes: drift?.changes ?? [],
    digest: "",
  };
}

function chooseBase(from: Pick<Plan, "base"> | undefined): Pick<Plan, "base"> {
  return from?.base === undefined ? {} : { base: from.base };
}
