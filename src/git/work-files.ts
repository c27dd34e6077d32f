import { resolve } from "node:path";

import { ProblemError } from "../domain/problem.ts";
import { silenceFilters } from "./filters.ts";
import { refuseFolder } from "./refusals.ts";
import { askGit, createGit, type Git } from "./run.ts";

/** History is looked through for this long at most, and for so many bytes: what is known by then is what counts. */
const HISTORY_TIMEOUT = 10_000;
const MAX_HISTORY = 8 * 1024 * 1024;

/**
 * Which files below a folder Git could give back, and which of those differ from the last commit. Paths are relative to
 * the folder, with forward slashes.
 */
export interface WorkFiles {
  readonly tracked: ReadonlySet<string>;
  readonly edited: ReadonlySet<string>;
}

/**
 * The state of the files below a folder. Undefined where git knows none: outside a work tree, or where there
 * is no git. Changes nothing, not even the index, and runs no filter. Throws ProblemError when git fails after that or does not
 * trust the repository, and the reason of the signal on abort.
 */
export async function readWorkFiles(
  folder: string,
  signal?: AbortSignal,
): Promise<WorkFiles | undefined> {
  const git = createGit(resolve(folder), signal);
  const prefix = await findPrefix(git, resolve(folder));
  if (prefix === undefined) return undefined;
  const flags = [
    "--porcelain",
    "-z",
    "--untracked-files=no",
    "--no-renames",
    "--ignore-submodules",
  ];
  const quiet = await silenceFilters(git);
  const [tracked, status] = await Promise.all([
    askGit(git, ["ls-files", "-z", "--cached", "--", "."]),
    askGit(git, [...quiet, "status", ...flags, "--", "."]),
  ]);
  return {
    tracked: new Set(splitNames(tracked)),
    // Two letters and a blank, then the path from the top of the work tree.
    edited: new Set(splitNames(status).map((entry) => entry.slice(3 + prefix.length))),
  };
}

/** The way from the top of the work tree to the folder, `pbx/` or empty. */
async function findPrefix(git: Git, folder: string): Promise<string | undefined> {
  try {
    const place = await git(["rev-parse", "--is-inside-work-tree", "--show-prefix"]);
    // It is in Git, though nobody can ask: it must not pass for what could not be had back.
    if (place.complaint.includes("dubious ownership")) throw refuseFolder(folder, place.complaint);
    const [inside, prefix = ""] = place.stdout.toString().split("\n");
    return place.code === 0 && inside === "true" ? prefix : undefined;
  } catch (error) {
    const missing = error instanceof ProblemError && error.problems[0]?.code === "git-missing";
    if (missing) return undefined;
    throw error;
  }
}

function splitNames(stdout: Buffer): string[] {
  return stdout.toString().split("\0").filter(Boolean);
}

/**
 * Every line below a folder that any commit up to HEAD added or took away and that matches an extended regular expression,
 * each once, without the blanks around it; as many as can be found in time. None outside a work tree, without a commit or
 * without git, and none in a partial clone, where every blob would be fetched for it. Nothing of the repository's
 * configuration is executed. Throws the reason of the signal on abort.
 */
export async function findPastLines(
  folder: string,
  pattern: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const git = createGit(resolve(folder), signal);
  try {
    const partial = await git(["config", "--get-regexp", String.raw`^remote\..+\.promisor$`]);
    if (partial.code === 0) return [];
    const flags = ["--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--unified=0"];
    const { stdout } = await git(["log", "--format=", "-p", ...flags, `-G${pattern}`, "--", "."], {
      timeout: HISTORY_TIMEOUT,
      maxBytes: MAX_HISTORY,
    });
    const matches = new RegExp(pattern);
    const lines = stdout
      .toString()
      .split("\n")
      .filter((line) => /^[-+](?![-+]{2} )/.test(line) && matches.test(line));
    return [...new Set(lines.map((line) => line.slice(1).trim()))];
  } catch (error) {
    // History only widens what is known: without it the manifests, the base and the scanner still say what is secret.
    if (error instanceof ProblemError) return [];
    throw error;
  }
}
