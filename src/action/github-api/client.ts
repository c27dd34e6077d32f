import type { Octokit } from "octokit";
import type { Clock } from "../../domain/ports.ts";
import { failure } from "../../domain/problem.ts";
import type { Secret } from "../../domain/secret.ts";
import {
  explainRefusal,
  isLimited,
  isOutage,
  readRefusal,
  type Purpose,
  type Refusal,
} from "./failure.ts";

type Request = Octokit["request"];

/** The parts of an answer that are looked at. */
interface Answer<T> {
  readonly data: T;
  readonly headers: { readonly link?: string | undefined };
}

type Send<T> = (request: Request) => Promise<Answer<T>>;

/** GitHub's REST interface for one repository and one run. Every method throws ProblemError. */
export interface Github {
  readonly repo: { readonly owner: string; readonly repo: string };
  /** A request that may be sent again without harm: a reading, or a writing that replaces. */
  ask<T>(purpose: Purpose, send: Send<T>): Promise<T>;
  /** A request that makes something new. When its answer is lost, `find` looks whether it was made before it is sent again. */
  create<T>(purpose: Purpose, find: () => Promise<T | undefined>, send: Send<T>): Promise<T>;
  /** Every item of a list, page by page; `send` is given the number of the page. */
  list<T>(
    purpose: Purpose,
    send: (request: Request, page: number) => Promise<Answer<readonly T[]>>,
  ): Promise<T[]>;
}

export interface GithubOptions {
  readonly token: Secret<string> | undefined;
  readonly apiUrl: string;
  readonly owner: string;
  readonly repo: string;
  readonly version: string;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  readonly onNote: (text: string) => void;
}

const MAX_PAGES = 100;
const REQUEST_TIMEOUT = 20_000;
/** After the run was told to stop, the runner leaves it a few seconds to say so. */
const LAST_TIMEOUT = 3000;
const MAX_ATTEMPTS = 4;
const FIRST_WAIT = 500;
/** What GitHub asks to wait for where it does not say how long. */
const LIMIT_WAIT = 60_000;
/** Waiting of a whole run for GitHub. Beyond it a failed job that is run again is better than one that sits there. */
const MAX_WAITING = 120_000;

/**
 * Requests are sent again on outages and rate limits, at most four times in all, and never once the whole run has waited two
 * minutes. While GitHub is down, the first request that has tried in vain spares the others the trying.
 */
export function openGithub(options: GithubOptions): Github {
  const { owner, repo, clock, stop, onNote } = options;
  const client = connect(options);
  let waited = 0;
  let down = false;

  async function send<T>(
    purpose: Purpose,
    once: Send<T>,
    lost: () => Promise<T | undefined>,
  ): Promise<Answer<T>> {
    for (let tried = 1; ; tried += 1) {
      try {
        const octokit = await client();
        const answer = await once(octokit.request);
        down = false;
        return answer;
      } catch (error) {
        const refusal = readRefusal(error);
        if (refusal === undefined) throw error;
        const wait = judgeWait(refusal, tried, clock.now());
        const hopeless = down || stop.aborted || tried >= MAX_ATTEMPTS;
        if (wait === undefined || hopeless || waited + wait > MAX_WAITING) {
          down ||= isOutage(refusal);
          throw explainRefusal(refusal, purpose);
        }
        waited += wait;
        onNote(`GitHub: ${refusal.message}; trying again in ${(wait / 1000).toFixed(1)} s`);
        await clock.sleep(wait, stop);
        const found = isOutage(refusal) ? await lost() : undefined;
        if (found !== undefined) return { data: found, headers: {} };
      }
    }
  }

  return {
    repo: { owner, repo },
    ask: async (purpose, once) => (await send(purpose, once, nothing)).data,
    create: async (purpose, find, once) => (await send(purpose, once, find)).data,
    async list(purpose, once) {
      const items = [];
      for (let page = 1; page <= MAX_PAGES; page += 1) {
        const { data, headers } = await send(purpose, (request) => once(request, page), nothing);
        items.push(...data);
        if (headers.link?.includes('rel="next"') !== true) return items;
      }
      throw failure(
        "github-too-many",
        `there are more than ${MAX_PAGES} pages to read to ${purpose.doing}`,
      );
    },
  };
}

async function nothing(): Promise<undefined> {
  return undefined;
}

/** Milliseconds to wait before the request is sent again; undefined where that would be of no use. */
function judgeWait(refusal: Refusal, tried: number, now: number): number | undefined {
  if (isLimited(refusal)) {
    const {
      "retry-after": after,
      "x-ratelimit-reset": reset,
      "x-ratelimit-remaining": left,
    } = refusal.headers;
    if (after !== undefined) return readRetryAfter(after, now);
    // A second more, as the clocks may differ.
    if (left === "0" && reset !== undefined) return Math.max(0, Number(reset) * 1000 - now) + 1000;
    return LIMIT_WAIT;
  }
  return isOutage(refusal) ? FIRST_WAIT * 2 ** (tried - 1) : undefined;
}

/** Milliseconds, from seconds or a date, as HTTP allows both. */
function readRetryAfter(text: string, now: number): number {
  const seconds = Number(text);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - now;
  return Number.isNaN(wait) ? LIMIT_WAIT : Math.max(0, wait);
}

/** Loads octokit at the first request. Its plugins are off: their waits cannot be cancelled, and they repeat a lost create blindly. */
function connect(options: GithubOptions): () => Promise<Octokit> {
  const { token, apiUrl, version, stop, onNote } = options;
  let made: Promise<Octokit> | undefined;
  const make = async (): Promise<Octokit> => {
    if (token === undefined)
      throw failure("github-token", "the input github-token is empty", {
        hint: "leave it out: it is the job's own token then",
      });
    const { Octokit } = await import("octokit");
    const limit = limitTime(stop);
    const timed: typeof fetch = (url, init) => fetch(url, { ...init, signal: limit() });
    const octokit = new Octokit({
      auth: token.reveal(),
      baseUrl: apiUrl,
      userAgent: `callform/${version}`,
      request: { fetch: timed },
      log: { debug: ignore, info: ignore, warn: onNote, error: onNote },
      retry: { enabled: false },
      throttle: { enabled: false },
    });
    octokit.hook.after("request", expectWhole);
    return octokit;
  };
  return () => (made ??= make());
}

function ignore(): void {}

/** Octokit takes an answer that ends too early for a text. It is as good as none: nobody knows what it said. */
function expectWhole({ data }: { readonly data: unknown }): void {
  if (typeof data === "object" && data !== null) return;
  throw Object.assign(new Error("the answer was not whole"), { status: 500 });
}

/** A limit for each request. One that is under way when the run is told to stop may have made something, so it is left a little time to answer. */
function limitTime(stop: AbortSignal): () => AbortSignal {
  const late = new AbortController();
  const give = (): void => void setTimeout(() => late.abort(), LAST_TIMEOUT).unref();
  stop.addEventListener("abort", give, { once: true });
  return () =>
    stop.aborted
      ? AbortSignal.timeout(LAST_TIMEOUT)
      : AbortSignal.any([AbortSignal.timeout(REQUEST_TIMEOUT), late.signal]);
}
