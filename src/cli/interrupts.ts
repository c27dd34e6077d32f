import type { Console } from "./console.ts";

interface Signals {
  on(event: "SIGINT" | "SIGTERM", listener: () => void): unknown;
  off(event: "SIGINT" | "SIGTERM", listener: () => void): unknown;
}

export interface Interrupts {
  /** Aborted by the first Ctrl-C: finish what is in flight, start no more. */
  readonly stop: AbortSignal;
  /** Aborted by the second: drop everything. */
  readonly abort: AbortSignal;
  close(): void;
}

export function watchInterrupts(process: Signals, console: Console): Interrupts {
  const [stop, abort] = [new AbortController(), new AbortController()];
  const terminate = (): void => (stop.signal.aborted ? abort : stop).abort();
  const interrupt = (): void => {
    // Only a person who pressed Ctrl-C is there to read this.
    if (!stop.signal.aborted)
      console.err("Stopping: finishing the request in flight. Once more stops at once.\n");
    terminate();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", terminate);
  return {
    stop: stop.signal,
    abort: abort.signal,
    close() {
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", terminate);
    },
  };
}
