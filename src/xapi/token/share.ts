import { waitUnder } from "../http/wait-under.ts";

/** Work that many wait for together. */
export interface Shared<T> {
  /** True while it goes on. */
  running(): boolean;
  /**
   * Its outcome; starts it when it is not going on. Each caller waits under a signal of its own and gets that
   * signal's reason on abort; the work is aborted when the last of them has given up.
   */
  join(signal?: AbortSignal): Promise<T>;
}

interface Run<T> {
  readonly result: Promise<T>;
  readonly giveUp: AbortController;
  waiting: number;
}

export function share<T>(work: (signal: AbortSignal) => Promise<T>): Shared<T> {
  let current: Run<T> | undefined;

  function start(): Run<T> {
    const giveUp = new AbortController();
    const run = { result: work(giveUp.signal), giveUp, waiting: 0 };
    const end = (): void => forget(run);
    run.result.then(end, end);
    return run;
  }

  // Whoever comes after the end, or after all have given up, starts anew.
  function forget(run: Run<T>): void {
    if (current === run) current = undefined;
  }

  return {
    running: () => current !== undefined,
    async join(signal) {
      signal?.throwIfAborted();
      current ??= start();
      const run = current;
      run.waiting += 1;
      try {
        return await waitUnder(run.result, signal);
      } finally {
        run.waiting -= 1;
        if (run.waiting === 0) {
          forget(run);
          run.giveUp.abort();
        }
      }
    },
  };
}
