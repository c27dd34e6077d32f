import { attempt } from "../job/attempt.ts";
import type { Job } from "../job/job.ts";
import { ProblemError } from "../../domain/problem.ts";

const READ = { doing: "compare two commits", needs: "contents: read" };

/**
 * Whether a commit is another one or in its history: asked of the clone, and of GitHub where history ends early. `newer` may
 * be a branch. Undefined where neither knows both. Throws ProblemError when GitHub does not answer.
 */
export async function isContained(
  job: Job,
  older: string,
  newer: string,
): Promise<boolean | undefined> {
  const known = await job.history.contains(newer, older);
  return known ?? askGithub(job, older, newer);
}

/** What GitHub itself says now, of branches that may have moved since they were fetched. */
export async function askGithub(
  job: Job,
  older: string,
  newer: string,
): Promise<boolean | undefined> {
  const { github, stop } = job;
  const asked = await attempt(stop, () =>
    github.ask(READ, (request) =>
      request("GET /repos/{owner}/{repo}/compare/{basehead}", {
        ...github.repo,
        basehead: `${older}...${newer}`,
        // The commits between them are not looked at.
        per_page: 1,
      }),
    ),
  );
  if (asked.problems === undefined)
    return asked.value.status === "ahead" || asked.value.status === "identical";
  if (asked.problems.every(({ code }) => code === "github-not-found")) return undefined;
  throw new ProblemError(asked.problems);
}
