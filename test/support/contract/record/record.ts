import { appendFileSync } from "node:fs";
import path from "node:path";

/** One exchange with a sandbox, as a test run leaves it for the contract. */
export interface Recorded {
  readonly method: string;
  /** Path and query as they stood on the request line. */
  readonly target: string;
  /** The user-agent header; absent when it is not known. */
  readonly agent?: string;
  /** The request's body, parsed and without credentials. */
  readonly request?: unknown;
  /** Absent when the connection ended without one. */
  readonly answer?: RecordedAnswer;
  /** Of the PBX that the sandbox plays, `20.0.10.1621`; absent when it is not known. */
  readonly version?: string;
  /** The faults that made the answer up: a test wanted it wrong. */
  readonly faults?: readonly string[];
  /** The first test that it was seen in. */
  readonly test?: string;
}

export interface RecordedAnswer {
  readonly status: number;
  /** Parsed; absent when there was none. */
  readonly body?: unknown;
}

/** The folder of a run's records, for its workers; absent while nobody collects. */
export const RECORDS_VARIABLE = "CALLFORM_CONTRACT_RECORDS";

/** Adds a line to a file of that name in the folder. Every writer needs a name of its own. */
export function writeRecord(folder: string, name: string, recorded: Recorded): void {
  appendFileSync(path.join(folder, `${name}.ndjson`), `${JSON.stringify(recorded)}\n`);
}
