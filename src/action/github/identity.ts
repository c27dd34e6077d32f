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

/**
 * The token's own login. Only a person's token may ask; an installation's may not, and writes as `APP[bot]`. `slug` is the
 * app that a check run of this run was attributed to, where there is one. Undefined for an app whose name nobody has said: what
 * it wrote is known by its hidden header and by having been written by an app. Throws ProblemError when GitHub does not answer.
 */
export async function findLogin(job: Job, slug: string | undefined): Promise<Login | undefined> {
  if (slug !== undefined && slug !== "") return nameBot(slug);
  const asked = await attempt(job.stop, () =>
    job.github.ask({ doing: "ask whom the token belongs to", needs: "metadata: read" }, (request) =>
      request("GET /user"),
    ),
  );
  if (asked.problems === undefined) return asked.value.login;
  if (asked.problems.some(({ code }) => code !== PERMISSION_CODE))
    throw new ProblemError(asked.problems);
  return undefined;
}

/** Whether a text with our header is ours. People can write any header; apps are installed by those who own the repository. */
export function isOwn(
  user: { readonly login: string; readonly type: string } | null | undefined,
  login: Login | undefined,
): boolean {
  return login === undefined ? user?.type === "Bot" : user?.login === login;
}

/** The login of the job's own token. */
export const JOB_LOGIN = nameBot("github-actions");
