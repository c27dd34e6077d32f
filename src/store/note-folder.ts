import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import path from "node:path";

/** Notes on this machine, one for each resource whose text was sent and has no verdict yet. */
export interface NoteFolder {
  /** What is noted, by the name of the resource. What cannot be read is not noted. */
  read(): Promise<ReadonlyMap<string, string>>;
  /** The note is on disk when it returns, so that a killed run leaves it. Throws where it cannot be written. */
  write(resource: string, note: string): Promise<void>;
  remove(resource: string): Promise<void>;
}

interface Note {
  readonly resource: string;
  readonly note: string;
}

/** The notes about one PBX in a folder that need not be there. */
export function openNotes(folder: string, origin: string): NoteFolder {
  const place = path.join(folder, hash(origin));
  const fileOf = (resource: string): string => path.join(place, `${hash(resource)}.json`);
  return {
    async read() {
      const names = await readdir(place).catch(() => []);
      const notes = await Promise.all(names.map((name) => readNote(path.join(place, name))));
      return new Map(notes.flatMap((found) => (found ? [[found.resource, found.note]] : [])));
    },
    async write(resource, note) {
      await mkdir(place, { recursive: true, mode: 0o700 });
      await writeFile(fileOf(resource), JSON.stringify({ resource, note }), { mode: 0o600 });
    },
    async remove(resource) {
      await rm(fileOf(resource), { force: true });
      // Goes only when it was the last.
      await rmdir(place).catch(() => undefined);
    },
  };
}

async function readNote(file: string): Promise<Note | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    return isNote(value) ? value : undefined;
  } catch {
    // Cut off while it was written, which is before the text was sent.
    return undefined;
  }
}

function isNote(value: unknown): value is Note {
  return (
    typeof value === "object" &&
    value !== null &&
    "resource" in value &&
    typeof value.resource === "string" &&
    "note" in value &&
    typeof value.note === "string"
  );
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
