import { lstat, open, readFile, rename } from "node:fs/promises";
import { parseJson } from "../json.ts";
import type { Pbx, PbxSnapshot } from "../pbx/pbx.ts";

const FORMAT = "callform-sandbox/1";

/** The state that a sandbox left behind; undefined when the file is not there yet. Throws an Error for any other file. */
export async function readState(file: string): Promise<PbxSnapshot | undefined> {
  let text: string;
  try {
    // A pipe would wait for ever, and a save would replace it, or a link.
    if (!(await lstat(file)).isFile()) throw new Error(`${file} is not a plain file`);
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  const state = parseJson(text);
  if (isState(state)) return state.snapshot;
  throw new Error(
    `${file} is no state of a sandbox; name another file, or delete it to start from the seed`,
  );
}

/** Only the sandbox writes files of this format, so the rest is as it wrote it. */
function isState(value: unknown): value is { readonly snapshot: PbxSnapshot } {
  return (
    typeof value === "object" &&
    value !== null &&
    "format" in value &&
    value.format === FORMAT &&
    "snapshot" in value
  );
}

/**
 * Gives a function that returns once everything changed so far is in the file. Changes that come in
 * while it writes share the next write.
 */
export function createSaver(file: string, pbx: Pbx): () => Promise<void> {
  let saved = -1;
  let last: Promise<void> = Promise.resolve();
  const write = async (): Promise<void> => {
    const { revision } = pbx.store;
    if (revision === saved) return;
    await replaceFile(file, JSON.stringify({ format: FORMAT, snapshot: pbx.snapshot() }));
    saved = revision;
  };
  return async () => {
    if (pbx.store.revision === saved) return;
    last = last.then(write, write);
    await last;
  };
}

/** A crash leaves the old file or the new one, never half of either. */
async function replaceFile(file: string, text: string): Promise<void> {
  const draft = `${file}.tmp`;
  const handle = await open(draft, "w");
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}
