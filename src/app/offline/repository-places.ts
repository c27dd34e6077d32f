import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import type { Problem } from "../../domain/problem.ts";
import type { Environment } from "../../manifest/project/load.ts";

/**
 * The problems with their files named from the root of the repository, as annotations of GitHub and SARIF need them: the
 * workspace of a workflow, or else the nearest folder above with a `.git`. Outside a repository they stay as they are.
 */
export function placeInRepository(
  problems: readonly Problem[],
  cwd: string,
  env: Environment,
): readonly Problem[] {
  const here = realpathSync.native(cwd);
  const root = findRoot(here, env["GITHUB_WORKSPACE"]);
  if (root === undefined || root === here) return problems;
  const name = (file: string): string =>
    path.relative(root, path.resolve(here, file)).replaceAll(path.sep, "/");
  return problems.map((problem) => {
    const { at } = problem;
    if (at === undefined) return problem;
    const archive = at.archive === undefined ? {} : { archive: name(at.archive) };
    return { ...problem, at: { ...at, file: name(at.file), ...archive } };
  });
}

function findRoot(here: string, workspace: string | undefined): string | undefined {
  if (workspace !== undefined && existsSync(workspace)) {
    const root = realpathSync.native(workspace);
    if (here === root || here.startsWith(root + path.sep)) return root;
  }
  for (let folder = here; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, ".git"))) return folder;
    if (folder === path.dirname(folder)) return undefined;
  }
}
