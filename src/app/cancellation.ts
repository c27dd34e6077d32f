type Signal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** The signals of a process, as much of it as is watched. */
export interface Signals {
  on(event: Signal, listener: () => void): unknown;
  off(event: Signal, listener: () => void): unknown;
}

export interface Cancellation {
  /** Aborted by the first signal: finish what is in flight, start no more. */
  readonly stop: AbortSignal;
  /** Aborted by the second: drop everything. */
  readonly abort: AbortSignal;
  close(): void;
}

/**
 * Listens to Ctrl-C and to whoever ends the process: GitHub sends SIGINT, some seconds later SIGTERM, and kills soon after.
 * `onInterrupt` is told of a first SIGINT, where only a person may have pressed Ctrl-C.
 */
export function watchSignals(
  process: Signals,
  onInterrupt: () => void = () => undefined,
): Cancellation {
  const [stop, abort] = [new AbortController(), new AbortController()];
  const terminate = (): void => (stop.signal.aborted ? abort : stop).abort();
  // When a terminal goes, the system and the shell both say so: twice is not once more.
  const hangUp = (): void => stop.abort();
  const interrupt = (): void => {
    if (!stop.signal.aborted) onInterrupt();
    terminate();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", terminate);
  process.on("SIGHUP", hangUp);
  return {
    stop: stop.signal,
    abort: abort.signal,
    close() {
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", terminate);
      process.off("SIGHUP", hangUp);
    },
  };
}
