import type { TreeEntry } from "./entries.ts";
import { refuseFailedGit, refuseSize } from "../refusals.ts";
import { fetchObjects } from "../remote.ts";
import { readLines, type Repository } from "../repository.ts";
import { askGit, type Git } from "../run.ts";

const MEBIBYTE = 1024 * 1024;
const MAX_MEBIBYTES = 64;
/** Room for the line in front of an object: its id, type and size. */
const HEADER_BYTES = 128;

/**
 * The content of every entry's blob, by id, raw: no filter, line end conversion or LFS touches it. Throws
 * ProblemError when one is missing, or when the entries hold more than 64 MiB together; `ref` is for that message.
 */
export async function readBlobs(
  git: Git,
  entries: readonly TreeEntry[],
  ref: string,
): Promise<ReadonlyMap<string, Buffer>> {
  const ids = [...new Set(entries.map(({ id }) => id))];
  const limit = MAX_MEBIBYTES * MEBIBYTE;
  const { code, stdout, complaint, truncated } = await git(["cat-file", "--batch", "--buffer"], {
    input: ids.map((id) => `${id}\n`).join(""),
    maxBytes: limit + ids.length * HEADER_BYTES,
  });
  if (truncated) throw refuseSize(ref, MAX_MEBIBYTES);
  if (code !== 0) throw refuseFailedGit("git cat-file", complaint);
  const blobs = parseBatch(stdout);
  // One blob may stand under many names, and is written under each.
  const total = entries.reduce((sum, { id }) => sum + (blobs.get(id)?.length ?? 0), 0);
  if (total > limit) throw refuseSize(ref, MAX_MEBIBYTES);
  return blobs;
}

/** What `git cat-file --batch` prints: per object a line `ID TYPE SIZE`, the content and a line end. */
export function parseBatch(output: Buffer): ReadonlyMap<string, Buffer> {
  const blobs = new Map<string, Buffer>();
  for (let at = 0; at < output.length;) {
    const lineEnd = output.indexOf("\n", at);
    const [id = "", type, size] = output.toString("latin1", at, lineEnd).split(" ");
    const length = Number(size);
    if (type !== "blob" || !Number.isSafeInteger(length)) {
      throw refuseFailedGit("git cat-file", `the content of ${id} is missing`);
    }
    blobs.set(id, output.subarray(lineEnd + 1, lineEnd + 1 + length));
    at = lineEnd + length + 2;
  }
  return blobs;
}

/**
 * In a partial clone, fetches at once what the entries need and this clone left out: git itself would fetch them
 * one by one.
 */
export async function fetchBlobs(
  { git, remote }: Repository,
  commit: string,
  entries: readonly TreeEntry[],
  onProgress: (text: string) => void,
): Promise<void> {
  const args = ["rev-list", "--objects", "--no-walk", "--missing=print", commit, "--"];
  const listed = readLines(await askGit(git, args));
  const left = new Set(listed.filter((line) => line.startsWith("?")).map((line) => line.slice(1)));
  const ids = [...new Set(entries.map(({ id }) => id))].filter((id) => left.has(id));
  if (ids.length === 0 || remote === undefined) return;
  onProgress(`fetching ${ids.length} files from ${remote}`);
  await fetchObjects({ git, remote, refuse: refuseFetch }, ids, ["--filter=blob:none"]);
}

function refuseFetch(reason: string): Error {
  return refuseFailedGit("git fetch", reason);
}
