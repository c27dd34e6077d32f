import type { Job } from "../job/job.ts";

const WRITE = { doing: "set the commit's status", needs: "statuses: write" };
/** What GitHub takes of a description. */
const MAX_DESCRIPTION = 140;

/** Says on the commit itself how its apply ended, for the lists of commits and for whoever waits for it. The last one said counts. */
export async function setCommitStatus(
  job: Job,
  sha: string,
  { target, state, summary }: { target: string; state: "success" | "failure"; summary: string },
): Promise<void> {
  const { github, place } = job;
  await github.ask(WRITE, (request) =>
    request("POST /repos/{owner}/{repo}/statuses/{sha}", {
      ...github.repo,
      sha,
      state,
      context: `callform apply / ${target}`,
      description: summary.slice(0, MAX_DESCRIPTION),
      target_url: place.runUrl,
    }),
  );
}
