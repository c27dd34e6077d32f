import { resolve } from "node:path";

import { ProblemError } from "../domain/problem.ts";
import { askGit, createGit, type Git } from "./run.ts";

/**
 * Which files below a folder Git could give back, and which of those differ from the last commit. Paths are relative to
 * the folder, with forward slashes.
 */
export interface WorkFiles {
  readonly tracked: ReadonlySet<string>;
  readonly edited: ReadonlySet<string>;
}

/**
 * The state of the files below a folder. Undefined where git knows none: outside a work tree, in one that git does not
 * trust, or where there is no git. Changes nothing, not even the index. Throws ProblemError when git fails after that,
 * and the reason of the signal on abort.
 */
export async function readWorkFiles(
  folder: string,
  signal?: AbortSignal,
): Promise<WorkFiles | undefined> {
  const git = createGit(resolve(folder), signal);
  const prefix = await findPrefix(git);
  if (prefix === undefined) return undefined;
  const flags = [
    "--porcelain",
    "-z",
    "--untracked-files=no",
    "--no-renames",
    "--ignore-submodules",
  ];
  const [tracked, status] = await Promise.all([
    askGit(git, ["ls-files", "-z", "--cached", "--", "."]),
    askGit(git, ["status", ...flags, "--", "."]),
  ]);
  return {
    tracked: new Set(splitNames(tracked)),
    // Two letters and a blank, then the path from the top of the work tree.
    edited: new Set(splitNames(status).map((entry) => entry.slice(3 + prefix.length))),
  };
}

/** The way from the top of the work tree to the folder, `pbx/` or empty. */
async function findPrefix(git: Git): Promise<string | undefined> {
  try {
    const place = await git(["rev-parse", "--is-inside-work-tree", "--show-prefix"]);
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
