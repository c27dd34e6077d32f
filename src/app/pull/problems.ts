import { realpathSync } from "node:fs";
import path from "node:path";
import type { Problem } from "../../domain/problem.ts";
import { nameResource, type DesiredResource } from "../../domain/resource.ts";
import { readWorkFiles } from "../../git/work-files.ts";
import type { FileDraft } from "../../manifest/adopt/draft-files.ts";

/** Files that would be changed although nobody could give back what is in them. */
export async function judgeEdited(
  drafts: readonly FileDraft[],
  root: string,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  if (drafts.every(({ before }) => before === undefined)) return [];
  const work = await readWorkFiles(root, signal);
  const realRoot = realpathSync.native(root);
  return drafts.flatMap(({ before, file, path: real }): Problem[] => {
    if (before === undefined) return [];
    const name = path.relative(realRoot, real).replaceAll("\\", "/");
    const reason =
      work === undefined
        ? "the project is not in Git, so what it says now could not be had back"
        : work.edited.has(name)
          ? "it has changes that are not committed"
          : work.tracked.has(name)
            ? undefined
            : "it is not in Git, so what it says now could not be had back";
    if (reason === undefined) return [];
    return [
      {
        severity: "error",
        code: "pull-edited",
        message: `${file} would be changed, and ${reason}`,
        at: { file, line: 1, column: 1 },
        hint: "commit it first, or pull with --force; --dry-run shows the changes",
      },
    ];
  });
}

export function tellGone(desired: DesiredResource): Problem {
  return {
    severity: "info",
    code: "pull-gone",
    message: `the PBX does not have ${nameResource(desired)}; its file was left as it is`,
    at: desired.at,
    hint: "remove the file if it is not wanted any more; apply would create it again",
    subject: nameResource(desired),
  };
}
