import { open, stat } from "node:fs/promises";
import type { Exchange } from "./exchange.ts";
import { redact } from "./http/log.ts";

export interface Recorder {
  record(exchange: Exchange): void;
  /** Waits until every line is written. */
  close(): Promise<void>;
}

/** Appends every exchange to a file as one line of JSON, credentials left out. Throws when it cannot be opened. */
export async function openRecorder(file: string): Promise<Recorder> {
  // To open a pipe that nobody reads would wait for ever.
  const isPipe = await stat(file).then(
    (stats) => stats.isFIFO(),
    () => false,
  );
  if (isPipe) throw new Error(`${file} is a pipe, and exchanges are recorded in a file`);
  const handle = await open(file, "a");
  let last: Promise<unknown> = Promise.resolve();
  let failure: unknown;
  return {
    record({ request = null, response = null, ...exchange }) {
      const line = { ...exchange, request, response: redact(response) };
      last = last
        .then(async () => handle.appendFile(`${JSON.stringify(line)}\n`))
        .catch((error: unknown) => {
          failure ??= error;
        });
    },
    async close() {
      await last;
      await handle.close();
      if (failure !== undefined) throw failure;
    },
  };
}
