import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { createProgramReader, type ProgramNote } from "./program-record.ts";
import type { Recorded } from "./record.ts";
import { isTree, type Tree } from "../spec/tree.ts";

/** An exchange and how often it happened. */
export interface Counted {
  readonly exchange: Recorded;
  readonly times: number;
}

/**
 * Everything that the `.ndjson` files of a folder hold, whether the observer or a sandbox process wrote
 * them; equal exchanges are counted instead of repeated. Throws an Error for a line that is no exchange.
 */
export function readRecords(folder: string): readonly Counted[] {
  const counts = new Map<string, { exchange: Recorded; times: number }>();
  const files = readdirSync(folder).filter((file) => file.endsWith(".ndjson"));
  for (const exchange of files.toSorted().flatMap((file) => readFile(path.join(folder, file)))) {
    const key = JSON.stringify({ ...exchange, test: undefined });
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { exchange, times: 1 });
    else known.times += 1;
  }
  return [...counts.values()];
}

function readFile(file: string): readonly Recorded[] {
  const readProgramLine = createProgramReader(readNote(file.replace(/ndjson$/u, "json")));
  const lines = readFileSync(file, "utf8").split("\n");
  // A process that was killed leaves a last line without its end.
  return lines.slice(0, -1).map((text) => {
    const line: unknown = JSON.parse(text);
    if (isRecorded(line)) return line;
    if (isTree(line) && "path" in line) return readProgramLine(line);
    throw new Error(`${file} has a line that is no exchange: ${text.slice(0, 80)}`);
  });
}

function isRecorded(line: unknown): line is Recorded & Tree {
  return isTree(line) && typeof line["method"] === "string" && typeof line["target"] === "string";
}

function readNote(file: string): ProgramNote | undefined {
  if (!existsSync(file)) return undefined;
  const note: ProgramNote = JSON.parse(readFileSync(file, "utf8"));
  return note;
}
