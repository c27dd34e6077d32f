import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { ProblemError } from "../domain/problem.ts";
import { fetchBlobs, readBlobs } from "./content/blobs.ts";
import { resolveCommit } from "./deepen.ts";
import { parseTree, type TreeEntry } from "./content/entries.ts";
import { silenceFilters } from "./filters.ts";
import { findCommit, parseExpression } from "./refs.ts";
import { refuseUnwritable } from "./refusals.ts";
import { openRepository } from "./repository.ts";
import { askGit, createGit, type Git } from "./run.ts";
import { followPointers } from "./content/lfs.ts";
import {
  findFiltered,
  findPointers,
  findSparse,
  findSubmodules,
  type Unread,
} from "./content/unread.ts";
import { unpackTree } from "./content/unpack.ts";

export type { Unread } from "./content/unread.ts";

/** A project folder as it was at a commit. */
export interface BaseTree {
  /** An absolute path: a temporary folder that holds the project folder as it was. */
  readonly root: string;
  /** The full id. */
  readonly commit: string;
  /** What could not be read as it was, or cannot be compared with the work tree. */
  readonly unread: readonly Unread[];
  /** Removes the temporary folder; a second time does nothing. */
  dispose(): Promise<void>;
}

export interface CheckOutOptions {
  /** Only this file of the folder. */
  readonly only?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told what is being fetched, as a clause for a progress line: `fetching main from origin`. */
  readonly onProgress?: ((text: string) => void) | undefined;
}

/**
 * The files of a project folder as they were at a commit, in a temporary folder that the caller disposes of.
 *
 * `folder` lies anywhere inside a work tree, and may be a subfolder; where it did not exist at that commit, the result
 * is an empty folder. `ref` is whatever git understands as a commit. What a shallow or partial clone lacks is fetched
 * from its remote, which adds objects and moves the end of its history; nothing else of the repository changes.
 *
 * Throws ProblemError, with the codes `git-missing`, `git-too-old`, `git-timeout`, `git-failed`, `not-a-repository`,
 * `invalid-ref`, `unknown-ref`, `shallow-clone`, `base-too-large` and `base-unwritable`; and the reason of the signal on
 * abort. Either way no temporary folder is left.
 */
export async function checkOutBase(
  folder: string,
  ref: string,
  options: CheckOutOptions,
): Promise<BaseTree> {
  const { only, signal, onProgress = () => undefined } = options;
  parseExpression(ref);
  const repository = await openRepository(resolve(folder), signal);
  const { git, partial } = repository;
  const commit = await resolveCommit(repository, ref, onProgress);
  // Run in the folder, it lists only what lies below, and nothing where the commit has no such folder.
  const args = ["ls-tree", "-r", "-z", commit];
  const listing = await askGit(git, only === undefined ? args : [...args, only]);
  const entries = parseTree(listing);
  if (partial) await fetchBlobs(repository, commit, entries, onProgress);
  const raw = await readBlobs(git, entries, ref);
  const blobs = await followPointers(git, resolve(folder), entries, raw);
  const unread = [
    ...findSubmodules(listing),
    ...findPointers(entries, blobs),
    ...(await findFiltered(git, entries)),
    // Of one file it is of no interest whether others are left out.
    ...(only === undefined ? await findSparse(git) : []),
  ];
  return { ...(await writeBase(entries, blobs, signal)), commit, unread };
}

async function writeBase(
  entries: readonly TreeEntry[],
  blobs: ReadonlyMap<string, Buffer>,
  signal: AbortSignal | undefined,
): Promise<Omit<BaseTree, "commit" | "unread">> {
  const root = await makeFolder();
  const dispose = (): Promise<void> => rm(root, { recursive: true, force: true });
  try {
    await unpackTree(root, entries, blobs, signal);
    return { root, dispose };
  } catch (error) {
    await dispose();
    throw explainFailure(error, root);
  }
}

async function makeFolder(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), "callform-git-"));
  } catch (error) {
    throw explainFailure(error, tmpdir());
  }
}

/** A failure of the file system as a problem; anything else as it is. */
function explainFailure(error: unknown, root: string): unknown {
  return error instanceof Error && "syscall" in error ? refuseUnwritable(root, error) : error;
}

/**
 * The commit a folder is at, and whether anything in the folder differs from it or is new, for logs. Undefined where
 * git names no commit: outside a work tree, before the first commit, in a repository that git does not trust, or
 * where there is no git. Changes nothing, not even the index, and runs no filter. Throws ProblemError when git fails or takes too long
 * after that, and the reason of the signal on abort.
 */
export async function describeHead(
  folder: string,
  signal?: AbortSignal,
): Promise<{ readonly commit: string; readonly dirty: boolean } | undefined> {
  const git = createGit(resolve(folder), signal);
  const flags = ["--porcelain=v2", "--branch", "--no-ahead-behind", "-z"];
  const scope = ["--untracked-files=normal", "--ignore-submodules", "--", "."];
  try {
    const quiet = await silenceFilters(git);
    return readStatus(await askGit(git, [...quiet, "status", ...flags, ...scope]));
  } catch (error) {
    if ((await findHead(git)) === undefined) return undefined;
    throw error;
  }
}

/** Reads what `git status --porcelain=v2 --branch -z` prints: headers that begin with #, then what differs. */
function readStatus(
  output: Buffer,
): { readonly commit: string; readonly dirty: boolean } | undefined {
  const lines = output.toString().split("\0");
  const oid = lines.find((line) => line.startsWith("# branch.oid "))?.slice("# branch.oid ".length);
  if (oid === undefined || oid === "(initial)") return undefined;
  return { commit: oid, dirty: lines.some((line) => line !== "" && !line.startsWith("# ")) };
}

async function findHead(git: Git): Promise<string | undefined> {
  try {
    return await findCommit(git, "HEAD");
  } catch (error) {
    const missing = error instanceof ProblemError && error.problems[0]?.code === "git-missing";
    if (missing) return undefined;
    throw error;
  }
}

/**
 * Whether one commit is in the history of another, or is that commit, as far as the clone that a folder lies in can tell; both
 * are full ids. Undefined where it cannot tell: a commit is not here, or history ends early. Fetches nothing. Throws
 * ProblemError when git cannot be run, and the reason of the signal on abort.
 */
export async function isAncestor(
  folder: string,
  older: string,
  newer: string,
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  const git = createGit(resolve(folder), signal);
  const { code } = await git(["merge-base", "--is-ancestor", older, newer]);
  if (code === 0) return true;
  // Any other code than 1 is a commit that is not here, or no repository at all.
  if (code !== 1) return undefined;
  const shallow = await askGit(git, ["rev-parse", "--is-shallow-repository"]);
  return shallow.toString().trim() === "false" ? false : undefined;
}
