import { ProblemError } from "../../domain/problem.ts";
import { attempt } from "../job/attempt.ts";
import { PERMISSION_CODE } from "../github-api/failure.ts";
import type { Job } from "../job/job.ts";

/** Whom the token belongs to, as the author of comments and issues. */
export type Login = string;

/** The login of an app's comments, from the app that its check runs name. */
function nameBot(slug: string): Login {
  return `${slug}[bot]`;
}

const JOB_TOKEN_APP = "github-actions";

/**
 * The token's own login. Only a person's token may ask; an installation's may not, and writes as `APP[bot]`. `slug` is the
 * app that a check run of this run was attributed to, where there is one. Throws ProblemError when GitHub does not answer.
 */
export async function findLogin(job: Job, slug: string | undefined): Promise<Login> {
  if (slug !== undefined && slug !== "") return nameBot(slug);
  const asked = await attempt(job.stop, () =>
    job.github.ask({ doing: "ask whom the token belongs to", needs: "metadata: read" }, (request) =>
      request("GET /user"),
    ),
  );
  if (asked.problems === undefined) return asked.value.login;
  if (asked.problems.some(({ code }) => code !== PERMISSION_CODE))
    throw new ProblemError(asked.problems);
  return nameBot(JOB_TOKEN_APP);
}
