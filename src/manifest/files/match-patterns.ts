import { type Dirent, readdir } from "node:fs";
import { join, sep } from "node:path";

import { glob } from "tinyglobby";

import { PROJECT_FILE } from "./folders.ts";

type Done = (error: Error | null, entries: readonly Partial<Dirent>[]) => void;

/**
 * Which of these names, relative to the project folder with forward slashes, its patterns would find if the files
 * were there; without `caseCounts`, also those that only their case keeps out. The search itself is asked, over a tree of nothing but these names, so that both agree.
 */
export async function matchNames(
  patterns: readonly string[],
  names: readonly string[],
  { caseCounts = true }: { readonly caseCounts?: boolean } = {},
): Promise<ReadonlySet<string>> {
  const root = join(sep, "project");
  const ignore = patterns.filter((pattern) => pattern.startsWith("!")).map((p) => p.slice(1));
  const tree = growTree(root, names);
  const list = (path: string, _: unknown, done: Done): void => {
    done(null, [...(tree.get(path.replace(/[\\/]+$/, "")) ?? new Map()).values()]);
  };
  const found = await glob(
    patterns.filter((pattern) => !pattern.startsWith("!")),
    {
      cwd: root,
      ignore: [...ignore, "**/node_modules/**", PROJECT_FILE],
      expandDirectories: false,
      caseSensitiveMatch: caseCounts,
      fs: {
        readdir: new Proxy(readdir, {
          apply: (_list, _self, args: [string, unknown, Done]) => list(...args),
        }),
      },
    },
  );
  return new Set(found);
}

/** The entries of every folder. */
function growTree(root: string, names: readonly string[]) {
  const tree = new Map<string, Map<string, Partial<Dirent>>>();
  const add = (folder: string, name: string, isFile: boolean): void => {
    const entries = tree.get(folder) ?? new Map<string, Partial<Dirent>>();
    entries.set(name, {
      name,
      isFile: () => isFile,
      isDirectory: () => !isFile,
      isSymbolicLink: () => false,
    });
    tree.set(folder, entries);
  };
  for (const name of names) {
    const steps = name.split("/");
    for (const [index, step] of steps.entries()) {
      add(join(root, ...steps.slice(0, index)), step, index === steps.length - 1);
    }
  }
  return tree;
}
