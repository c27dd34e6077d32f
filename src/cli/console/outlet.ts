import { fstatSync, writeSync } from "node:fs";

/** One stream of the process, of which is known whether all that was written has arrived. */
export interface Outlet {
  write(text: string): void;
  /** Waits until everything is written, or cannot be. */
  flush(): Promise<void>;
  /** Why something was lost; undefined when nothing was, or when the reader closed its end because it had seen enough. */
  failure(): string | undefined;
}

type Stream = NodeJS.WriteStream;

export function createOutlet(stream: Stream): Outlet {
  let ended: { readonly code: unknown; readonly text: string } | undefined;
  const end = (error: unknown): void => {
    if (error instanceof Error)
      ended ??= { code: "code" in error ? error.code : undefined, text: error.message };
  };
  // Without a listener, a full disk would end the process with a stack trace.
  stream.on("error", end);
  const file = findFile(stream);
  return {
    write(text) {
      if (ended !== undefined) return;
      if (file === undefined) stream.write(text, end);
      else writeFile(file, text, end);
    },
    async flush() {
      if (file !== undefined || ended !== undefined || stream.destroyed) return;
      await new Promise<void>((resolve) => {
        stream.write("", (error) => {
          end(error);
          resolve();
        });
      });
    },
    failure: () => (ended?.code === "EPIPE" ? undefined : ended?.text),
  };
}

/** The descriptor of what is no pipe, socket or terminal. */
function findFile(stream: Stream): number | undefined {
  // Node gives its own streams one, which their type leaves out.
  const fd: unknown = Reflect.get(stream, "fd");
  if (typeof fd !== "number" || stream.isTTY) return undefined;
  try {
    const stats = fstatSync(fd);
    return stats.isFile() || stats.isCharacterDevice() ? fd : undefined;
  } catch {
    return undefined;
  }
}

/** Node's own stream for files writes once, and takes it for success when a disk that fills up has kept only a part. */
function writeFile(fd: number, text: string, onError: (error: unknown) => void): void {
  const bytes = Buffer.from(text);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
  } catch (error) {
    onError(error);
  }
}
