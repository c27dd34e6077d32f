import { lstat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import { ProblemError } from "../domain/problem.ts";
import { createGit } from "./run.ts";

/**
 * Whether Git keeps anything under a name in a folder, however the name is spelled: a file, a link, a submodule, or what
 * lies below it. Undefined where the folder lies in a repository and git cannot or will not tell.
 */
export async function keepsTracked(
  folder: string,
  name: string,
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  const git = createGit(resolve(folder), signal);
  try {
    const listed = await git(["ls-files", "-z", "--cached", "--", `:(icase)${name}`]);
    if (listed.code === 0) return listed.stdout.length > 0;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
  }
  return (await liesInRepository(resolve(folder))) ? undefined : false;
}

async function liesInRepository(folder: string): Promise<boolean> {
  const here = await lstat(join(folder, ".git")).then(
    () => true,
    () => false,
  );
  return here || (dirname(folder) !== folder && liesInRepository(dirname(folder)));
}
