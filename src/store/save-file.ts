import { constants, type Stats } from "node:fs";
import { lstat, mkdir, open, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { tellFailure } from "./read-file.ts";

/**
 * Writes a text, and gives why it could not, as a clause. A plain file, and a new one in a folder that is made for it, is
 * written beside its place and moved there, so that a reader sees the old text or the new one whole. A pipe or a device is
 * written to; nothing else is replaced, and no link is followed to a file.
 */
export async function saveFile(
  path: string,
  text: string,
  mode = OWNER_ONLY,
): Promise<string | undefined> {
  try {
    const kind = await judgePlace(path);
    if (kind === "file") await replaceFile(path, text, mode);
    else if (kind === "stream") return await writeStream(path, text);
    else return kind.reason;
    return undefined;
  } catch (error) {
    return tellFailure(error);
  }
}

/** What stands at a path: a plain file or nothing, something to write into, or what is neither. */
export async function judgePlace(
  path: string,
): Promise<"file" | "stream" | { readonly reason: string }> {
  const own = await lstat(path).catch(ignoreAbsent);
  if (own === undefined || own.isFile()) return "file";
  const target = own.isSymbolicLink() ? await stat(path).catch(ignoreAbsent) : own;
  if (target !== undefined && (target.isFIFO() || target.isCharacterDevice())) return "stream";
  // /dev/stdout may lead to a file, where a shell has sent it.
  if (target?.isFile() === true && /^\/(?:dev|proc)\//.test(path)) return "stream";
  return { reason: own.isSymbolicLink() ? "it is a link; name what it leads to" : nameOther(own) };
}

function nameOther(stats: Stats): string {
  return stats.isDirectory() ? "it is a folder" : "it is neither a file, a pipe nor a terminal";
}

function ignoreAbsent(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}

/** Plans and logs are for whoever runs this. */
const OWNER_ONLY = 0o600;

async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  await rm(draft, { force: true });
  try {
    const handle = await open(draft, "wx", mode);
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

const NO_WAIT = constants.O_NONBLOCK ?? 0;
/** Milliseconds between tries, and how many of them in a row may come to nothing. */
const PAUSE = 20;
const MAX_TRIES = 500;

async function writeStream(path: string, text: string): Promise<string | undefined> {
  const handle = await open(path, constants.O_WRONLY | constants.O_APPEND | NO_WAIT);
  try {
    return await pour(handle, Buffer.from(text));
  } finally {
    await handle.close();
  }
}

async function pour(handle: FileHandle, bytes: Buffer): Promise<string | undefined> {
  let tries = 0;
  for (let at = 0; at < bytes.length;) {
    try {
      at += (await handle.write(bytes, at)).bytesWritten;
      tries = 0;
    } catch (error) {
      // A full pipe, whose reader is slow.
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
      tries += 1;
      if (tries > MAX_TRIES) return "whoever reads from it has stopped";
      await wait(PAUSE);
    }
  }
  return undefined;
}
