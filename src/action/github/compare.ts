import { attempt } from "../job/attempt.ts";
import type { Job } from "../job/job.ts";
import { ProblemError } from "../../domain/problem.ts";

const READ = { doing: "compare two commits", needs: "contents: read" };

/**
 * Whether a commit is another one or in its history: asked of the clone, and of GitHub where history ends early. Undefined where neither knows both. Throws ProblemError when GitHub does not answer.
 */
export async function isContained(
  job: Job,
  older: string,
  newer: string,
): Promise<boolean | undefined> {
  const known = await job.history.contains(newer, older);
  return known ?? askGithub(job, older, newer);
}

/** The commits that one has more than another, oldest first, at most a hundred; none where GitHub does not know both. Throws ProblemError. */
export async function listBetween(
  job: Job,
  older: string,
  newer: string,
): Promise<readonly { readonly sha: string; readonly message: string }[]> {
  const compared = await compare(job, older, newer, 100);
  return compared?.commits.map(({ sha, commit }) => ({ sha, message: commit.message })) ?? [];
}

/**
 * Whether a commit is still on a branch, which may have been pushed anew without it. The clone is asked first: what it has fetched
 * with the commit is as new as the run. Undefined where nobody knows. Throws ProblemError when GitHub does not answer.
 */
export async function isOnBranch(
  job: Job,
  commit: string,
  branch: string,
): Promise<boolean | undefined> {
  const fetched = await job.history.contains(`refs/remotes/origin/${branch}`, commit);
  return fetched === true ? true : askGithub(job, commit, branch);
}

async function askGithub(job: Job, older: string, newer: string): Promise<boolean | undefined> {
  // The commits between them are not looked at.
  const compared = await compare(job, older, newer, 1);
  return compared === undefined
    ? undefined
    : compared.status === "ahead" || compared.status === "identical";
}

async function compare({ github, stop }: Job, older: string, newer: string, most: number) {
  const asked = await attempt(stop, () =>
    github.ask(READ, (request) =>
      request("GET /repos/{owner}/{repo}/compare/{basehead}", {
        ...github.repo,
        basehead: `${older}...${newer}`,
        per_page: most,
      }),
    ),
  );
  if (asked.problems === undefined) return asked.value;
  if (asked.problems.every(({ code }) => code === "github-not-found")) return undefined;
  throw new ProblemError(asked.problems);
}
