import { failure, type ProblemError } from "../../domain/problem.ts";

/** What a request is for, in words and as a line of `permissions:`. */
export interface Purpose {
  /** As in "GitHub did not let the run …": `write the comment`. */
  readonly doing: string;
  /** Such as `pull-requests: write`. */
  readonly needs: string;
}

/** What is known of a request that failed. No status: no answer came. */
export interface Refusal {
  readonly status: number | undefined;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Reads the error that octokit throws; undefined for what is no failed request. */
export function readRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !("status" in error) || typeof error.status !== "number")
    return undefined;
  const headers = "response" in error ? readHeaders(error.response) : undefined;
  return {
    // Octokit calls it 500 when there is no answer.
    status: headers === undefined ? undefined : error.status,
    message: error.message,
    headers: headers ?? {},
  };
}

function readHeaders(response: unknown): Refusal["headers"] | undefined {
  if (typeof response !== "object" || response === null || !("headers" in response))
    return undefined;
  const entries = Object.entries(response.headers ?? {}).flatMap(
    ([name, value]: [string, unknown]) =>
      typeof value === "string" || typeof value === "number"
        ? [[name, String(value)] as const]
        : [],
  );
  return Object.fromEntries(entries);
}

/** The request was not carried out because there were too many: GitHub's primary and secondary limits, and its older wording of the second. */
export function isLimited({ status, message, headers }: Refusal): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return (
    headers["retry-after"] !== undefined ||
    headers["x-ratelimit-remaining"] === "0" ||
    /secondary rate limit|abuse detection/i.test(message)
  );
}

/** GitHub is out of order, or cannot be reached. Whether the request was carried out is not known. */
export function isOutage({ status }: Refusal): boolean {
  return status === undefined || status === 408 || status >= 500;
}

export const PERMISSION_CODE = "github-permission";
export const OUTAGE_CODE = "github-unavailable";

/** The failure of a request, for the person who must do something about it. */
export function explainRefusal(refusal: Refusal, { doing, needs }: Purpose): ProblemError {
  const { status, message } = refusal;
  if (isLimited(refusal))
    return failure(
      "github-rate-limit",
      `GitHub has had too many requests, and did not let the run ${doing}: ${message}`,
      {
        hint: "run the job again later",
      },
    );
  if (isOutage(refusal))
    return failure(
      OUTAGE_CODE,
      `GitHub is not available, and did not let the run ${doing}: ${status === undefined ? "" : `${status} `}${message}`,
      { hint: "run the job again when https://www.githubstatus.com is green" },
    );
  if (status === 401)
    return failure(
      "github-token",
      `GitHub does not accept the token, and did not let the run ${doing}: ${message}`,
      {
        hint: "leave the input github-token out, or give it a token that is valid",
      },
    );
  if (status === 403 && /\blocked\b/i.test(message))
    return failure("github-refused", `GitHub refused to ${doing}: ${message}`, {
      hint: "unlock the conversation, or set the input comment to never",
    });
  if (status === 403)
    return failure(PERMISSION_CODE, `the token may not ${doing}: ${message}`, {
      hint: `add the line \`${needs}\` below \`permissions:\` of the job`,
    });
  if (status === 404)
    return failure(
      "github-not-found",
      `GitHub found nothing when the run was to ${doing}: ${message}`,
      {
        hint: `a token without the permission gets the same answer: see that \`${needs}\` stands below \`permissions:\` of the job`,
      },
    );
  return failure("github-refused", `GitHub refused to ${doing}: ${status} ${message}`);
}
