import type { Answer } from "./answer.ts";

/** What to do to a request instead of answering it, or after it took effect. */
export type GithubFaultAction =
  | { readonly type: "answer"; readonly answer: Answer; readonly when?: "before" | "after" }
  | { readonly type: "reset"; readonly when: "before" | "after" }
  /** A body that ends too early. */
  | { readonly type: "truncate" }
  /** No answer until the stand-in closes. */
  | { readonly type: "hang" };

export interface GithubFault {
  readonly method?: string;
  /** Must occur in the path. */
  readonly path?: string | RegExp;
  /** Strikes from this match on, counting from 1. 1 when absent. */
  readonly nth?: number;
  /** How often it strikes. 1 when absent. */
  readonly times?: number | "always";
  readonly action: GithubFaultAction;
}

export interface GithubFaults {
  add(fault: GithubFault): void;
  clear(): void;
  /** The action for a request, which counts as a match of every fault it fits. */
  strike(method: string, path: string): GithubFaultAction | undefined;
}

export function createGithubFaults(): GithubFaults {
  let armed: { readonly fault: GithubFault; matches: number }[] = [];
  return {
    add: (fault) => void armed.push({ fault, matches: 0 }),
    clear: () => {
      armed = [];
    },
    strike(method, path) {
      let action: GithubFaultAction | undefined;
      for (const one of armed) {
        if (!fits(one.fault, method, path)) continue;
        one.matches += 1;
        const { nth = 1, times = 1 } = one.fault;
        const last = times === "always" ? Number.POSITIVE_INFINITY : nth + times - 1;
        if (one.matches >= nth && one.matches <= last) action ??= one.fault.action;
      }
      return action;
    },
  };
}

function fits({ method, path }: GithubFault, asked: string, at: string): boolean {
  if (method !== undefined && method !== asked) return false;
  if (path === undefined) return true;
  return typeof path === "string" ? at.includes(path) : path.test(at);
}

/** The hour's requests are used up; they come back in so many seconds. */
export function primaryLimit(seconds: number, status: 403 | 429 = 403): GithubFaultAction {
  const reset = Math.ceil(Date.now() / 1000) + seconds;
  return answerWith(
    status,
    {
      message:
        "API rate limit exceeded for installation ID 4711. If you reach out to GitHub Support for help, please include the request ID CAFE:1.",
      documentation_url:
        "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#primary-rate-limit-for-github-app-installations",
    },
    {
      "x-ratelimit-limit": "1000",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-used": "1000",
      "x-ratelimit-reset": String(reset),
    },
  );
}

/** Too much at a time; `retry-after` is left out where GitHub leaves it out. */
export function secondaryLimit(
  retryAfter: number | undefined,
  status: 403 | 429 = 403,
): GithubFaultAction {
  return answerWith(
    status,
    {
      message:
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID CAFE:2.",
      documentation_url:
        "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits",
    },
    retryAfter === undefined ? {} : { "retry-after": String(retryAfter) },
  );
}

/** How GitHub worded a secondary limit in former years, and some servers still do. */
export function abuse(retryAfter: number): GithubFaultAction {
  return answerWith(
    403,
    {
      message:
        "You have triggered an abuse detection mechanism. Please wait a few minutes before you try again.",
      documentation_url: "https://docs.github.com/rest#abuse-rate-limits",
    },
    { "retry-after": String(retryAfter) },
  );
}

/** A 5xx as GitHub's edge gives it, with no JSON in it. */
export function outage(status = 503, when: "before" | "after" = "before"): GithubFaultAction {
  const html = "<html><body><h1>No server is currently available</h1></body></html>";
  return {
    type: "answer",
    when,
    answer: { status, body: html, headers: { "content-type": "text/html" } },
  };
}

function answerWith(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): GithubFaultAction {
  return { type: "answer", answer: { status, body, headers } };
}
