import { lstat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";

import { failure } from "../../domain/problem.ts";
import { isInside } from "./folders.ts";

/**
 * Throws ProblemError unless every folder on the way from the root to the paths is a folder, not a link that leads
 * elsewhere; what is not there yet is neither. `root` has every link resolved.
 */
export async function expectPlainFolders(root: string, paths: readonly string[]): Promise<void> {
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    if (!isInside(root, folder)) throw refuse(folder);
    const steps = relative(root, folder).split(sep).filter(Boolean);
    for (const index of steps.keys()) {
      const part = join(root, ...steps.slice(0, index + 1));
      const stats = await lstat(part).catch(ignoreAbsent);
      if (stats === undefined) break;
      if (stats.isSymbolicLink()) throw refuse(part);
    }
  }
}

function ignoreAbsent(error: unknown): undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return undefined;
  throw error;
}

function refuse(path: string): Error {
  return failure("path-escape", `${path} leads out of the project folder, or is a link`, {
    hint: "nothing was written; put a folder in the place of the link",
  });
}
