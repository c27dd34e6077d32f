import type { ArchiveRule } from "../../domain/ports.ts";
import type { Problem } from "../../domain/problem.ts";
import { report } from "../problems/codes.ts";
import { type Folders, readProjectBytes } from "../files/folders.ts";
import {
  decodeText,
  type FileName,
  MAX_FILE_BYTES,
  refuseSize,
  type TextFile,
} from "../files/read-text.ts";
import { readZipDirectory } from "./zip-directory.ts";
import { unpackEntry, type ZipEntry } from "./zip-entry.ts";

/** Prompts are in it too: more than an hour of them, at the 16 kB a second that the PBX takes. */
const MAX_ARCHIVE_BYTES = 64 * 1024 * 1024;

export type ArchiveText =
  | {
      readonly text: string;
      /** The entry as problems show it: `apps/menu.zip/Sources/Main.cs`. */
      readonly file: string;
      /** The archive as problems show it. */
      readonly archive: string;
      /** The key that the archive says it was built for. */
      readonly builtFor: string | undefined;
      readonly problem?: undefined;
    }
  | { readonly problem: Problem };

/**
 * The text of the one entry that `rule` chooses in the archive at `path`; or the one reason why it cannot be had. At most
 * 64 MiB are read, and two entries unpacked, each to at most 5 MiB.
 */
export function readArchive(
  path: string,
  name: FileName,
  rule: ArchiveRule,
  folders: Folders,
): ArchiveText {
  const file = readProjectBytes(path, name, MAX_ARCHIVE_BYTES, folders);
  if (file.problem !== undefined) return file;
  const { entries, fault } = readZipDirectory(file.bytes);
  const archive = { shown: name.shown, bytes: file.bytes, rule };
  return fault === undefined
    ? readChosen(entries, archive)
    : { problem: refuse("archive-invalid", fault, archive) };
}

interface Archive {
  /** As problems show it. */
  readonly shown: string;
  readonly bytes: Uint8Array;
  readonly rule: ArchiveRule;
}

function readChosen(entries: readonly ZipEntry[], archive: Archive): ArchiveText {
  const choice = archive.rule.choose(entries.map(({ name }) => name));
  if (choice.fault !== undefined) {
    return { problem: refuse("archive-content", choice.fault, archive) };
  }
  const description = readEntry(choice.description, entries, archive);
  if (description.problem !== undefined) return description;
  const { key, fault } = archive.rule.readKey(description.text);
  if (fault !== undefined) {
    return { problem: refuse("archive-content", fault, archive, choice.description) };
  }
  const { text, problem } = readEntry(choice.text, entries, archive);
  if (problem !== undefined) return { problem };
  const file = nameEntry(archive, choice.text);
  return { text, file, archive: archive.shown, builtFor: key };
}

function readEntry(name: string, entries: readonly ZipEntry[], archive: Archive): TextFile {
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry === undefined) throw new TypeError(`the archive has no ${name} to choose`);
  const shown = nameEntry(archive, name);
  if (entry.size > MAX_FILE_BYTES) {
    return { problem: placeIn(archive, refuseSize(shown, entry.size, MAX_FILE_BYTES)) };
  }
  const { content, fault } = unpackEntry(archive.bytes, entry);
  if (fault !== undefined) return { problem: refuse("archive-invalid", fault, archive) };
  const file = decodeText(content, shown);
  return file.problem === undefined ? file : { problem: placeIn(archive, file.problem) };
}

function nameEntry({ shown }: Archive, name: string): string {
  return `${shown}/${name}`;
}

/** A problem of an entry also says on which file of the disk it is. */
function placeIn({ shown }: Archive, problem: Problem): Problem {
  return problem.at === undefined ? problem : { ...problem, at: { ...problem.at, archive: shown } };
}

/** `fault` is a clause that follows the name of the archive, or of the entry it is about. */
function refuse(
  code: "archive-invalid" | "archive-content",
  fault: string,
  archive: Archive,
  entry?: string,
): Problem {
  const file = entry === undefined ? archive.shown : nameEntry(archive, entry);
  const problem = report(code, `${file} ${fault}`, {
    at: { file, line: 1, column: 1 },
    hint: `a ${archive.rule.noun} is expected here; build it again`,
  });
  return entry === undefined ? problem : placeIn(archive, problem);
}
