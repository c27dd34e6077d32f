import { quoteText } from "../problems/names.ts";
import { LOCAL_SIZE, STORED, type ZipEntry } from "./zip-entry.ts";

/** Far more prompts than a call flow has. */
export const MAX_ENTRIES = 4096;
/** What all entries together may claim to unpack to, in bytes; nothing but the wanted ones is ever unpacked. */
const MAX_UNPACKED = 512 * 1024 * 1024;
/** Deflate makes nothing smaller than this share. */
const MAX_RATIO = 1032;

const FILE_TYPES: Readonly<Record<number, string>> = {
  0xa: "is a symbolic link",
  0x1: "is a pipe",
  0x2: "is a device",
  0x6: "is a device",
  0xc: "is a socket",
};

/**
 * The first thing in a list of entries that no honest archive has, as a clause that follows the archive's name.
 * `end` is where the directory starts: all entries lie before it.
 */
export function judgeEntries(entries: readonly ZipEntry[], end: number): string | undefined {
  for (const entry of entries) {
    const fault = judgeEntry(entry);
    if (fault !== undefined) return `holds ${quoteText(entry.name)}, which ${fault}`;
  }
  const twin = findTwin(entries);
  if (twin !== undefined) return `holds ${quoteText(twin)} twice`;
  const unpacked = entries.reduce((sum, { size }) => sum + size, 0);
  if (unpacked > MAX_UNPACKED) {
    const mebibytes = Math.ceil(unpacked / 1024 / 1024);
    return `would unpack to ${mebibytes} MiB; the limit is ${MAX_UNPACKED / 1024 / 1024} MiB`;
  }
  return overlaps(entries, end) ? "is damaged: its entries overlap" : undefined;
}

function judgeEntry({ name, encrypted, type, method, packed, size }: ZipEntry): string | undefined {
  if (leadsOut(name)) return "leads out of the archive";
  if (/\p{Cc}/u.test(name)) return "has control characters in its name";
  if (encrypted) return "is encrypted";
  const possible = method === STORED ? size === packed : size <= packed * MAX_RATIO;
  return possible ? FILE_TYPES[type] : "claims a size that its content cannot have";
}

/** A folder's name ends in a slash; apart from that every part of a name must be one. */
function leadsOut(name: string): boolean {
  const parts = name.replace(/\/$/, "").split("/");
  return /^[a-z]:/i.test(name) || parts.some((part) => ["", ".", ".."].includes(part));
}

/** A name that stands twice, also where only capitals or the spelling of accents differ: on Windows it is one file. */
function findTwin(entries: readonly ZipEntry[]): string | undefined {
  const seen = new Set<string>();
  return entries.find(({ name }) => {
    const folded = name.replace(/\/$/, "").normalize("NFC").toLowerCase();
    return seen.size === seen.add(folded).size;
  })?.name;
}

function overlaps(entries: readonly ZipEntry[], end: number): boolean {
  const inOrder = entries.toSorted((a, b) => a.offset - b.offset);
  return inOrder.some(({ offset, rawName, packed }, index) => {
    const next = inOrder[index + 1]?.offset ?? end;
    return offset + LOCAL_SIZE + rawName.length + packed > next;
  });
}
