import { realpathSync } from "node:fs";
import { dirname } from "node:path";

import { failure, ProblemError } from "../../domain/problem.ts";
import { type Disk, realDisk } from "./disk.ts";
import {
  hashBytes,
  type JournalEntry,
  locateJournal,
  nameStaged,
  writeJournal,
} from "./journal.ts";
import { expectPlainFolders } from "./plain-folders.ts";
import { endJournal, undo } from "./undo.ts";

/** One file that is to hold something else. */
export interface CommitFile {
  /** Absolute, with every symbolic link resolved. */
  readonly path: string;
  /** As people see it. */
  readonly file: string;
  /** What it must hold until then; undefined: there must be no such file. */
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array;
}

export interface CommitOptions {
  /** The project folder. */
  readonly root: string;
  readonly signal?: AbortSignal | undefined;
  readonly disk?: Disk;
}

/**
 * Changes all files or none. The new texts are written beside the files and only then put in their place, one by one,
 * while a journal marks the project as being changed: the loader refuses it, so that no mixture of old and new is ever read.
 * A failure or the signal puts every old file back; after a crash or a loss of power {@link restoreInterrupted} does.
 * Throws ProblemError, and the reason of the signal on abort.
 */
export async function commitFiles(
  files: readonly CommitFile[],
  { root: folder, signal, disk = realDisk }: CommitOptions,
): Promise<void> {
  if (files.length === 0) return;
  const entries = files.map(({ path, before, after }) => ({
    path,
    before: before && hashBytes(before),
    after: hashBytes(after),
  }));
  signal?.throwIfAborted();
  const root = realpathSync.native(folder);
  const journal = locateJournal(root);
  await tryDisk(() => expectPlainFolders(root, [journal, ...files.map(({ path }) => path)]));
  const made = [...(await tryDisk(() => disk.makeFolder(dirname(journal))))];
  await tryDisk(() => disk.claim(journal, writeJournal(root, "staging", entries)), refuseRunning);
  const state: State = { phase: "staging", made };
  try {
    await replaceFiles(files, entries, state, { root, signal, disk });
    // From here on the new texts are the project.
    await tryDisk(() => disk.remove(journal));
  } catch (error) {
    await takeBack(error, entries, state, root, disk);
    throw error;
  }
  await dropOldTexts(files, dirname(journal), disk);
}

/** That one cannot be removed does not undo what is done. As long as the journal could come back, they are needed. */
async function dropOldTexts(files: readonly CommitFile[], folder: string, disk: Disk) {
  try {
    await disk.sync(folder);
    for (const { path } of files) await disk.remove(nameStaged(path).last);
    await disk.removeFolder(folder);
  } catch (error) {
    if (!isDiskFailure(error)) throw error;
  }
}

interface State {
  phase: "staging" | "replacing";
  readonly made: string[];
}

async function replaceFiles(
  files: readonly CommitFile[],
  entries: readonly JournalEntry[],
  state: State,
  { root, signal, disk }: CommitOptions & { readonly disk: Disk },
): Promise<void> {
  for (const file of files) {
    await expectUntouched(file, disk);
    signal?.throwIfAborted();
    await tryDisk(() => stageFile(file, state, disk));
  }
  const journal = locateJournal(root);
  await tryDisk(async () => {
    await disk.write(`${journal}.new`, writeJournal(root, "replacing", entries));
    await disk.rename(`${journal}.new`, journal);
    await disk.sync(dirname(journal));
  });
  state.phase = "replacing";
  for (const file of files) {
    await expectUntouched(file, disk);
    signal?.throwIfAborted();
    await tryDisk(() => disk.rename(nameStaged(file.path).next, file.path));
  }
  for (const folder of new Set(files.map(({ path }) => dirname(path)))) {
    await tryDisk(() => disk.sync(folder));
  }
}

async function stageFile({ path, before, after }: CommitFile, state: State, disk: Disk) {
  const { next, last } = nameStaged(path);
  state.made.push(...(await disk.makeFolder(dirname(path))));
  const like = before === undefined ? undefined : path;
  await disk.write(next, after, like);
  if (before !== undefined) await disk.write(last, before, like);
}

async function expectUntouched({ path, file, before }: CommitFile, disk: Disk): Promise<void> {
  const found = await tryDisk(() => disk.read(path));
  const same =
    found === undefined || before === undefined
      ? found === before
      : Buffer.compare(found, before) === 0;
  if (same) return;
  throw failure("pull-touched", `${file} was changed by somebody else meanwhile`, {
    hint: "nothing was written; pull again",
  });
}

async function takeBack(
  cause: unknown,
  entries: readonly JournalEntry[],
  { phase, made }: State,
  root: string,
  disk: Disk,
): Promise<void> {
  try {
    await undo({ phase, entries }, disk);
    await disk.remove(`${locateJournal(root)}.new`);
    for (const folder of made.toReversed()) {
      if (folder !== dirname(locateJournal(root))) await disk.removeFolder(folder);
    }
    await endJournal(root, disk);
  } catch (error) {
    const first = cause instanceof ProblemError ? cause.problems : [];
    const stuck = failure(
      "pull-interrupted",
      `the old files could not be put back: ${tell(error)}`,
      {
        hint: "nothing reads the project until they are; the next pull tries again",
      },
    );
    throw new ProblemError([...first, ...stuck.problems], { cause: error });
  }
}

/** A failure of the disk as a problem; anything else is a bug and is thrown on. */
async function tryDisk<T>(act: () => Promise<T>, taken?: () => ProblemError): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!isDiskFailure(error)) throw error;
    const hint = "nothing was changed; see that there is room and that you may write there";
    if (taken !== undefined && error.code === "EEXIST") throw taken();
    throw new ProblemError(
      failure("pull-disk", `the files cannot be written: ${tell(error)}`, { hint }).problems,
      { cause: error },
    );
  }
}

function refuseRunning(): ProblemError {
  return failure("pull-running", "another pull is writing to this project", {
    hint: "nothing was changed; wait until it has ended",
  });
}

function isDiskFailure(error: unknown): error is Error & { readonly code: unknown } {
  return error instanceof Error && "code" in error;
}

function tell(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
