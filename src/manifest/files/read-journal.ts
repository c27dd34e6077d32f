import { join } from "node:path";

import { failure, type ProblemError } from "../../domain/problem.ts";
import { type Json, parseShallowJson } from "../../domain/json.ts";
import { isList, isObject } from "../json.ts";
import { quoteText } from "../problems/names.ts";
import { type Journal, JOURNAL, JOURNAL_FOLDER, type JournalEntry, VERSION } from "./journal.ts";

/** Of the journal; one of many thousands of files stays well below. */
export const MAX_JOURNAL_BYTES = 8 * 1024 * 1024;
const MAX_FILES = 30_000;
/** Of brackets: the journal, its files, one of them. */
const MAX_DEPTH = 3;
const MAX_PATH = 4096;

/**
 * The journal in bytes that anybody may have written: every member is judged, and a path that could name anything but a
 * file of the project's own makes all of it void. Throws ProblemError.
 */
export function readJournal(root: string, bytes: Uint8Array): Journal {
  const value = parseShallowJson(Buffer.from(bytes).toString(), MAX_DEPTH);
  if (value === undefined || !isObject(value) || value["version"] !== VERSION)
    throw refuseJournal("its form is another");
  const { phase, host, pid, files } = value;
  if (phase !== "staging" && phase !== "replacing") throw refuseJournal("it has no phase");
  if (typeof host !== "string" || host.length > MAX_PATH) throw refuseJournal("it names no host");
  if (typeof pid !== "number" || !Number.isInteger(pid) || pid < 1 || pid > 2 ** 31 - 1)
    throw refuseJournal("it names no process");
  if (files === undefined || !isList(files) || files.length > MAX_FILES)
    throw refuseJournal("it has no list of files");
  const entries = files.map((file) => readEntry(root, file));
  if (new Set(entries.map(({ path }) => path)).size < entries.length)
    throw refuseJournal("it names a file twice");
  return { phase, host, pid, entries };
}

function readEntry(root: string, entry: Json): JournalEntry {
  const { path, before, after } = isObject(entry) ? entry : {};
  const [last, next] = [before ?? undefined, after];
  if (before === undefined || !isHashOrNone(last) || next === undefined || !isHash(next))
    throw refuseJournal("it does not say what its files held");
  if (typeof path !== "string" || !isOwnPath(path))
    throw refuseJournal(
      `it names a path that is none of a project's files: ${typeof path === "string" ? quoteText(path) : "none"}`,
    );
  return { path: join(root, path), before: last, after: next };
}

function isHash(value: Json): value is string {
  return typeof value === "string" && /^[\da-f]{64}$/.test(value);
}

function isHashOrNone(value: Json | undefined): value is string | undefined {
  return value === undefined || isHash(value);
}

/** True for a relative path, with forward slashes, of what a pull or an init may write: never Git's own files or ours. */
function isOwnPath(path: string): boolean {
  if (path.length > MAX_PATH || /[\p{Cc}\\:]/u.test(path)) return false;
  return path.split("/").every((step) => {
    const folded = step
      .normalize("NFKC")
      .replaceAll(/\p{Cf}/gu, "")
      .toLowerCase();
    // Windows drops blanks and dots at the end of a name.
    const plain = folded.replace(/[ .]+$/, "");
    return plain !== "" && plain !== ".git" && plain !== JOURNAL_FOLDER && !isStaged(plain);
  });
}

function isStaged(name: string): boolean {
  return name.endsWith(".callform-new") || name.endsWith(".callform-old");
}

/** `reason` is a clause. */
export function refuseJournal(reason: string): ProblemError {
  const message = `${JOURNAL} was not written by this version of Callform: ${reason}`;
  const hint = `nothing was touched; see with git which files are as they should be, then remove ${JOURNAL}`;
  return failure("pull-interrupted", message, { hint });
}

/** What there is to say of a journal that Git keeps. */
export function refuseTracked(): { readonly message: string; readonly hint: string } {
  return {
    message: `${JOURNAL} is not believed: it came with the repository, so it tells of nothing that was stopped here`,
    hint: `nothing was touched; take it out of Git: git rm -r ${JOURNAL_FOLDER}`,
  };
}
