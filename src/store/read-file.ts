import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";

/** Windows has none, and there a pipe has no name among files. */
const NO_WAIT = constants.O_NONBLOCK ?? 0;
const MEBIBYTE = 1024 * 1024;

export type FileReading = { readonly text: string } | { readonly reason: string };

/**
 * The text of a plain file of at most `mebibytes`, or why it cannot be had, as a clause. What is no plain file is not opened: a
 * pipe would wait for ever, and a device may have no end.
 */
export async function readPlainFile(path: string, mebibytes: number): Promise<FileReading> {
  try {
    if (!(await stat(path)).isFile()) return { reason: "it is not a plain file" };
    const handle = await open(path, constants.O_RDONLY | NO_WAIT);
    try {
      const room = Buffer.alloc(Math.min((await handle.stat()).size, mebibytes * MEBIBYTE) + 1);
      const { bytesRead } = await handle.read(room, 0, room.length, 0);
      if (bytesRead === room.length) return { reason: `it holds more than ${mebibytes} MiB` };
      return { text: room.toString("utf8", 0, bytesRead) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return { reason: tellFailure(error) };
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "you have no permission",
  EISDIR: "it is a folder",
  ELOOP: "its links go round in a circle",
  ENAMETOOLONG: "its name is too long",
  ENOENT: "there is no such file or folder",
  ENOSPC: "there is no room left",
  ENOTDIR: "a folder on the way is a file",
  ENXIO: "nobody reads from it",
  EPERM: "you have no permission",
  EROFS: "the file system is read-only",
};

/** A failure of the file system as a clause. Anything else is a bug and is thrown on. */
export function tellFailure(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code !== "string") throw error;
  return REASONS[code] ?? `the system says ${code}`;
}
