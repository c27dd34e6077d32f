import { existsSync, realpathSync } from "node:fs";
import { hostname } from "node:os";

import { failure, ProblemError, type Problem } from "../../domain/problem.ts";
import type { Disk } from "./disk.ts";
import { showPath } from "./folders.ts";
import { isInterrupted, type Journal, JOURNAL, locateJournal } from "./journal.ts";
import { expectPlainFolders } from "./plain-folders.ts";
import { MAX_JOURNAL_BYTES, readJournal, refuseTracked } from "./read-journal.ts";
import { endJournal, hasLast, judgeFile, undo } from "./undo.ts";

export interface RestoreOptions {
  /**
   * Whether Git keeps anything in a folder below the project's, `.callform`: then it came with the repository, and was left
   * by nobody who was stopped here. Undefined where git cannot tell although there is a repository.
   */
  readonly isTracked: (folder: string) => Promise<boolean | undefined>;
}

/**
 * Puts a project back as it was before whoever was stopped in the middle of changing its files. True when there was
 * anything to do. What stands in the journal is believed of no file that does not hold what the journal says. Throws
 * ProblemError when that is so, or when the one who changes them is still at it; then nothing was touched.
 */
export async function restoreInterrupted(
  folder: string,
  disk: Disk,
  { isTracked }: RestoreOptions,
): Promise<boolean> {
  if (!existsSync(folder)) return false;
  const root = realpathSync.native(folder);
  if (!isInterrupted(root)) return false;
  await expectOwn(root, isTracked);
  const journal = await openJournal(root, disk);
  if (journal === undefined) return false;
  if (journal.host === hostname() && isRunning(journal.pid)) throw refuseRunning(journal.pid);
  await believeDisk(async () => {
    await expectKnown(root, journal, disk);
    await undo(journal, disk);
    await endJournal(root, disk);
  });
  return true;
}

/**
 * The journal of a project, `root` with every link resolved; undefined where there is none. Throws ProblemError where it
 * cannot be believed, and where a path in it leads through a link.
 */
export function openJournal(root: string, disk: Disk): Promise<Journal | undefined> {
  return believeDisk(async () => {
    const path = locateJournal(root);
    await expectPlainFolders(root, [path]);
    const bytes = await disk.read(path, MAX_JOURNAL_BYTES);
    if (bytes === undefined) return undefined;
    const journal = readJournal(root, bytes);
    await expectPlainFolders(
      root,
      journal.entries.map((entry) => entry.path),
    );
    return journal;
  });
}

/** A failure of the disk, or what stands in the place of a file, as a journal that cannot be carried out. */
async function believeDisk<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ProblemError || !(error instanceof Error && "code" in error)) throw error;
    const message = `the files that a pull was changing cannot be put back: ${error.message}`;
    const hint = `nothing reads the project until they are, or ${JOURNAL} is removed; the next pull tries again`;
    const { problems } = failure("pull-interrupted", message, { hint });
    throw new ProblemError(problems, { cause: error });
  }
}

async function expectOwn(root: string, isTracked: RestoreOptions["isTracked"]): Promise<void> {
  const tracked = await isTracked(root);
  if (tracked === false) return;
  const { message, hint } = tracked === true ? refuseTracked() : REFUSE_UNTOLD;
  throw failure("pull-interrupted", message, { hint });
}

const REFUSE_UNTOLD = {
  message: `${JOURNAL} is not believed: git cannot tell whether it came with the repository`,
  hint: `nothing was touched; let git read the repository, or put the files right and remove ${JOURNAL}`,
};

/** Throws ProblemError, naming each, where files hold neither what they held nor what they were to hold. */
async function expectKnown(root: string, { phase, entries }: Journal, disk: Disk): Promise<void> {
  if (phase === "staging") return;
  const problems: Problem[] = [];
  for (const entry of entries) {
    const standing = await judgeFile(entry, disk);
    const lacks =
      entry.before !== undefined && standing !== "before" && !(await hasLast(entry, disk));
    if (standing !== "foreign" && !lacks) continue;
    const file = showPath(root, entry.path);
    problems.push({
      severity: "error",
      code: "pull-interrupted",
      message:
        standing === "foreign"
          ? `${file} was changed after a pull was stopped, or never was part of one`
          : `what ${file} held before a pull was stopped is not there any more`,
      at: { file, line: 1, column: 1 },
      hint: `nothing was touched; make the files as they should be, then remove ${JOURNAL}`,
    });
  }
  if (problems.length > 0) throw new ProblemError(problems);
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
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
