import { constants } from "node:fs";
import { lstat, mkdir, open, rename, rm, rmdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** All that a commit of files does to the disk, one call for each thing that can fail. */
export interface Disk {
  /** Undefined where there is no such file. Fails for what is no plain file (a link too), or holds more than `limit` bytes. */
  read(path: string, limit?: number): Promise<Uint8Array | undefined>;
  /**
   * Writes a file and waits until it is on the disk. With the mode of `like` where that is given. What stood there goes; a
   * link is never written through.
   */
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
  read: (path, limit = MAX_BYTES) => readPlain(path, limit).catch(unlessAbsent),
  write: async (path, bytes, like) => {
    const mode = like === undefined ? undefined : (await stat(like)).mode;
    await rm(path, { force: true });
    await create(path, bytes, mode);
  },
  claim: (path, bytes) => create(path, bytes),
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

/** More than any file that a project reads may hold. */
const MAX_BYTES = 128 * 1024 * 1024;

async function readPlain(path: string, limit: number): Promise<Uint8Array> {
  // Asked first: to open a named pipe would wait for ever, and to open a device may do anything.
  if (!(await lstat(path)).isFile()) throw refuseRead("EFTYPE", `${path} is not a plain file`);
  const handle = await open(path, constants.O_RDONLY | NO_LINK | NO_WAIT);
  try {
    const { size } = await handle.stat();
    if (size > limit) throw refuseRead("EFBIG", `${path} is larger than ${limit} bytes`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Windows has neither. */
const NO_LINK = constants.O_NOFOLLOW ?? 0;
const NO_WAIT = constants.O_NONBLOCK ?? 0;

function refuseRead(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** Fails where anything has that name, a link that leads nowhere too. */
async function create(path: string, bytes: Uint8Array, mode?: number) {
  const handle = await open(path, "wx");
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

function unlessAbsent(error: unknown): undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return undefined;
  throw error;
}

function unlessCode<T>(code: string, instead: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Error && "code" in error && error.code === code) return instead;
    throw error;
  };
}
