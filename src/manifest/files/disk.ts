import { mkdir, open, readFile, rename, rm, rmdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** All that a commit of files does to the disk, one call for each thing that can fail. */
export interface Disk {
  /** Undefined where there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Writes a file and waits until it is on the disk. With the mode of `like` where that is given. */
  write(path: string, bytes: Uint8Array, like?: string): Promise<void>;
  /** Fails when there is such a file. */
  claim(path: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** What is gone already is removed. */
  remove(path: string): Promise<void>;
  /** The folders that had to be made, outermost first. */
  makeFolder(path: string): Promise<readonly string[]>;
  /** Only when it is empty. */
  removeFolder(path: string): Promise<void>;
  /** Waits until names in the folder are on the disk. */
  sync(folder: string): Promise<void>;
}

export const realDisk: Disk = {
  read: (path) => readFile(path).catch(unlessCode("ENOENT", undefined)),
  write: async (path, bytes, like) => {
    const mode = like === undefined ? undefined : (await stat(like)).mode;
    await writeThrough(path, "w", bytes, mode);
  },
  claim: (path, bytes) => writeThrough(path, "wx", bytes),
  rename,
  // Where a file stands in place of a folder, there is nothing below it either.
  remove: (path) => rm(path, { force: true }).catch(unlessCode("ENOTDIR", undefined)),
  makeFolder: async (path) => {
    const first = await mkdir(path, { recursive: true });
    return first === undefined ? [] : listBetween(first, path);
  },
  removeFolder: (path) => rmdir(path).catch(unlessCode("ENOTEMPTY", undefined)),
  sync: async (folder) => {
    // Windows opens no folders, and writes names through by itself.
    if (process.platform === "win32") return;
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

async function writeThrough(path: string, flags: string, bytes: Uint8Array, mode?: number) {
  const handle = await open(path, flags);
  try {
    // Said once more, because the process may mask what it creates.
    if (mode !== undefined) await handle.chmod(mode);
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function listBetween(first: string, last: string): string[] {
  const names = relative(first, last).split(sep).filter(Boolean);
  return [first, ...names.map((_, index) => join(first, ...names.slice(0, index + 1)))];
}

function unlessCode<T>(code: string, instead: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Error && "code" in error && error.code === code) return instead;
    throw error;
  };
}
