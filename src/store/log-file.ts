import { appendFileSync } from "node:fs";
import { failure } from "../domain/problem.ts";
import type { Redactor } from "../domain/redact.ts";
import type { Json } from "../domain/json.ts";

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
    const line = JSON.stringify({ time: new Date(now()).toISOString(), run, event, ...entry });
    try {
      appendFileSync(path, `${redactor.redact(line)}\n`, { mode: 0o600 });
    } catch (error) {
      throw failure("log-file", `cannot write the log file ${path}: ${String(error)}`);
    }
  };
  return { write };
}
