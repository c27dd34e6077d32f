import { lstat } from "node:fs/promises";
import path from "node:path";
import { failure, ProblemError, type Problem } from "../../domain/problem.ts";
import { tellFailure } from "../../store/read-file.ts";
import type { NewFile } from "./compose.ts";

const WAY_OUT =
  "start in an empty folder, or leave what is there as it is and write the rest with --keep";

/**
 * Which of the files are there already, as a link or a folder too; names below the folder. Throws ProblemError where a file stands
 * in place of a folder.
 */
export async function findExisting(
  folder: string,
  files: readonly NewFile[],
): Promise<readonly string[]> {
  const found = await Promise.all(
    files.map(async ({ name }) => ((await exists(path.join(folder, name))) ? [name] : [])),
  );
  return found.flat();
}

/** What stands in the way of files, for nothing is overwritten. `shown` is the folder as the person named it. */
export function refuseExisting(shown: string, names: readonly string[]): ProblemError {
  const problems = names.map((name, index): Problem => {
    const file = path.join(shown, name).replaceAll(path.sep, "/");
    return {
      severity: "error",
      code: "file-exists",
      message: "this file is there already, and init overwrites nothing",
      at: { file, line: 1, column: 1 },
      ...(index === names.length - 1 && { hint: WAY_OUT }),
    };
  });
  return new ProblemError(problems);
}

async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    (error: unknown) => {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "ENOENT") return false;
      throw failure("init-folder", `there is no place for ${file}: ${tellFailure(error)}`);
    },
  );
}
