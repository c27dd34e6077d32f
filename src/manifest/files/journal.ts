import { createHash } from "node:crypto";
import { lstatSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join, relative } from "node:path";

/** Where a project says that its files are being changed, relative to its folder. */
export const JOURNAL_FOLDER = ".callform";
export const JOURNAL = `${JOURNAL_FOLDER}/pull.json`;

/** Of the form of a journal. */
export const VERSION = 2;

/** One file that is being changed, told by hashes so that nothing else is ever taken for it. */
export interface JournalEntry {
  /** Absolute, with every symbolic link resolved. */
  readonly path: string;
  /** The SHA-256 of what it held before, in hex; undefined: there was no such file. */
  readonly before: string | undefined;
  /** The SHA-256 of what it is to hold. */
  readonly after: string;
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
  return lstatSync(locateJournal(root), { throwIfNoEntry: false }) !== undefined;
}

export function locateJournal(root: string): string {
  return join(root, JOURNAL);
}

/** The new text of a file, and the old one, until all are in place. Hidden, so that no pattern finds them. */
export function nameStaged(path: string): { readonly next: string; readonly last: string } {
  const base = join(dirname(path), `.${path.slice(dirname(path).length + 1)}`);
  return { next: `${base}.callform-new`, last: `${base}.callform-old` };
}

export function hashBytes(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** `root` has every symbolic link resolved. */
export function writeJournal(
  root: string,
  phase: Journal["phase"],
  entries: readonly JournalEntry[],
): Uint8Array {
  const files = entries.map(({ path, before = null, after }) => ({
    path: relative(root, path).replaceAll("\\", "/"),
    before,
    after,
  }));
  const journal = { version: VERSION, phase, host: hostname(), pid: process.pid, files };
  return Buffer.from(`${JSON.stringify(journal, null, 2)}\n`);
}
