import { Pool } from "undici";
import type { Clock } from "../../domain/ports.ts";
import { failure, ProblemError } from "../../domain/problem.ts";
import { explainNetworkError, toProblem, type NetworkFault } from "./network.ts";
import { isRetryableStatus, waitBeforeRetry } from "./retry.ts";
import { trustAlso } from "./trust.ts";
import { deriveSignal, waitUnder } from "./wait-under.ts";

/** By this an administrator finds our requests in the log of a PBX or of the proxy before it. */
const USER_AGENT = "callform";
const CONNECT_TIMEOUT = 10_000;
const ANSWER_TIMEOUT = 30_000;
const MAX_CONNECTIONS = 16;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const MAX_ATTEMPTS = 12;
/** A PBX that never answered is more likely misspelled than restarting. */
const DEADLINE_BEFORE_CONTACT = 15_000;
const DEADLINE = 120_000;

/** One request and what came of it, for logs. Never carries a header or a body. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  /** Absent when no answer came. */
  readonly status?: number;
  readonly fault?: string;
  readonly attempt: number;
  readonly milliseconds: number;
}

export interface Request {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** From the root of the server, with query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /**
   * `always`: repeating it does no harm · `unprocessed`: repeat only what the PBX has certainly not
   * acted on; otherwise the outcome is `lost` and the caller finds out what happened.
   */
  readonly retry: "always" | "unprocessed";
  /**
   * For a write under `always`, whenever it is about to be sent again: `done` where it has taken effect after all, else what to
   * send this time. What it throws ends the request.
   */
  readonly again?: (() => Promise<Resent | "done">) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is different in a request that is sent again. */
export type Resent = Pick<Request, "headers" | "body">;

/** `done`: its answer was lost, and it was seen to have taken effect. */
export type Outcome =
  | { readonly state: "answered"; readonly status: number; readonly body: unknown }
  | { readonly state: "done" }
  | { readonly state: "lost"; readonly reason: string };

export interface TransportOptions {
  /** Scheme, host and port. */
  readonly origin: string;
  /** PEM of a further authority. */
  readonly ca?: string | undefined;
  readonly clock: Clock;
  /** A number from 0 to below 1. */
  readonly random?: (() => number) | undefined;
  readonly onExchange?: ((exchange: Exchange) => void) | undefined;
  /** Called before each wait for another try: why, and for how many milliseconds. */
  readonly onRetry?: ((reason: string, milliseconds: number) => void) | undefined;
}

export interface Transport {
  /** Sends, and sends again within bounds. Throws ProblemError when that came to nothing, and the signal's reason on abort. */
  request(request: Request): Promise<Outcome>;
  close(): Promise<void>;
}

interface Try {
  readonly status?: number;
  readonly body?: unknown;
  readonly retryAfter?: string | undefined;
  readonly fault?: NetworkFault;
}

/** HTTP to one PBX: verified TLS, no redirects, timeouts, bounded retries. */
export function createTransport(options: TransportOptions): Transport {
  const { clock, random = Math.random } = options;
  const host = new URL(options.origin).host;
  const pool = new Pool(options.origin, {
    connections: MAX_CONNECTIONS,
    headersTimeout: ANSWER_TIMEOUT,
    bodyTimeout: ANSWER_TIMEOUT,
    maxResponseSize: MAX_ANSWER_BYTES,
    connect: {
      timeout: CONNECT_TIMEOUT,
      // Said, because NODE_TLS_REJECT_UNAUTHORIZED=0 turns it off for whoever says nothing.
      rejectUnauthorized: true,
      ...trustAlso(options.ca),
    },
  });
  let contacted = false;

  async function request(given: Request): Promise<Outcome> {
    const signal = given.signal === undefined ? undefined : deriveSignal(given.signal);
    const first: Request = { ...given, signal };
    let wanted = first;
    const started = clock.now();
    for (let attempt = 1; ; attempt += 1) {
      const result = await tryOnce(wanted, attempt);
      contacted ||= result.status !== undefined;
      if (!isWorthRepeating(result)) return settle(result, wanted);
      if (wanted.retry === "unprocessed" && mayHaveActed(result))
        return { state: "lost", reason: describe(result) };
      const wait = waitBeforeRetry(attempt, result.retryAfter, clock, random);
      const deadline = contacted ? DEADLINE : DEADLINE_BEFORE_CONTACT;
      const late = clock.now() - started + wait > deadline;
      if (late || attempt >= MAX_ATTEMPTS) return settle(result, wanted);
      options.onRetry?.(describe(result), wait);
      await pause(wait, signal);
      const resent = await given.again?.();
      if (resent === "done") return { state: "done" };
      if (resent !== undefined)
        wanted = { ...first, ...resent, headers: { ...first.headers, ...resent.headers } };
    }
  }

  async function pause(wait: number, signal: AbortSignal | undefined): Promise<void> {
    try {
      await clock.sleep(wait, signal);
    } catch (error) {
      // A timer that is cut short throws an error of its own; the caller is promised the signal's reason.
      signal?.throwIfAborted();
      throw error;
    }
  }

  async function tryOnce(wanted: Request, attempt: number): Promise<Try> {
    wanted.signal?.throwIfAborted();
    const started = clock.now();
    const result = await send(wanted);
    options.onExchange?.({
      method: wanted.method,
      path: wanted.path,
      ...(result.status === undefined ? {} : { status: result.status }),
      ...(result.fault === undefined ? {} : { fault: result.fault.text }),
      attempt,
      milliseconds: clock.now() - started,
    });
    return result;
  }

  async function send(wanted: Request): Promise<Try> {
    try {
      const answering = pool.request({
        method: wanted.method,
        path: wanted.path,
        headers: { accept: "application/json", "user-agent": USER_AGENT, ...wanted.headers },
        body: wanted.body ?? null,
        signal: wanted.signal ?? null,
      });
      // By itself the pool tells of an abort only once it has a connection, or none in time.
      const answer = await waitUnder(answering, wanted.signal);
      const text = await answer.body.text();
      const body = parseBody(text);
      const retryAfter = answer.headers["retry-after"];
      const cutShort = body === undefined && needsBody(wanted.method, answer.statusCode, text);
      return {
        status: answer.statusCode,
        body,
        retryAfter: typeof retryAfter === "string" ? retryAfter : undefined,
        ...(cutShort ? { fault: explainBody(text) } : {}),
      };
    } catch (error) {
      wanted.signal?.throwIfAborted();
      return { fault: explainNetworkError(error, host) };
    }
  }

  return { request, close: () => pool.destroy() };
}

const CUT_SHORT: NetworkFault = {
  text: "the answer is not complete JSON",
  hint: "a proxy in front of the PBX may have answered instead; check the URL",
  permanent: false,
  sent: true,
};

const WEB_PAGE: NetworkFault = {
  text: "a web page answered, not the API of a PBX",
  hint: "check the URL: it must be the address of the PBX itself, e.g. https://pbx.example.com:5001",
  permanent: true,
  sent: true,
};

function explainBody(text: string): NetworkFault {
  return /^\s*<(!doctype|html)/i.test(text) ? WEB_PAGE : CUT_SHORT;
}

function parseBody(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An answer with nothing in it is complete where nothing is to be read from it. */
function needsBody(method: Request["method"], status: number, text: string): boolean {
  if (status < 200 || status >= 300 || status === 204) return false;
  return text !== "" || (method !== "PATCH" && method !== "DELETE");
}

function isWorthRepeating({ fault, status }: Try): boolean {
  if (fault !== undefined) return !fault.permanent;
  return status !== undefined && isRetryableStatus(status);
}

/** After a refused connection, 425 or 429 nothing has happened; after any other failure nobody knows. */
function mayHaveActed({ fault, status }: Try): boolean {
  if (status === 425 || status === 429) return false;
  return fault?.sent ?? true;
}

function describe({ fault, status }: Try): string {
  return fault?.text ?? `the PBX answered ${status}`;
}

function settle(result: Try, wanted: Request): Outcome {
  const name = `${wanted.method} ${wanted.path.split("?")[0]}`;
  if (result.fault !== undefined) throw new ProblemError([toProblem(result.fault, name)]);
  const status = result.status ?? 0;
  if (status >= 300 && status < 400)
    throw failure("pbx-redirect", `${name}: the PBX answered with a redirect (${status})`, {
      hint: "the token is never sent elsewhere; put the address the PBX redirects to into url",
    });
  return { state: "answered", status, body: result.body };
}
