import { lstatSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, relative, sep } from "node:path";

import { report } from "./codes.ts";
import { type FileName, placeName, readTextFile, type TextFile, tryRead } from "./read-text.ts";

/** The folders that file names are understood in, all absolute. */
export interface Folders {
  readonly root: string;
  /** The root with every symbolic link resolved. */
  readonly realRoot: string;
  /** What paths in problems are relative to. */
  readonly cwd: string;
  /** Folders already looked at, and whether they lie inside the project. */
  readonly seen: Map<string, boolean>;
}

/** The folders of a project. Throws the error of the file system when the root does not exist. */
export function openFolders(root: string, cwd: string): Folders {
  return { root, realRoot: realpathSync.native(root), cwd, seen: new Map() };
}

/** A path as problems show it: relative to `cwd`, with forward slashes, `..` where it lies outside. */
export function showPath(cwd: string, path: string): string {
  const shown = relative(cwd, path);
  return (shown === "" ? "." : shown).replaceAll(sep, "/");
}

/** True when `path` is `root` or lies beneath it, as the names go; both are absolute. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/**
 * The text of a file that must lie inside the project, also when every symbolic link on the way is followed; or
 * the one reason why it cannot be had.
 */
export function readProjectFile(path: string, name: FileName, folders: Folders): TextFile {
  if (!isInside(folders.root, path)) return refuseEscape(name);
  return tryRead(name, () => {
    const stats = lstatSync(path);
    if (!stats.isSymbolicLink()) {
      return liesInside(dirname(path), folders)
        ? readTextFile(path, name, stats)
        : refuseEscape(name);
    }
    const real = realpathSync.native(path);
    return isInside(folders.realRoot, real) ? readTextFile(real, name) : refuseEscape(name);
  });
}

function refuseEscape(name: FileName): TextFile {
  const message = `${name.shown} leads out of the project folder`;
  return { problem: report("path-escape", message, { at: placeName(name) }) };
}

function liesInside(folder: string, { realRoot, seen }: Folders): boolean {
  const known = seen.get(folder) ?? isInside(realRoot, realpathSync.native(folder));
  seen.set(folder, known);
  return known;
}
