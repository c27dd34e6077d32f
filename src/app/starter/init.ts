import { realpath } from "node:fs/promises";
import path from "node:path";
import { failure } from "../../domain/problem.ts";
import { keepsTracked } from "../../git/tracked.ts";
import { commitFiles } from "../../manifest/files/commit.ts";
import { realDisk } from "../../manifest/files/disk.ts";
import { JOURNAL_FOLDER } from "../../manifest/files/journal.ts";
import { restoreInterrupted } from "../../manifest/files/restore.ts";
import { normalizeUrl } from "../settings/address.ts";
import { composeStarter, type NewFile } from "./compose.ts";
import { findExisting, refuseExisting } from "./existing.ts";

export const DEFAULT_TARGET = "production";

const PROJECT_FILE = "callform.yaml";
/** As the schema of the project file has it. */
const TARGET_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

export interface InitRequest {
  /** Absolute; it need not exist. */
  readonly folder: string;
  /** The same, as problems name it. */
  readonly shown: string;
  /** What to call the PBX. */
  readonly target: string;
  /** Its address as typed; without one the environment has to say it whenever a command runs. */
  readonly url: string | undefined;
  readonly insecureHttp: boolean;
  /** Files that exist are left as they are; otherwise each is a problem and nothing is written. */
  readonly keep: boolean;
  /**
   * Fills the new project from a PBX, in place of an example: writes the files it is handed and those of the apps, all or
   * none, and gives the names of the latter.
   */
  readonly pull?: (files: readonly NewFile[]) => Promise<readonly string[]>;
  readonly signal: AbortSignal;
}

/** Paths below the project's folder, in order. */
export interface InitResult {
  readonly created: readonly string[];
  readonly kept: readonly string[];
}

/**
 * Writes a starter project. Nothing is overwritten, and unless all of it can be written none of it stays. Throws ProblemError
 * with everything that stands in the way.
 */
export async function initProject(request: InitRequest): Promise<InitResult> {
  const { folder, shown, target, keep, pull } = request;
  if (!TARGET_NAME.test(target)) throw refuseTarget(target);
  const url =
    request.url === undefined ? undefined : normalizeUrl(request.url, request.insecureHttp);
  const files = await composeStarter({ target, url, example: pull === undefined });
  // What an init that was killed left half done is none of the person's.
  await restoreInterrupted(folder, realDisk, {
    isTracked: (root) => keepsTracked(root, JOURNAL_FOLDER, request.signal),
  });
  const existing = await findExisting(folder, files);
  if (existing.length > 0 && !keep) throw refuseExisting(shown, existing);
  const begun = existing.includes(PROJECT_FILE);
  if (begun && pull !== undefined) throw refusePull(shown);
  // In a project that is there already, an example would be one more app to apply.
  const missing = files.filter(
    ({ name }) => !existing.includes(name) && !(begun && name.startsWith("apps/")),
  );
  const pulled = await inFolder(folder, async () => {
    if (pull !== undefined) return pull(missing);
    await writeFiles(folder, missing, request.signal);
    return [];
  });
  const created = [...missing.map(({ name }) => name), ...pulled];
  return { created: created.toSorted(), kept: existing };
}

/** Does the work in the folder, which is made for it where it is missing, and goes again when the work fails. */
async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const made = await realDisk.makeFolder(folder).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw failure("init-folder", `the folder of the project cannot be made: ${reason}`);
  });
  try {
    return await work();
  } catch (error) {
    for (const one of made.toReversed()) await realDisk.removeFolder(one);
    throw error;
  }
}

async function writeFiles(
  folder: string,
  files: readonly NewFile[],
  signal: AbortSignal,
): Promise<void> {
  const root = await realpath(folder);
  const commits = files.map(({ name, text }) => ({
    path: path.join(root, name),
    file: name,
    before: undefined,
    after: Buffer.from(text),
  }));
  await commitFiles(commits, { root, signal });
}

function refuseTarget(target: string): Error {
  return failure("invalid-flag", `"${target}" cannot be the name of a target`, {
    hint: "use letters, digits, '.', '_' and '-', starting with a letter or digit",
  });
}

function refusePull(shown: string): Error {
  const message = `there is a project in ${shown} already`;
  return failure("project-exists", message, { hint: "fill it with: callform pull" });
}
