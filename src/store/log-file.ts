import { closeSync, constants, lstatSync, openSync, statSync, writeSync } from "node:fs";
import { failure, ProblemError } from "../domain/problem.ts";
import { redactTexts, type Redactor } from "../domain/redact.ts";
import type { Json } from "../domain/json.ts";
import { tellFailure } from "./read-file.ts";

export type LogEntry = Readonly<Record<string, Json | undefined>>;

export interface Log {
  write(event: string, entry?: LogEntry): void;
}

export const noLog: Log = { write: () => undefined };

/**
 * A log of NDJSON, one object a line, each with `time` (ISO 8601), `run` (the target, since several may share a file) and
 * `event`, secrets replaced. Lines are on disk when
 * `write` returns, so that a killed run leaves its trace. Throws ProblemError when the file cannot be written.
 */
export function openLogFile(path: string, redactor: Redactor, now: () => number, run: string): Log {
  const write = (event: string, entry: LogEntry = {}): void => {
    const time = new Date(now()).toISOString();
    // Before JSON escapes them, or a secret with a quote in it would not be found.
    const line = JSON.stringify({ time, run, event, ...redactTexts(redactor, entry) });
    try {
      append(path, Buffer.from(`${line}\n`));
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      throw refuse(path, tellFailure(error));
    }
  };
  return { write };
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

function refuse(path: string, reason: string): Error {
  return failure("log-file", `the log file ${path} cannot be written: ${reason}`);
}
