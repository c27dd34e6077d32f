import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join, relative, resolve } from "node:path";

import { failure, type ProblemError } from "../../domain/problem.ts";
import type { Disk } from "./disk.ts";
import { isList, isObject, readText } from "../json.ts";
import type { Json } from "../../domain/json.ts";

/** Where a project says that its files are being changed, relative to its folder. */
export const JOURNAL = ".callform/pull.json";

export interface JournalEntry {
  /** Absolute. */
  readonly path: string;
  /** There was no such file before. */
  readonly isNew: boolean;
}

export interface Journal {
  /** `staging`: no file has been touched yet · `replacing`: some of them may have been. */
  readonly phase: "staging" | "replacing";
  readonly host: string;
  readonly pid: number;
  readonly entries: readonly JournalEntry[];
}

/** True when the files of a project are being changed, or somebody was stopped in the middle of it. */
export function isInterrupted(root: string): boolean {
  return existsSync(join(root, JOURNAL));
}

export function locateJournal(root: string): string {
  return join(root, JOURNAL);
}

/** The new text of a file, and the old one, until all are in place. Hidden, so that no pattern finds them. */
export function nameStaged(path: string): { readonly next: string; readonly last: string } {
  const base = join(dirname(path), `.${path.slice(dirname(path).length + 1)}`);
  return { next: `${base}.callform-new`, last: `${base}.callform-old` };
}

export function writeJournal(
  root: string,
  phase: Journal["phase"],
  entries: readonly JournalEntry[],
): Uint8Array {
  const files = entries.map(({ path, isNew }) => ({ path: relative(root, path), isNew }));
  const journal = { version: 1, phase, host: hostname(), pid: process.pid, files };
  return Buffer.from(`${JSON.stringify(journal, null, 2)}\n`);
}

function readJournal(root: string, bytes: Uint8Array): Journal {
  try {
    const value: Json = JSON.parse(Buffer.from(bytes).toString());
    if (!isObject(value) || value["version"] !== 1) throw refuseJournal();
    const { phase, pid, files } = value;
    const entries = files !== undefined && isList(files) ? files : [];
    return {
      phase: phase === "staging" ? "staging" : "replacing",
      host: readText(value["host"]) ?? "",
      pid: typeof pid === "number" ? pid : 0,
      entries: entries.filter(isObject).map((entry) => ({
        path: resolve(root, readText(entry["path"]) ?? ""),
        isNew: entry["isNew"] === true,
      })),
    };
  } catch (error) {
    if (error instanceof SyntaxError) throw refuseJournal();
    throw error;
  }
}

/**
 * Puts a project back as it was before whoever was stopped in the middle of changing its files. True when there was
 * anything to do. Throws ProblemError when the one who changes them is still at it.
 */
export async function restoreInterrupted(root: string, disk: Disk): Promise<boolean> {
  const path = locateJournal(root);
  const bytes = await disk.read(path);
  if (bytes === undefined) return false;
  const journal = readJournal(root, bytes);
  if (journal.host === hostname() && isRunning(journal.pid)) throw refuseRunning(journal.pid);
  await undo(journal, disk);
  await endJournal(root, disk);
  return true;
}

/** Every file as it was. What has been undone already is left alone. */
export async function undo({ phase, entries }: Pick<Journal, "phase" | "entries">, disk: Disk) {
  for (const { path, isNew } of entries.toReversed()) {
    const { next, last } = nameStaged(path);
    if (phase === "replacing") {
      if (isNew) await disk.remove(path);
      else if ((await disk.read(last)) !== undefined) await disk.rename(last, path);
    }
    await disk.remove(next);
    await disk.remove(last);
  }
  for (const folder of new Set(entries.map((entry) => dirname(entry.path)))) {
    if (existsSync(folder)) await disk.sync(folder);
  }
}

export async function endJournal(root: string, disk: Disk): Promise<void> {
  const path = locateJournal(root);
  await disk.remove(path);
  await disk.sync(dirname(path));
  await disk.removeFolder(dirname(path));
}

function isRunning(pid: number): boolean {
  if (pid === process.pid || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Of another user, and so not gone.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function refuseRunning(pid: number): ProblemError {
  return failure("pull-running", `another pull (process ${pid}) is writing to this project`, {
    hint: `wait until it has ended; if there is none, remove ${JOURNAL}`,
  });
}

function refuseJournal(): ProblemError {
  return failure("pull-interrupted", `${JOURNAL} was not written by this version of Callform`, {
    hint: "put the files back with git, then remove it",
  });
}
