import { existsSync, lstatSync, realpathSync, type Stats } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";

import { report } from "../problems/codes.ts";
import {
  type BytesFile,
  type FileName,
  placeName,
  readBytes,
  readTextFile,
  type Refusal,
  type TextFile,
  tryRead,
} from "./read-text.ts";

/** The project file, which no pattern can make a manifest. */
export const PROJECT_FILE = "callform.yaml";

/** The folders that file names are understood in, all absolute. */
export interface Folders {
  readonly root: string;
  /** The root with every symbolic link resolved. */
  readonly realRoot: string;
  /** What paths in problems are relative to. */
  readonly cwd: string;
  /** Folders already looked at, and whether they lie inside the project. */
  readonly seen: Map<string, boolean>;
  /** The absolute folders of files as problems show them, by the shown path up to its last slash. */
  readonly shown: Map<string, string>;
  /** What was already read, by path: several manifests may name the same script. */
  readonly texts: Map<string, string>;
}

/** The folders of a project. Throws the error of the file system when the root does not exist. */
export function openFolders(root: string, cwd: string): Folders {
  return {
    root,
    realRoot: realpathSync.native(root),
    cwd,
    seen: new Map(),
    texts: new Map(),
    shown: new Map(),
  };
}

/** A path as problems show it: relative to `cwd`, with forward slashes, `..` where it lies outside. */
export function showPath(cwd: string, path: string): string {
  const shown = descend(cwd, path) ?? relative(cwd, path);
  return (shown === "" ? "." : shown).replaceAll(sep, "/");
}

/** The way down from a folder where the names alone show it: `relative` looks at every character, for every file. */
function descend(folder: string, path: string): string | undefined {
  const start = folder.endsWith(sep) ? folder : folder + sep;
  const plain = path.startsWith(start) && !path.includes(`${sep}.`) && !path.endsWith(sep);
  return plain ? path.slice(start.length) : undefined;
}

/** True when `path` is `root` or lies beneath it, as the names go; both are absolute. */
export function isInside(root: string, path: string): boolean {
  if (descend(root, path) !== undefined) return true;
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/**
 * The text of a file that must lie inside the project, also when every symbolic link on the way is followed; or
 * the one reason why it cannot be had.
 */
export function readProjectFile(path: string, name: FileName, folders: Folders): TextFile {
  const known = folders.texts.get(path);
  if (known !== undefined) return { text: known };
  const file = readInside(path, name, folders, (real, stats) => readTextFile(real, name, stats));
  if (file.problem === undefined) folders.texts.set(path, file.text);
  return file;
}

/** The same for the bytes of a file of at most `limit` bytes. */
export function readProjectBytes(
  path: string,
  name: FileName,
  limit: number,
  folders: Folders,
): BytesFile {
  return readInside(path, name, folders, (real, stats) => readBytes(real, name, limit, stats));
}

function readInside<T>(
  path: string,
  name: FileName,
  folders: Folders,
  read: (path: string, stats?: Stats) => T,
): T | Refusal {
  if (!isInside(folders.root, path)) return refuseEscape(name);
  return tryRead(name, () => {
    const stats = lstatSync(path);
    if (!stats.isSymbolicLink()) {
      return liesInside(dirname(path), folders) ? read(path, stats) : refuseEscape(name);
    }
    const real = realpathSync.native(path);
    return isOurs(folders.realRoot, real) ? read(real) : refuseEscape(name);
  });
}

/** True for what lies in the project, and is not Git's own: a clone keeps its credentials there. */
function isOurs(realRoot: string, real: string): boolean {
  if (!isInside(realRoot, real)) return false;
  return !relative(realRoot, real)
    .split(sep)
    .some((part) => part.toLowerCase() === GIT_FOLDER);
}

const GIT_FOLDER = ".git";

/** False for a file, every link followed, that lies outside the repository of a folder, or among Git's own; true outside any repository. */
export function staysInRepository(folder: string, real: string): boolean {
  for (let at = realpathSync.native(folder); ; at = dirname(at)) {
    if (existsSync(join(at, GIT_FOLDER))) return isOurs(at, real);
    if (dirname(at) === at) return true;
  }
}

function refuseEscape(name: FileName): Refusal {
  const message = `${name.shown} leads out of the project folder, or to Git's own files`;
  return { problem: report("path-escape", message, { at: placeName(name) }) };
}

function liesInside(folder: string, { realRoot, seen }: Folders): boolean {
  const known = seen.get(folder) ?? isOurs(realRoot, realpathSync.native(folder));
  seen.set(folder, known);
  return known;
}
