import type { Clock } from "../../domain/ports.ts";

const FIRST_WAIT = 250;
const LONGEST_WAIT = 10_000;
const RETRYABLE = new Set([408, 425, 429]);

export function isRetryableStatus(status: number): boolean {
  return RETRYABLE.has(status) || status >= 500;
}

/**
 * Milliseconds before try number `attempt` + 1 (from 1): the server's Retry-After where it gives one (seconds or a date),
 * else doubling from 250 ms to 10 s with half of it random, so that clients do not come back in step.
 */
export function waitBeforeRetry(
  attempt: number,
  retryAfter: string | undefined,
  clock: Clock,
  random: () => number,
): number {
  const asked = parseRetryAfter(retryAfter, clock.now());
  if (asked !== undefined) return asked;
  const full = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1));
  return Math.round(full / 2 + (full / 2) * random());
}

/** Milliseconds until the time that a Retry-After names; undefined where it names none. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  // Date.parse alone reads a date even into "-5".
  const date = /^\s*[A-Z][a-z]{2,8},? /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** `it asks to be left alone for 1 hour`: why nothing more was tried. */
export function writeRetryAfter(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const [count, unit] =
    seconds < 120
      ? [seconds, "second"]
      : seconds < 7200
        ? [Math.ceil(seconds / 60), "minute"]
        : [Math.ceil(seconds / 3600), "hour"];
  return `it asks to be left alone for ${count} ${unit}${count === 1 ? "" : "s"}`;
}
