import { randomUUID } from "node:crypto";
import { ProblemError, type Problem } from "../../domain/problem.ts";
import { batchAnnotations } from "../runner/annotate.ts";
import { attempt } from "../job/attempt.ts";
import { PERMISSION_CODE } from "../github-api/failure.ts";
import type { Job } from "../job/job.ts";

const WRITE = { doing: "write a check run", needs: "checks: write" };

export type Conclusion = "success" | "failure" | "cancelled" | "neutral";

export interface CheckResult {
  readonly conclusion: Conclusion;
  readonly title: string;
  readonly summary: string;
  /** Below the summary; empty for none. */
  readonly text: string;
  readonly digest: string;
  /** Those with a place become annotations. */
  readonly problems: readonly Problem[];
}

/** A check run that is under way. */
export interface Check {
  readonly id: number;
  /** The app whose token the run has. */
  readonly app: { readonly id: number; readonly slug: string } | undefined;
  /** Digests of those before it of the same name and commit that came to one, the newest first. */
  readonly before: readonly string[];
  conclude(result: CheckResult): Promise<void>;
}

/** GitHub counts characters of summary and text; bytes are never fewer. */
export const MAX_CHECK_TEXT = 65_535;
/** What a summary must leave free for the note on annotations. */
export const ROOM_FOR_NOTE = 100;

/** The check runs of a commit are named so, a target each. */
export function nameCheck(target: string): string {
  return `callform / ${target}`;
}

/**
 * Starts a check run. Undefined where the token may not: why is added to `missing`, and annotations must go another way.
 * Throws ProblemError when GitHub does not answer.
 */
export async function openCheck(
  job: Job,
  name: string,
  sha: string,
  missing: Problem[],
): Promise<Check | undefined> {
  if (missing.length > 0) return undefined;
  const opened = await attempt(job.stop, () => startCheck(job, name, sha));
  if (opened.problems === undefined) return opened.value;
  if (!opened.problems.every(({ code }) => code === PERMISSION_CODE))
    throw new ProblemError(opened.problems);
  missing.push(...opened.problems.map((problem) => ({ ...problem, severity: "warning" as const })));
  return undefined;
}

/** Two runs for one target never are under way at once, so what is not concluded was killed. */
const ABANDONED: CheckResult = {
  conclusion: "cancelled",
  title: "The run was ended without a word.",
  summary:
    "The run that made this check was killed before it could say how it went; a later run has concluded it.",
  text: "",
  digest: "",
  problems: [],
};

async function startCheck(job: Job, name: string, sha: string): Promise<Check> {
  const { github, place, clock } = job;
  // Until the digest is known, the run is told by a mark of its own from those of other runs.
  const mark = randomUUID();
  const body = {
    name,
    head_sha: sha,
    status: "in_progress",
    details_url: place.runUrl,
    started_at: new Date(clock.now()).toISOString(),
    external_id: mark,
  } as const;
  const found = await github.create(
    WRITE,
    async () => (await listChecks(job, name, sha)).find(({ external_id: id }) => id === mark),
    (request) => request("POST /repos/{owner}/{repo}/check-runs", { ...github.repo, ...body }),
  );
  const [id, { app }] = [Number(found.id), found];
  const runs = await listChecks(job, name, sha);
  const others = runs.filter((run) => Number(run.id) < id && run.app?.id === app?.id);
  for (const run of others)
    if (run.status !== "completed") await concludeCheck(job, Number(run.id), ABANDONED);
  return {
    id,
    app: app === null ? undefined : { id: app.id, slug: app.slug ?? "" },
    before: others.flatMap(({ conclusion, external_id: digest }) =>
      conclusion === null || digest === null || digest === "" ? [] : [digest],
    ),
    conclude: (result) => concludeCheck(job, id, result),
  };
}

/** The check runs of a commit with a name, those of every app, the newest first. */
export async function listChecks(job: Job, name: string, sha: string) {
  const { github } = job;
  const runs = await github.list(
    { doing: "read the check runs", needs: "checks: write" },
    async (request, page) => {
      const { data, headers } = await request(
        "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
        {
          ...github.repo,
          ref: sha,
          check_name: name,
          filter: "all",
          per_page: 100,
          page,
        },
      );
      return { data: data.check_runs, headers };
    },
  );
  return runs.toSorted((a, b) => Number(b.id) - Number(a.id));
}

async function concludeCheck(job: Job, id: number, result: CheckResult): Promise<void> {
  const { github, clock } = job;
  const { batches, leftOut } = batchAnnotations(result.problems);
  const note = leftOut === 0 ? "" : `\n\n${leftOut} more annotations are left out.`;
  const output = { title: result.title, summary: result.summary + note };
  const update = (fields: object): Promise<unknown> =>
    github.ask(WRITE, (request) =>
      request("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", {
        ...github.repo,
        check_run_id: id,
        ...fields,
      }),
    );
  // Each request adds to the annotations, so one that is repeated after a lost answer may show some twice.
  for (const batch of batches.slice(1)) await update({ output: { ...output, annotations: batch } });
  await update({
    status: "completed",
    conclusion: result.conclusion,
    completed_at: new Date(clock.now()).toISOString(),
    external_id: result.digest,
    output: {
      ...output,
      ...(result.text === "" ? {} : { text: result.text }),
      annotations: batches[0] ?? [],
    },
  });
}
