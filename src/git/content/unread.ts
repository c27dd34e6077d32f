import type { Git } from "../run.ts";
import { listFilters } from "../filters.ts";
import { askGit } from "../run.ts";
import { decodeName, type TreeEntry } from "./entries.ts";
import { readPointer } from "./lfs.ts";

/** Something of a commit that git only points at, or that the work tree leaves out, so that the two cannot be compared. */
export interface Unread {
  /** Relative to the folder, with forward slashes. */
  readonly path: string;
  /** `submodule`: everything below the path · `lfs`, `filter`, `sparse`: the one file. */
  readonly why: "submodule" | "lfs" | "filter" | "sparse";
}

/** The submodules in what `git ls-tree -r -z` lists. */
export function findSubmodules(listing: Uint8Array): readonly Unread[] {
  const lines = Buffer.from(listing).toString("latin1").split("\0");
  return lines.flatMap((line): Unread[] => {
    const [, path] = /^160000 commit [\da-f]+\t(.*)$/s.exec(line) ?? [];
    const name = path === undefined ? undefined : decodeName(Buffer.from(path, "latin1"));
    return name === undefined ? [] : [{ path: name, why: "submodule" }];
  });
}

/** Files of which only the LFS pointer is here. */
export function findPointers(
  entries: readonly TreeEntry[],
  blobs: ReadonlyMap<string, Buffer>,
): readonly Unread[] {
  return entries.flatMap(({ kind, id, path }): Unread[] => {
    const bytes = kind === "file" ? blobs.get(id) : undefined;
    return bytes !== undefined && readPointer(bytes) !== undefined ? [{ path, why: "lfs" }] : [];
  });
}

/**
 * Files that the work tree has otherwise than the repository, because a program of the user's changes them on the way: no
 * program is run here. LFS is followed in its own way.
 */
export async function findFiltered(
  git: Git,
  entries: readonly TreeEntry[],
): Promise<readonly Unread[]> {
  const names = new Set((await listFilters(git)).filter((name) => name !== "lfs"));
  if (names.size === 0) return [];
  const input = entries.map(({ path }) => `${path}\0`).join("");
  const told = await askGit(git, ["check-attr", "-z", "--stdin", "filter"], { input });
  const words = told.toString().split("\0");
  return entries.flatMap(({ path }, index): Unread[] =>
    names.has(words[index * 3 + 2] ?? "") ? [{ path, why: "filter" }] : [],
  );
}

/** Files that a sparse checkout leaves out of the work tree. */
export async function findSparse(git: Git): Promise<readonly Unread[]> {
  const set = await git(["config", "--type=bool", "--get", "core.sparseCheckout"]);
  if (set.stdout.toString().trim() !== "true") return [];
  const listed = await askGit(git, ["ls-files", "-z", "-t", "--cached", "--", "."]);
  return listed
    .toString()
    .split("\0")
    .flatMap((line): Unread[] =>
      line.startsWith("S ") ? [{ path: line.slice(2), why: "sparse" }] : [],
    );
}
