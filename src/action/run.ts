import { existsSync } from "node:fs";
import path from "node:path";
import { openHistory } from "../app/project/ancestry.ts";
import { watchSignals, type Cancellation, type Signals } from "../app/cancellation.ts";
import { systemClock } from "../app/clock.ts";
import type { Surroundings } from "../app/settings/resolve.ts";
import { VERSION } from "../app/version.ts";
import { createRedactor, redactTexts } from "../domain/redact.ts";
import { hasErrors, ProblemError } from "../domain/problem.ts";
import { renderProblemList } from "../render/plan/markdown.ts";
import { cutText } from "../render/comment/budget.ts";
import { attempt } from "./job/attempt.ts";
import { chooseWork, type Work } from "./choose-work.ts";
import { expectHead } from "./expect-head.ts";
import type { FindTargets } from "./job/targets.ts";
import { makeEnvironment, refuseUnsafe, UNSAFE_CODE } from "./runner/environment.ts";
import { readEvent } from "./runner/event.ts";
import { openGithub } from "./github-api/client.ts";
import { readInputs } from "./runner/inputs.ts";
import type { Job } from "./job/job.ts";
import { maskSecrets } from "./runner/masks.ts";
import { writeOutputs } from "./runner/outputs.ts";
import { readPlace } from "./runner/place.ts";
import { annotateJob, logProblems } from "./job/problems.ts";
import type { Report } from "./runner/report.ts";
import { maskText, openRunner, readInput } from "./runner/runner.ts";

/** A process, or as much of one as the Action needs. */
export interface Process extends Signals {
  readonly env: Surroundings["env"];
  readonly stdout: NodeJS.WritableStream;
  cwd(): string;
}

/** Runs the Action and gives the exit code: 0, or 1 when anything failed, was refused or cancelled. */
export async function run(process: Process): Promise<number> {
  const redactor = maskSecrets(createRedactor(), maskText);
  const runner = openRunner(process.stdout, process.env, redactor);
  const cancellation = watchSignals(process);
  const ended = await attempt(cancellation.stop, () =>
    start(process, { redactor, runner }, cancellation),
  );
  cancellation.close();
  if (ended.problems === undefined) return ended.value.some(({ failed }) => failed) ? 1 : 0;
  const problems = redactTexts(redactor, ended.problems);
  logProblems({ runner, redactor }, problems);
  annotateJob({ runner, redactor }, problems);
  writeOutputs(runner, [], problems);
  await runner.summarize((limit) =>
    cutText(`## Callform\n\n${renderProblemList(problems)}`, limit),
  );
  return hasErrors(problems) ? 1 : 0;
}

async function start(
  process: Process,
  mouth: Pick<Job, "redactor" | "runner">,
  { stop, abort }: Cancellation,
): Promise<readonly Report[]> {
  const inputs = readInputs(readInput);
  const { clientSecret, digestKey, token } = inputs;
  for (const secret of [clientSecret, digestKey, token])
    if (secret !== undefined) mouth.redactor.add(secret);
  const env = makeEnvironment(process.env, inputs);
  refuseUnsafe(env, inputs);
  const place = readPlace(env);
  const event = await readEvent(env);
  const github = openGithub({
    ...place,
    token,
    version: VERSION,
    clock: systemClock,
    stop,
    onNote: (text) => mouth.runner.log(text),
  });
  const surroundings = { env, cwd: env["GITHUB_WORKSPACE"] || process.cwd() };
  const work = chooseWork(inputs, event, place);
  const project = path.resolve(surroundings.cwd, inputs.project ?? ".");
  const job: Job = {
    applies: work.do === "apply",
    ...mouth,
    inputs,
    event,
    place,
    github,
    history: await openHistory(existsSync(project) ? project : surroundings.cwd, stop),
    surroundings,
    clock: systemClock,
    stop,
    abort,
  };
  const placed = await attempt(stop, () => expectHead(job, work));
  // What strangers may cause is refused without a word to GitHub, and what is only checked has nobody to tell.
  const silent = work.do === "validate" || work.do === "compare";
  if (placed.problems?.some(({ code }) => silent || code === UNSAFE_CODE) === true)
    throw new ProblemError(placed.problems);
  const reports = await doWork(job, placed.value?.work ?? work, {
    notes: placed.value?.notes ?? [],
    find: async (purpose) => {
      if (placed.problems !== undefined) throw new ProblemError(placed.problems);
      return (await import("./job/targets.ts")).findTargets(job, purpose);
    },
  });
  writeOutputs(job.runner, reports);
  return reports;
}

/** Loads what the work needs and no more. */
async function doWork(
  job: Job,
  work: Work,
  more: { readonly notes: readonly string[]; readonly find: FindTargets },
): Promise<readonly Report[]> {
  if (work.do === "plan")
    return (await import("./pull-request.ts")).planTargets(job, { ...work, ...more });
  if (work.do === "apply")
    return (await import("./push.ts")).applyTargets(job, { ...work, ...more });
  if (work.do === "drift")
    return (await import("./schedule.ts")).findDrift(job, { ...work, ...more });
  if (work.do === "validate") return (await import("./offline.ts")).validateTargets(job);
  if (work.do === "compare")
    return (await import("./offline.ts")).compareTargets(job, work.base, work.why);
  job.runner.log(`Nothing to do: ${work.why}.`);
  return [];
}
