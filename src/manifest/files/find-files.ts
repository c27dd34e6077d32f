import { type Dirent, readdir, statSync } from "node:fs";
import { basename, extname, join, relative, resolve, sep } from "node:path";

import { glob } from "tinyglobby";

import type { Problem } from "../../domain/problem.ts";
import { report } from "../problems/codes.ts";
import { followLinks } from "./follow-links.ts";
import { type Folders, isInside, PROJECT_FILE, showPath } from "./folders.ts";
import { matchNames } from "./match-patterns.ts";
import { explainFailure } from "./read-text.ts";

export interface FoundFiles {
  /** Absolute, in code unit order. */
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * The manifest files of a project: what the patterns name, narrowed to `paths` (files or folders, absolute or
 * relative to the working folder). Files and folders that start with a dot and `node_modules` are never
 * among them. Whether a file lies inside the project is for its reader to see.
 */
export async function findFiles(
  patterns: readonly string[],
  paths: readonly string[] | undefined,
  folders: Folders,
  signal: AbortSignal | undefined,
): Promise<FoundFiles> {
  const problems: Problem[] = [];
  const escapes = new Set<string>();
  const shouted = new Set<string>();
  const search: Search = {
    folders,
    ignore: patterns.filter((pattern) => pattern.startsWith("!")).map((p) => p.slice(1)),
    disk: { ...followLinks(folders.realRoot, escapes), readdir: noteShouted(shouted) },
    signal,
  };
  const found = new Set<string>();
  for (const pattern of patterns.filter((wanted) => !wanted.startsWith("!"))) {
    const { files, problem } = await matchPattern(pattern, search);
    if (problem !== undefined) problems.push(problem);
    for (const file of files) found.add(file);
  }
  for (const link of escapes) problems.push(refuseLink(showPath(folders.cwd, link)));
  const matched = [...found].toSorted();
  const skipped = await findSkipped([...shouted], patterns, paths, folders);
  if (skipped.length > 0) problems.push(warnSkipped(skipped, folders));
  const files = paths === undefined ? matched : narrowFiles(matched, paths, folders, problems);
  return { files, problems };
}

interface Search {
  readonly folders: Folders;
  readonly ignore: readonly string[];
  readonly disk: ReturnType<typeof followLinks> & { readonly readdir: typeof readdir };
  readonly signal: AbortSignal | undefined;
}

type Listed = (error: Error | null, entries: Dirent[]) => void;

/** The reading of a folder for the search, which notes the YAML files whose ending is not in small letters. */
function noteShouted(shouted: Set<string>): typeof readdir {
  return new Proxy(readdir, {
    apply: (list, _self, [folder, options, done]: [string, { withFileTypes: true }, Listed]) => {
      list(folder, options, (error, entries) => {
        for (const { name } of entries ?? []) {
          if (/\.ya?ml$/i.test(name) && !/\.ya?ml$/.test(name)) shouted.add(join(folder, name));
        }
        done(error, entries);
      });
    },
  });
}

/** Those of `shouted` that the patterns leave out for nothing but the case of their names. */
async function findSkipped(
  shouted: readonly string[],
  patterns: readonly string[],
  paths: readonly string[] | undefined,
  { root, cwd }: Folders,
): Promise<readonly string[]> {
  const asked = shouted.filter(
    (file) => paths === undefined || paths.some((path) => isInside(resolve(cwd, path), file)),
  );
  if (asked.length === 0) return [];
  const names = asked.map((file) => relative(root, file).split(sep).join("/"));
  const [found, meant] = await Promise.all([
    matchNames(patterns, names),
    matchNames(patterns, names, { caseCounts: false }),
  ]);
  return [...meant]
    .filter((name) => !found.has(name))
    .toSorted()
    .map((name) => join(root, name));
}

function warnSkipped(files: readonly string[], { cwd }: Folders): Problem {
  const shown = files.slice(0, MOST_NAMES).map((file) => showPath(cwd, file));
  const more = files.length > shown.length ? ` and ${files.length - shown.length} more` : "";
  const [first = ""] = files;
  const ending = extname(first);
  return report(
    "file-skipped",
    `no manifest is read from ${shown.join(", ")}${more}: the patterns match but for the case`,
    {
      severity: "warning",
      at: { file: showPath(cwd, first), line: 1, column: 1 },
      hint: `rename it to ${basename(first, ending)}${ending.toLowerCase()}, or add its ending to the patterns under manifests in ${PROJECT_FILE}`,
    },
  );
}

const MOST_NAMES = 5;

async function matchPattern(
  pattern: string,
  { folders, ignore, disk, signal }: Search,
): Promise<{ readonly files: readonly string[]; readonly problem?: Problem }> {
  try {
    const names = await glob(pattern, {
      cwd: folders.root,
      ignore: [...ignore, "**/node_modules/**", PROJECT_FILE],
      expandDirectories: false,
      fs: disk,
      ...(signal !== undefined && { signal }),
    });
    signal?.throwIfAborted();
    const files = names.map((name) => join(folders.root, name));
    return files.length === 0 ? { files, problem: refuseEmpty(pattern, folders) } : { files };
  } catch (error) {
    signal?.throwIfAborted();
    // A folder that may not be read: without it, what is missing would pass for removed.
    return { files: [], problem: explainFailure(error, { shown: nameFailed(error, folders) }) };
  }
}

function nameFailed(error: unknown, { cwd, root }: Folders): string {
  const path = error instanceof Error && "path" in error ? error.path : undefined;
  return showPath(cwd, typeof path === "string" ? path : root);
}

function refuseLink(shown: string): Problem {
  const message = `${shown} is a link to a folder outside the project and was not searched`;
  const at = { file: shown, line: 1, column: 1 };
  return report("path-escape", message, { severity: "warning", at });
}

function refuseEmpty(pattern: string, { cwd, root }: Folders): Problem {
  return report("no-manifests", `no file in ${showPath(cwd, root)} matches ${pattern}`, {
    hint: `check the folder, or the patterns under manifests in ${PROJECT_FILE}; plan and apply go on without any with --allow-empty`,
  });
}

function narrowFiles(
  files: readonly string[],
  paths: readonly string[],
  { cwd, root }: Folders,
  problems: Problem[],
): readonly string[] {
  const chosen = new Set<string>();
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    const inside = files.filter((file) => isInside(absolute, file));
    for (const file of inside) chosen.add(file);
    if (inside.length > 0) continue;
    const problem = explainMissing(absolute, showPath(cwd, absolute), root);
    problems.push(problem);
  }
  return files.filter((file) => chosen.has(file));
}

/** Why a path given by the user names no manifest. */
function explainMissing(absolute: string, shown: string, root: string): Problem {
  try {
    const stats = statSync(absolute);
    if (!isInside(root, absolute)) {
      return report("path-escape", `${shown} lies outside the project folder`);
    }
    return stats.isDirectory()
      ? report("no-manifests", `there is no manifest in ${shown}`)
      : report("no-manifests", `${shown} is not one of the project's manifests`, {
          hint: `see the patterns under manifests in ${PROJECT_FILE}`,
        });
  } catch (error) {
    return explainFailure(error, { shown });
  }
}
