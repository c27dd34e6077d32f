import { closeSync, constants, lstatSync, openSync, statSync, writeSync } from "node:fs";
import { failure, ProblemError } from "../domain/problem.ts";
import { redactTexts, type Redactor } from "../domain/redact.ts";
import type { Json } from "../domain/json.ts";
import { tellFailure } from "./read-file.ts";

export type LogEntry = Readonly<Record<string, Json | undefined>>;

export interface Log {
  write(event: string, entry?: LogEntry): void;
  /** Throws ProblemError when a line was lost. */
  expectWhole(): void;
}

export const noLog: Log = { write: () => undefined, expectWhole: () => undefined };

/**
 * A log of NDJSON, one object a line, each with `time` (ISO 8601), `run` (the target, since several may share a file) and
 * `event`, secrets replaced. Lines are on disk when
 * `write` returns, so that a killed run leaves its trace. The first line that cannot be written throws ProblemError; a later one is
 * only remembered, because a full disk must not stop an apply in the middle.
 */
export function openLogFile(path: string, redactor: Redactor, now: () => number, run: string): Log {
  let begun = false;
  let reason: ProblemError | undefined;
  const write = (event: string, entry: LogEntry = {}): void => {
    const time = new Date(now()).toISOString();
    // Before JSON escapes them, or a secret with a quote in it would not be found.
    const line = JSON.stringify({ time, run, event, ...redactTexts(redactor, entry) });
    try {
      append(path, Buffer.from(`${line}\n`));
      begun = true;
    } catch (error) {
      reason ??= error instanceof ProblemError ? error : refuse(path, tellFailure(error));
      if (!begun) throw reason;
    }
  };
  const expectWhole = (): void => {
    if (reason !== undefined) throw reason;
  };
  return { write, expectWhole };
}

const FLAGS =
  // A pipe that nobody reads would wait for ever. Windows has no such flag.
  constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0);

/** A pipe or a terminal is written to; a link only where it leads to one. */
function append(path: string, bytes: Buffer): void {
  const own = lstatSync(path, { throwIfNoEntry: false });
  if (own?.isSymbolicLink() === true && !/^\/(?:dev|proc)\//.test(path)) {
    const target = statSync(path, { throwIfNoEntry: false });
    if (target === undefined || target.isFile())
      throw refuse(path, "it is a link; name what it leads to");
  }
  const descriptor = openSync(path, FLAGS, 0o600);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
  } finally {
    closeSync(descriptor);
  }
}

function refuse(path: string, reason: string): ProblemError {
  return failure("log-file", `the log file ${path} cannot be written: ${reason}`);
}
