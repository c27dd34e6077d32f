import { sep } from "node:path";

/** One file of a tree. */
export interface TreeEntry {
  readonly kind: "file" | "link";
  /** The id of the blob that holds its content, or the target of the link. */
  readonly id: string;
  /** Relative, with forward slashes; it leads nowhere else. */
  readonly path: string;
}

const LINK = "120000";

/**
 * What `git ls-tree -r -z` lists. Left out are submodules, names that are not UTF-8, and names that no work tree can
 * have, such as `..`: a tree written by hand may hold them.
 */
export function parseTree(listing: Uint8Array): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let start = 0, end = 0; start < listing.length; start = end + 1) {
    end = listing.indexOf(0, start);
    if (end < 0) throw new RangeError("git ls-tree ended within an entry");
    const entry = parseEntry(listing.subarray(start, end));
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

function parseEntry(line: Uint8Array): TreeEntry | undefined {
  const tab = line.indexOf(9);
  const [mode, type, id = ""] = new TextDecoder().decode(line.subarray(0, tab)).split(" ");
  const path = decodeName(line.subarray(tab + 1));
  if (type !== "blob" || path === undefined || !isPlain(path)) return undefined;
  return { kind: mode === LINK ? "link" : "file", id, path };
}

/** The text that bytes stand for in UTF-8, a byte order mark included; undefined when they are not UTF-8. */
export function decodeName(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function isPlain(path: string): boolean {
  return path.split("/").every((part) => {
    const special = part === "" || part === "." || part === ".." || part.toLowerCase() === ".git";
    return !special && !part.includes(sep);
  });
}
