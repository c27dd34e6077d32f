import type { Job } from "../job/job.ts";

const READ = { doing: "read the pull request", needs: "pull-requests: write" };

/** The last commit of a pull request as it is now: that of the event may have been overtaken. Throws ProblemError. */
export async function findHead({ github }: Job, pull: number): Promise<string> {
  const { head } = await github.ask(READ, (request) =>
    request("GET /repos/{owner}/{repo}/pulls/{pull_number}", { ...github.repo, pull_number: pull }),
  );
  return head.sha;
}

/** Who may approve: members of the organization or the repository, and none of those who merely may comment. */
const TRUSTED = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);

/** When the last of those reviews approved the pull request that still stand; undefined where none does. Throws ProblemError. */
export async function findApprovedAt({ github }: Job, pull: number): Promise<number | undefined> {
  const reviews = await github.list(READ, (request, page) =>
    request("GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews", {
      ...github.repo,
      pull_number: pull,
      per_page: 100,
      page,
    }),
  );
  const standing = new Map<string, { readonly state: string; readonly at: number }>();
  // Oldest first; a comment takes back nothing.
  for (const { user, state, submitted_at: at, author_association: role } of reviews)
    if (user !== null && at !== undefined && state !== "COMMENTED" && TRUSTED.has(role))
      standing.set(user.login, { state, at: Date.parse(at) });
  const all = [...standing.values()];
  if (all.some(({ state }) => state === "CHANGES_REQUESTED")) return undefined;
  const approved = all.filter(({ state }) => state === "APPROVED").map(({ at }) => at);
  return approved.length === 0 ? undefined : Math.max(...approved);
}
