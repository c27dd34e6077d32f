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
  const listener = (): void => {
    if (stop.signal.aborted) return abort.abort();
    console.err("Stopping: finishing the request in flight. Once more stops at once.\n");
    stop.abort();
  };
  process.on("SIGINT", listener);
  process.on("SIGTERM", listener);
  return {
    stop: stop.signal,
    abort: abort.signal,
    close() {
      process.off("SIGINT", listener);
      process.off("SIGTERM", listener);
    },
  };
}
