import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";

import { askGit, type Git } from "../run.ts";
import type { TreeEntry } from "./entries.ts";

/** What Git LFS keeps in a repository in the place of a file. */
interface Pointer {
  readonly oid: string;
  readonly size: number;
}

const MAX_POINTER = 1024;
const FORM =
  /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\n(?:[a-z0-9.-]+ [^\n]*\n)*?oid sha256:(?<oid>[\da-f]{64})\nsize (?<size>\d{1,15})\n/;
/** As of everything that a base holds together. */
const MAX_BYTES = 64 * 1024 * 1024;

export function readPointer(bytes: Uint8Array): Pointer | undefined {
  if (bytes.length > MAX_POINTER) return undefined;
  const { oid, size } = FORM.exec(Buffer.from(bytes).toString())?.groups ?? {};
  return oid === undefined ? undefined : { oid, size: Number(size) };
}

/**
 * The blobs with the files in the place of their LFS pointers, as far as this clone has them: in its own store of LFS, or in
 * the work tree where the file is still the same. What says it is a file is believed of its hash alone, and no filter runs.
 * Pointers of files that are not here stay.
 */
export async function followPointers(
  git: Git,
  folder: string,
  entries: readonly TreeEntry[],
  blobs: ReadonlyMap<string, Buffer>,
): Promise<ReadonlyMap<string, Buffer>> {
  const pointed = entries.flatMap((entry) => {
    const pointer = entry.kind === "file" ? readPointer(blobs.get(entry.id) ?? EMPTY) : undefined;
    return pointer === undefined ? [] : [{ ...entry, ...pointer }];
  });
  if (pointed.length === 0) return blobs;
  const shared = await askGit(git, ["rev-parse", "--git-common-dir"]);
  const store = join(resolve(folder, shared.toString().trim()), "lfs", "objects");
  const followed = new Map(blobs);
  for (const { id, path, oid, size } of pointed) {
    const places = [join(store, oid.slice(0, 2), oid.slice(2, 4), oid), join(folder, path)];
    for (const place of places) {
      const bytes = await readKnown(place, oid, size);
      if (bytes !== undefined) followed.set(id, bytes);
    }
  }
  return followed;
}

const EMPTY = new Uint8Array();

async function readKnown(path: string, oid: string, size: number): Promise<Buffer | undefined> {
  if (size > MAX_BYTES) return undefined;
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isFile() !== true || stats.size !== size) return undefined;
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined) return undefined;
  return createHash("sha256").update(bytes).digest("hex") === oid ? bytes : undefined;
}
