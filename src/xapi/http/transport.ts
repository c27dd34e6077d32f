import { Pool } from "undici";
import type { Clock } from "../../domain/ports.ts";
import { failure, ProblemError } from "../../domain/problem.ts";
import { decodeBody, isPlain, readBody } from "./answer-body.ts";
import { explainLateness, explainNetworkError, toProblem, type NetworkFault } from "./network.ts";
import { isRetryableStatus, parseRetryAfter, waitBeforeRetry } from "./retry.ts";
import { trustAlso } from "./trust.ts";
import { deriveSignal, waitUnder } from "./wait-under.ts";

/** By this an administrator finds our requests in the log of a PBX or of the proxy before it. */
const USER_AGENT = "callform";
const CONNECT_TIMEOUT = 10_000;
/** Without a sign of life. */
const ANSWER_TIMEOUT = 30_000;
/** From the first byte sent to the last one read: who answers a byte at a time gives a sign of life for ever. */
const ANSWER_DEADLINE = 120_000;
/** Compressing takes a PBX longer than it takes a network to carry the answer as it is. */
const ACCEPT = { accept: "application/json", "accept-encoding": "identity" };
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
  | {
      readonly state: "answered";
      readonly status: number;
      readonly body: unknown;
      /** For so many milliseconds the server asks to be left alone, which is longer than could be waited. */
      readonly retryAfter?: number;
    }
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
  /** Milliseconds that one whole answer may take; two minutes unless it is said. */
  readonly answerDeadline?: number | undefined;
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
      if (late || attempt >= MAX_ATTEMPTS)
        return settle(result, wanted, parseRetryAfter(result.retryAfter, clock.now()));
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
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), options.answerDeadline ?? ANSWER_DEADLINE);
    const { signal = late.signal } = wanted;
    try {
      return await sendUnder(wanted, AbortSignal.any([signal, late.signal]));
    } catch (error) {
      wanted.signal?.throwIfAborted();
      if (late.signal.aborted) return { fault: explainLateness(host) };
      return { fault: explainNetworkError(error, host) };
    } finally {
      clearTimeout(timer);
    }
  }

  async function sendUnder(wanted: Request, signal: AbortSignal): Promise<Try> {
    const { method, path, body = null } = wanted;
    const headers = { ...ACCEPT, "user-agent": USER_AGENT, ...wanted.headers };
    const answering = pool.request({ method, path, headers, body, signal });
    // By itself the pool tells of an abort only once it has a connection, or none in time.
    const answer = await waitUnder(answering, signal);
    const retryAfter = takeFirst(answer.headers["retry-after"]);
    const encoding = takeFirst(answer.headers["content-encoding"]);
    const head = { status: answer.statusCode, retryAfter };
    const text = isPlain(encoding)
      ? await answer.body.text()
      : await decodeBody(
          await answer.body.bytes(),
          encoding.trim().toLowerCase(),
          MAX_ANSWER_BYTES,
        );
    if (typeof text !== "string") return { ...head, fault: text };
    const mayBeEmpty = method === "PATCH" || method === "DELETE";
    return { ...head, ...readBody(text, { status: answer.statusCode, mayBeEmpty }) };
  }

  return { request, close: () => pool.destroy() };
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

function takeFirst(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" ? value : value?.[0];
}

function settle(result: Try, wanted: Request, retryAfter?: number): Outcome {
  const name = `${wanted.method} ${wanted.path.split("?")[0]}`;
  if (result.fault !== undefined) throw new ProblemError([toProblem(result.fault, name)]);
  const status = result.status ?? 0;
  if (status >= 300 && status < 400)
    throw failure("pbx-redirect", `${name}: the PBX answered with a redirect (${status})`, {
      hint: "the token is never sent elsewhere; put the address the PBX redirects to into url",
    });
  const asked = retryAfter === undefined ? {} : { retryAfter };
  return { state: "answered", status, body: result.body, ...asked };
}
