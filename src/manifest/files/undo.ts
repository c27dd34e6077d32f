import { existsSync } from "node:fs";
import { dirname } from "node:path";

import type { Disk } from "./disk.ts";
import {
  hashBytes,
  type Journal,
  type JournalEntry,
  locateJournal,
  nameStaged,
} from "./journal.ts";

/** What stands in the place of a file, in the words of its journal entry. */
type Standing = "before" | "after" | "absent" | "foreign";

export async function judgeFile(
  { path, before, after }: JournalEntry,
  disk: Disk,
): Promise<Standing> {
  const found = await disk.read(path);
  if (found === undefined) return "absent";
  const hash = hashBytes(found);
  if (hash === before) return "before";
  return hash === after ? "after" : "foreign";
}

/** True where the text that a file held before stands beside it. */
export async function hasLast({ path, before }: JournalEntry, disk: Disk): Promise<boolean> {
  const last = await disk.read(nameStaged(path).last);
  return last !== undefined && hashBytes(last) === before;
}

/** Every file as it was. What has been undone already, and what holds something else by now, is left alone. */
export async function undo({ phase, entries }: Pick<Journal, "phase" | "entries">, disk: Disk) {
  for (const entry of entries.toReversed()) {
    const { path, before } = entry;
    const { next, last } = nameStaged(path);
    if (phase === "replacing") {
      const standing = await judgeFile(entry, disk);
      if (before === undefined && standing === "after") await disk.remove(path);
      const lost = standing === "after" || standing === "absent";
      if (lost && before !== undefined && (await hasLast(entry, disk)))
        await disk.rename(last, path);
    }
    await disk.remove(next);
    await disk.remove(last);
  }
  for (const folder of new Set(entries.map((entry) => dirname(entry.path)))) {
    if (existsSync(folder)) await disk.sync(folder);
  }
}

export async function endJournal(root: string, disk: Disk): Promise<void> {
  const path = locateJournal(root);
  await disk.remove(path);
  await disk.sync(dirname(path));
  await disk.removeFolder(dirname(path));
}
