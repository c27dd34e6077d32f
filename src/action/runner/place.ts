import { failure } from "../../domain/problem.ts";
import type { Surroundings } from "../../app/settings/resolve.ts";

/** Where the run takes place, as GitHub's environment variables tell. */
export interface Place {
  readonly owner: string;
  readonly repo: string;
  /** The commit that is checked out. */
  readonly sha: string;
  /** The branch or tag that started the run, without `refs/…/`. */
  readonly refName: string;
  readonly apiUrl: string;
  /** The page of this run. */
  readonly runUrl: string;
  readonly actor: string;
}

/** Throws ProblemError where a variable that GitHub always sets is missing. */
export function readPlace(env: Surroundings["env"]): Place {
  const take = (name: string): string => {
    const value = env[name];
    if (value !== undefined && value !== "") return value;
    throw failure("not-in-actions", `${name} is not set: this is no run of GitHub Actions`, {
      hint: "elsewhere, use the command line: callform plan",
    });
  };
  const [owner = "", repo = ""] = take("GITHUB_REPOSITORY").split("/");
  const server = env["GITHUB_SERVER_URL"] || "https://github.com";
  return {
    owner,
    repo,
    sha: take("GITHUB_SHA"),
    refName: env["GITHUB_REF_NAME"] ?? "",
    apiUrl: env["GITHUB_API_URL"] || "https://api.github.com",
    runUrl: `${server}/${owner}/${repo}/actions/runs/${take("GITHUB_RUN_ID")}`,
    actor: env["GITHUB_ACTOR"] ?? "",
  };
}
