import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";

import { decodeName, type TreeEntry } from "./entries.ts";

/** What Linux takes at most. */
const MAX_TARGET_BYTES = 4095;

/**
 * Writes entries below `root`, an empty folder. Links come last, so that nothing is ever written through one; a link
 * that leads anywhere else than below `root` is left out. Throws errors of the file system, and the reason of the
 * signal on abort.
 */
export async function unpackTree(
  root: string,
  entries: readonly TreeEntry[],
  blobs: ReadonlyMap<string, Buffer>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const contents = entries.map(({ kind, id, path }) => ({ kind, path, bytes: take(blobs, id) }));
  const folders = new Set(contents.map(({ path }) => posix.dirname(path)));
  for (const folder of folders) await mkdir(join(root, folder), { recursive: true });
  for (const { kind, path, bytes } of contents) {
    signal?.throwIfAborted();
    if (kind === "file") await writeFile(join(root, path), bytes);
  }
  for (const { kind, path, bytes } of contents) {
    const target = kind === "link" ? readTarget(path, bytes) : undefined;
    if (target !== undefined) await symlink(target, join(root, path));
  }
}

function take(blobs: ReadonlyMap<string, Buffer>, id: string): Buffer {
  const bytes = blobs.get(id);
  if (bytes === undefined) throw new TypeError(`blob ${id} was not read`);
  return bytes;
}

/** Where a link leads, or undefined when that is no place below the root or no link could say it. */
function readTarget(path: string, bytes: Buffer): string | undefined {
  const target = bytes.length > MAX_TARGET_BYTES ? undefined : decodeName(bytes);
  const sound = target !== undefined && target !== "" && !target.includes("\0");
  return sound && staysInside(path, target) ? target : undefined;
}

/**
 * True when the link at `path` cannot lead out of the root. Going up is taken only at the start of a target: behind
 * another link, `..` would be that link's parent, and no longer what the names say.
 */
export function staysInside(path: string, target: string): boolean {
  if (/^(?:[\\/]|[a-z]:)/i.test(target)) return false;
  const steps = target.split(/[\\/]/).filter((step) => step !== "" && step !== ".");
  const down = steps.findIndex((step) => step !== "..");
  const ups = down < 0 ? steps.length : down;
  const depth = path.split("/").length - 1;
  return ups <= depth && !steps.slice(ups).includes("..");
}
