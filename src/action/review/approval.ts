import { attempt } from "../job/attempt.ts";
import { listChecks, nameCheck, type Check } from "../github/checks.ts";
import type { Job } from "../job/job.ts";
import { ProblemError } from "../../domain/problem.ts";
import { unpackReviewed, type ReviewedPlan } from "./reviewed-plan.ts";

const READ = { doing: "find the merged pull request", needs: "pull-requests: write" };

/** A commit on a branch, as a push brought it. */
export interface Pushed {
  readonly commit: string;
  readonly branch: string;
  readonly message: string;
  /** What a reader must know about the files, a sentence each. */
  readonly notes?: readonly string[];
}

/** A pull request that was merged, and its last commit. */
export interface MergedPull {
  readonly number: number;
  readonly head: string;
  /** From another repository: it had no secrets, so no plan was made for it. */
  readonly fork: boolean;
}

/** What was reviewed: the digest in the check run of the pull request, or why there is none. */
export type Approval =
  | {
      readonly digest: string;
      readonly reviewed: ReviewedPlan | undefined;
      readonly lacks?: undefined;
    }
  | { readonly lacks: string; readonly digest?: undefined; readonly reviewed?: undefined };

/** The pull request whose merging brought the commit to the branch; undefined for a commit that was pushed directly. */
export async function findMergedPull(job: Job, pushed: Pushed): Promise<MergedPull | undefined> {
  const { clock, stop, runner, inputs } = job;
  // Right after a merge GitHub may not know yet which commits it brought.
  for (const wait of inputs.requireApprovedPlan ? INDEX_WAITS : []) {
    const found = await lookForPull(job, pushed);
    if (found !== undefined) return found;
    runner.log(
      `GitHub knows no merged pull request of this commit yet; asking again in ${wait / 1000} s`,
    );
    await clock.sleep(wait, stop);
  }
  return lookForPull(job, pushed);
}

const INDEX_WAITS = [1000, 3000];

async function lookForPull(job: Job, pushed: Pushed): Promise<MergedPull | undefined> {
  const { github } = job;
  const pulls = await github.list(READ, (request, page) =>
    request("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", {
      ...github.repo,
      commit_sha: pushed.commit,
      per_page: 100,
      page,
    }),
  );
  const merged = pulls.find((pull) => isMerge(pull, pushed));
  if (merged !== undefined) return describe(merged);
  // The pull request itself knows what the list does not know yet.
  const named = findNumber(pushed.message);
  return named === undefined ? undefined : readPull(job, named, pushed);
}

async function readPull(job: Job, pull: number, pushed: Pushed): Promise<MergedPull | undefined> {
  const { github } = job;
  const asked = await attempt(job.stop, () =>
    github.ask(READ, (request) =>
      request("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
        ...github.repo,
        pull_number: pull,
      }),
    ),
  );
  if (asked.problems === undefined) {
    return isMerge(asked.value, pushed) ? describe(asked.value) : undefined;
  }
  if (asked.problems.some(({ code }) => code !== "github-not-found"))
    throw new ProblemError(asked.problems);
  return undefined;
}

/** The last commit of a merge, a squash and a rebase alike is the pull request's merge_commit_sha. */
function isMerge(
  pull: { merged_at?: string | null; merge_commit_sha: string | null; base: { ref: string } },
  { commit, branch }: Pushed,
): boolean {
  const { merged_at: mergedAt, merge_commit_sha: sha, base } = pull;
  return mergedAt !== null && mergedAt !== undefined && sha === commit && base.ref === branch;
}

function describe(pull: {
  number: number;
  head: { sha: string; repo: { full_name: string } | null };
  base: { repo: { full_name: string } };
}): MergedPull {
  const { number, head, base } = pull;
  return { number, head: head.sha, fork: head.repo?.full_name !== base.repo.full_name };
}

/** The number that GitHub writes into the message of a merge. */
function findNumber(message: string): number | undefined {
  const [first = ""] = message.split("\n", 1);
  const match = /^Merge pull request #(\d{1,9}) |\(#(\d{1,9})\)$/.exec(first.trimEnd());
  const digits = match?.[1] ?? match?.[2];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * The plans that a pull request was merged with: that of its newest check run for the target, made by the app whose token this run has;
 * and, where a merge queue put it together with others, that of the group, whose check run is on the merged commit itself.
 */
export async function findApprovals(
  job: Job,
  target: string,
  pull: MergedPull,
  commit: string,
  own: Check,
): Promise<readonly Approval[]> {
  const name = nameCheck(target);
  const where = `the commit ${pull.head.slice(0, 12)} of pull request #${pull.number}`;
  const reviewed = await readApproval(job, name, pull.head, own, where);
  const grouped = await readApproval(job, name, commit, own, `the commit ${commit.slice(0, 12)}`);
  return grouped.reviewed?.made?.event === GROUP_EVENT ? [reviewed, grouped] : [reviewed];
}

const GROUP_EVENT = "merge_group";

async function readApproval(
  job: Job,
  name: string,
  sha: string,
  own: Check,
  where: string,
): Promise<Approval> {
  const runs = await listChecks(job, name, sha);
  const run = runs.find(
    ({ id, app }) => app !== null && app.id === own.app?.id && Number(id) !== own.id,
  );
  if (run === undefined) return { lacks: `${where} has no check run "${name}"` };
  if (run.status !== "completed")
    return { lacks: `the check run "${name}" of ${where} is not finished` };
  if (run.conclusion !== "success")
    return { lacks: `the check run "${name}" of ${where} ended as ${run.conclusion ?? "nothing"}` };
  if (run.external_id === null || run.external_id === "")
    return { lacks: `the check run "${name}" of ${where} carries no digest` };
  return { digest: run.external_id, reviewed: unpackReviewed(run.output.text ?? "") };
}
