interface Signals {
  on(event: "SIGINT" | "SIGTERM", listener: () => void): unknown;
  off(event: "SIGINT" | "SIGTERM", listener: () => void): unknown;
}

export interface Cancellation {
  /** Aborted by the first signal: finish what is in flight, start no more. */
  readonly stop: AbortSignal;
  /** Aborted by the second: drop everything. */
  readonly abort: AbortSignal;
  close(): void;
}

/** A cancelled run gets SIGINT, some seconds later SIGTERM, and is killed soon after. */
export function watchSignals(process: Signals): Cancellation {
  const [stop, abort] = [new AbortController(), new AbortController()];
  const cancel = (): void => (stop.signal.aborted ? abort : stop).abort();
  process.on("SIGINT", cancel);
  process.on("SIGTERM", cancel);
  return {
    stop: stop.signal,
    abort: abort.signal,
    close() {
      process.off("SIGINT", cancel);
      process.off("SIGTERM", cancel);
    },
  };
}
