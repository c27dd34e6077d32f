import { failure, ProblemError, type Problem } from "../../domain/problem.ts";
import type { Unread } from "../../git/tree.ts";
import { matchNames } from "../../manifest/files/match-patterns.ts";

const REASONS: Readonly<Record<Unread["why"], { readonly is: string; readonly hint: string }>> = {
  submodule: {
    is: "is a submodule, of which this repository keeps no files",
    hint: "keep manifests and scripts in the repository itself, or plan without a base",
  },
  lfs: {
    is: "is kept with Git LFS, and only its pointer is here",
    hint: "fetch it with git lfs fetch --all, or keep manifests and scripts out of LFS",
  },
  filter: {
    is: "goes through a filter of the user's on its way into the work tree, and no program of the user's is run here",
    hint: "keep manifests and scripts out of the filter in .gitattributes, or plan without a base",
  },
  sparse: {
    is: "is left out of this sparse checkout, and would pass for removed",
    hint: "add its folder with git sparse-checkout add, or turn it off with git sparse-checkout disable",
  },
};

/**
 * Throws ProblemError where any manifest at the base, or anything below a folder that the patterns look into, could not be read:
 * what was not read must not pass for what was not there.
 */
export async function expectRead(
  unread: readonly Unread[],
  patterns: readonly string[],
  ref: string,
): Promise<void> {
  if (unread.length === 0) return;
  const files = unread.filter(({ why }) => why !== "submodule").map(({ path }) => path);
  const matched = await matchNames(patterns, files);
  const found = unread.filter(({ path, why }) =>
    why === "submodule" ? patterns.some((pattern) => looksInto(pattern, path)) : matched.has(path),
  );
  if (found.length > 0) throw refuse(found, ref);
}

/** What of it a problem at a place may be about: a script that is missing, or no script at all. */
export function explainUnread(
  problem: Problem,
  unread: readonly Unread[],
): Pick<Problem, "message" | "hint"> | undefined {
  const about = unread.find(({ path, why }) =>
    why === "submodule" ? problem.message.includes(`${path}/`) : problem.message.includes(path),
  );
  if (about === undefined) return undefined;
  const { is, hint } = REASONS[about.why];
  return { message: `${problem.message}: ${about.path} ${is}`, hint };
}

function looksInto(pattern: string, folder: string): boolean {
  if (pattern.startsWith("!")) return false;
  const start = /^[^*?{}[\]()!@+]*/.exec(pattern)?.[0] ?? "";
  const home = start.slice(0, start.lastIndexOf("/") + 1);
  return `${folder}/`.startsWith(home) || home.startsWith(`${folder}/`);
}

function refuse(found: readonly Unread[], ref: string): ProblemError {
  return new ProblemError(
    found.flatMap(({ path, why }) => {
      const { is, hint } = REASONS[why];
      const message = `${path} ${is}: what it was at ${ref} cannot be told`;
      return failure("base-incomplete", message, { hint }).problems;
    }),
  );
}
