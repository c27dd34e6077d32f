import { splitLists } from "../../app/settings/filter.ts";
import {
  nameTarget,
  resolveFleet,
  type Flags,
  type Purpose,
  type Settings,
} from "../../app/settings/resolve.ts";
import { failure } from "../../domain/problem.ts";
import type { Job } from "./job.ts";
import type { Report } from "../runner/report.ts";

/** The inputs as app/settings takes them. */
export function makeFlags({ inputs, applies }: Job): Flags {
  const { project, targets, url, clientId, only, concurrency, base, strict } = inputs;
  return {
    ...(project === undefined ? {} : { project }),
    ...(targets === undefined ? {} : { target: targets }),
    ...(url === undefined ? {} : { url }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(only.length === 0 ? {} : { only: splitLists(only) }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(base === undefined ? {} : { base }),
    strict,
    // Whoever approves the plan has seen each delete, and a plan alone deletes nothing.
    ...(targets !== undefined && (inputs.requireApprovedPlan || !applies)
      ? { confirm: targets }
      : {}),
  };
}

/** Finds the targets of a run, each under its name. Throws ProblemError. */
export type FindTargets = (purpose: Purpose) => Promise<ReadonlyMap<string, Settings>>;

/** The targets that a run is about, each under its name. Throws ProblemError for a project that cannot be read. */
export async function findTargets(
  job: Job,
  purpose: Purpose,
): Promise<ReadonlyMap<string, Settings>> {
  const fleet = await resolveFleet(makeFlags(job), [], job.surroundings, purpose);
  if (fleet.length > 1 && job.inputs.environment !== undefined) throw refuseEnvironment();
  return new Map(fleet.map((settings) => [nameTarget(settings), settings]));
}

/** Does the work for each target, one after the other, as they may share an API client. */
export async function forEachTarget(
  { stop, runner }: Job,
  targets: readonly string[],
  work: (target: string) => Promise<Report>,
): Promise<Report[]> {
  const reports: Report[] = [];
  for (const target of targets)
    reports.push(
      stop.aborted
        ? reportUnbegun(runner, target)
        : await runner.group(`Target ${target}`, () => work(target)),
    );
  return reports;
}

function reportUnbegun(runner: Job["runner"], target: string): Report {
  const message = `the run was cancelled before it came to ${target}`;
  runner.log(message);
  return { target, failed: true, problems: [{ severity: "error", code: "interrupted", message }] };
}

function refuseEnvironment(): Error {
  return failure(
    "invalid-input",
    "the input environment names one environment, and the run is about several targets",
    {
      hint: "leave it out: each target is recorded under its own name then",
    },
  );
}
