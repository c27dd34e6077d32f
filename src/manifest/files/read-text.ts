import { readFileSync, statSync } from "node:fs";

import type { Problem, SourceSpan } from "../../domain/problem.ts";
import { findLineStarts, placeOffset } from "../../domain/text-place.ts";
import { type ManifestCode, report } from "../problems/codes.ts";

export const MAX_FILE_BYTES = 5 * 1024 * 1024;

/** Why a file cannot be had. */
export interface Refusal {
  readonly text?: undefined;
  readonly bytes?: undefined;
  readonly problem: Problem;
}

export type TextFile = { readonly text: string; readonly problem?: undefined } | Refusal;
export type BytesFile = { readonly bytes: Uint8Array; readonly problem?: undefined } | Refusal;

export interface FileName {
  /** The path as problems show it. */
  readonly shown: string;
  /** Where the user named the file; without it a file that cannot be read is reported at its own start. */
  readonly namedAt?: SourceSpan;
  /** The code for a file that is not there. */
  readonly missing?: ManifestCode;
}

/**
 * The text of a file, without a byte order mark and with its own line ends; or why it cannot be read as text.
 * `stats` are those of the file itself, when they are known already. Synchronous, as everything here that reads
 * small files: thousands of them take a quarter of the time.
 */
export function readTextFile(path: string, name: FileName, stats = statSync(path)): TextFile {
  if (stats.isFile() && stats.size <= MAX_FILE_BYTES) {
    const text = readFileSync(path, "utf8");
    // What is not UTF-8 leaves this mark; nearly every file is, and is read in a third of the time.
    if (text.startsWith(LFS_POINTER)) return { problem: refusePointer(name.shown) };
    if (!text.includes("\uFFFD") && !text.includes("\0"))
      return { text: text.startsWith(BOM) ? text.slice(BOM.length) : text };
  }
  const file = readBytes(path, name, MAX_FILE_BYTES, stats);
  return file.problem === undefined ? decodeText(file.bytes, name.shown) : file;
}

/** How what Git LFS leaves in the place of a file begins. */
const LFS_POINTER = "version https://git-lfs.github.com/spec/v1\n";

function refusePointer(shown: string): Problem {
  return report("file-pointer", `${shown} is a pointer of Git LFS, not the file itself`, {
    at: { file: shown, line: 1, column: 1 },
    hint: "fetch the file with git lfs pull (in a workflow: lfs: true of actions/checkout)",
  });
}

/** The bytes of a file of at most `limit` bytes; or why it cannot be read. */
export function readBytes(
  path: string,
  name: FileName,
  limit: number,
  stats = statSync(path),
): BytesFile {
  // Seen before opening: to open a named pipe would wait for ever.
  if (!stats.isFile()) return { problem: refuseFile(name, "it is not a plain file") };
  if (stats.size > limit) return { problem: refuseSize(name.shown, stats.size, limit) };
  return { bytes: readFileSync(path) };
}

/** What `read` gives, or a failure of the file system as a problem. */
export function tryRead<T>(name: FileName, read: () => T): T | Refusal {
  try {
    return read();
  } catch (error) {
    return { problem: explainFailure(error, name) };
  }
}

/** A failure of the file system as a problem. Anything that is not one is a bug and is thrown on. */
export function explainFailure(error: unknown, name: FileName): Problem {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code !== "string") throw error;
  if (code === "ENOENT" || code === "ENOTDIR") {
    const at = placeName(name);
    return report(name.missing ?? "file-unreadable", `${name.shown} does not exist`, { at });
  }
  return refuseFile(name, REASONS[code] ?? `the system says ${code}`);
}

export function placeName(name: FileName): SourceSpan {
  return name.namedAt ?? { file: name.shown, line: 1, column: 1 };
}

function refuseFile(name: FileName, reason: string): Problem {
  return report("file-unreadable", `${name.shown} cannot be read: ${reason}`, {
    at: placeName(name),
  });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "you have no permission to read it",
  EPERM: "you have no permission to read it",
  EISDIR: "it is a folder",
  ELOOP: "its symbolic links go round in a circle",
  ENAMETOOLONG: "its name is too long",
  EMFILE: "too many files are open",
};

/** Of a file larger than `limit`, both in bytes. */
export function refuseSize(shown: string, size: number, limit: number): Problem {
  const [actual, most] = [size, limit].map((bytes) => bytes / 1024 / 1024);
  return report(
    "file-too-large",
    `${shown} is ${actual?.toFixed(1)} MiB; the limit is ${most} MiB`,
    {
      at: { file: shown, line: 1, column: 1 },
    },
  );
}

/** The text in `bytes`: UTF-8, or UTF-16 where a byte order mark says so, as some Windows editors write it. */
export function decodeText(bytes: Uint8Array, shown: string): TextFile {
  const encoding = detectEncoding(bytes);
  const nul = encoding === "utf-8" ? bytes.indexOf(0) : -1;
  if (nul >= 0) return refuseBinary(shown, new TextDecoder().decode(bytes.subarray(0, nul)));
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    const at = text.indexOf("\0");
    return at >= 0 ? refuseBinary(shown, text.slice(0, at)) : { text };
  } catch {
    return refuseEncoding(bytes, encoding, shown);
  }
}

const BOM = "\uFEFF";

function detectEncoding(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return "utf-8";
}

function refuseBinary(shown: string, before: string): TextFile {
  return {
    problem: report("file-binary", `${shown} is not a text file: it has a NUL character`, {
      at: placeAfter(shown, before),
    }),
  };
}

function refuseEncoding(bytes: Uint8Array, encoding: string, shown: string): TextFile {
  return {
    problem: report("file-encoding", `${shown} is not valid ${encoding.toUpperCase()}`, {
      at: placeAfter(shown, decodeValidStart(bytes, encoding)),
      hint: "save the file as UTF-8",
    }),
  };
}

function placeAfter(file: string, before: string) {
  return { file, ...placeOffset(findLineStarts(before), before.length) };
}

/** The longest start of `bytes` that decodes, found by halving: whether a start is valid only ever changes once. */
function decodeValidStart(bytes: Uint8Array, encoding: string): string {
  const decode = (end: number): string | undefined => {
    try {
      // As a stream, so that a character cut in two at the end is not taken for an invalid one.
      const decoder = new TextDecoder(encoding, { fatal: true });
      return decoder.decode(bytes.subarray(0, end), { stream: true });
    } catch {
      return undefined;
    }
  };
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (decode(middle) === undefined) high = middle - 1;
    else low = middle;
  }
  return decode(low) ?? "";
}
