import { LOCAL_HEADER, type ZipEntry, type ZipFault } from "./zip-entry.ts";
import { judgeEntries, MAX_ENTRIES } from "./zip-rules.ts";

export type ZipDirectory =
  | { readonly entries: readonly ZipEntry[]; readonly fault?: undefined }
  | (ZipFault & { readonly entries?: undefined });

const ENTRY_HEADER = 0x02014b50;
const ENTRY_SIZE = 46;
const END_HEADER = 0x06054b50;
const END_SIZE = 22;
const ZIP64_LOCATOR = 0x07064b50;
const ZIP64_LOCATOR_SIZE = 20;
const LONGEST_COMMENT = 0xffff;

const ENCRYPTED = 0x0001;
const UTF8 = 0x0800;

const DAMAGED: ZipFault = { fault: "is damaged: its directory cannot be read" };

/**
 * The directory of a zip archive (PKWARE APPNOTE 6.3), judged as a whole before anything is unpacked: where readers of zip
 * archives differ in what they make of one, it is refused. Linear in the size of the directory.
 */
export function readZipDirectory(bytes: Uint8Array): ZipDirectory {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end === undefined) return { fault: explainNoEnd(view) };
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  const start = view.getUint32(end + 16, true);
  if (count === 0xffff || start === 0xffffffff || hasLocator(view, end)) {
    return { fault: "is a zip64 archive, a form for archives of 4 GiB and more" };
  }
  const parts = [view.getUint16(end + 4, true), view.getUint16(end + 6, true)];
  if (parts.some((part) => part > 0) || view.getUint16(end + 8, true) !== count) {
    return { fault: "is one part of an archive in several parts" };
  }
  if (start + size !== end) return DAMAGED;
  if (count > MAX_ENTRIES) {
    return { fault: `has ${count} entries; the limit is ${MAX_ENTRIES}` };
  }
  const entries: ZipEntry[] = [];
  let at = start;
  while (at < end) {
    const found = readEntry(bytes, view, at, end);
    if (found === undefined) return DAMAGED;
    entries.push(found.entry);
    at = found.next;
  }
  if (entries.length !== count) return DAMAGED;
  const fault = judgeEntries(entries, start);
  return fault === undefined ? { entries } : { fault };
}

/** The record at the end of the archive, which nothing but its own comment may follow. */
function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - END_SIZE;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at -= 1) {
    const comment = view.getUint32(at, true) === END_HEADER && view.getUint16(at + 20, true);
    if (comment === last - at) return at;
  }
  return undefined;
}

function explainNoEnd(view: DataView): string {
  const begun = view.byteLength >= 4 && view.getUint32(0, true) === LOCAL_HEADER;
  return begun ? "is cut short: the directory at its end is missing" : "is not a zip archive";
}

function hasLocator(view: DataView, end: number): boolean {
  const at = end - ZIP64_LOCATOR_SIZE;
  return at >= 0 && view.getUint32(at, true) === ZIP64_LOCATOR;
}

function readEntry(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  end: number,
): { readonly entry: ZipEntry; readonly next: number } | undefined {
  if (at + ENTRY_SIZE > end || view.getUint32(at, true) !== ENTRY_HEADER) return undefined;
  const flags = view.getUint16(at + 8, true);
  const nameEnd = at + ENTRY_SIZE + view.getUint16(at + 28, true);
  const next = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  if (next > end) return undefined;
  const rawName = bytes.subarray(at + ENTRY_SIZE, nameEnd);
  const name = decodeName(rawName, (flags & UTF8) !== 0);
  if (name === undefined) return undefined;
  const entry = {
    name,
    rawName,
    method: view.getUint16(at + 10, true),
    encrypted: (flags & ENCRYPTED) !== 0,
    type: view.getUint16(at + 40, true) >> 12,
    checksum: view.getUint32(at + 16, true),
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
  };
  return { entry, next };
}

/** Windows programs of old write backslashes between folders, .NET before 4.6.1 among them. */
function decodeName(raw: Uint8Array, utf8: boolean): string | undefined {
  try {
    // Without the flag it is in a code page that nothing names; all that matters here is its ASCII.
    const decoder = new TextDecoder(utf8 ? "utf-8" : "latin1", { fatal: true, ignoreBOM: true });
    return decoder.decode(raw).replaceAll("\\", "/");
  } catch {
    return undefined;
  }
}
