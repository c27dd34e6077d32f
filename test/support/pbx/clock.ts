import type { Clock } from "../../../src/domain/ports.ts";

export interface VirtualClock extends Clock {
  /** Every wait asked for so far, in milliseconds. */
  readonly sleeps: readonly number[];
}

interface Sleeper {
  readonly wakes: number;
  wake(): void;
}

/**
 * Time that passes only while everybody sleeps: one turn of the event loop wakes the sleeper who is due
 * first and sets the time to when that is. An aborted sleep throws an error of its own, as Node's timers do.
 */
export function createVirtualClock(start = Date.UTC(2026, 0, 5, 8)): VirtualClock {
  const sleepers = new Set<Sleeper>();
  const sleeps: number[] = [];
  let now = start;
  let turning = false;

  function turn(): void {
    if (turning) return;
    turning = true;
    setImmediate(() => {
      turning = false;
      const [first] = [...sleepers].toSorted((a, b) => a.wakes - b.wakes);
      if (first === undefined) return;
      now = Math.max(now, first.wakes);
      first.wake();
      if (sleepers.size > 0) turn();
    });
  }

  return {
    sleeps,
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise<void>((resolve, reject) => {
        const cutShort = (): void => {
          sleepers.delete(sleeper);
          reject(new DOMException("The operation was aborted", "AbortError"));
        };
        const sleeper: Sleeper = {
          wakes: now + milliseconds,
          wake() {
            sleepers.delete(sleeper);
            signal?.removeEventListener("abort", cutShort);
            resolve();
          },
        };
        if (signal?.aborted === true) return cutShort();
        sleeps.push(milliseconds);
        signal?.addEventListener("abort", cutShort, { once: true });
        sleepers.add(sleeper);
        turn();
      }),
  };
}

/** Time that stands still, for a wait that only an abort ends. */
export function createStoppedClock(): VirtualClock & { readonly asleep: Promise<void> } {
  const asleep = createLatch();
  const sleeps: number[] = [];
  return {
    sleeps,
    asleep: asleep.opened,
    now: () => 0,
    sleep: (milliseconds, signal) =>
      new Promise<void>((_, reject) => {
        sleeps.push(milliseconds);
        signal?.addEventListener("abort", () => {
          reject(new DOMException("The operation was aborted", "AbortError"));
        });
        asleep.open();
      }),
  };
}

export interface Latch {
  readonly opened: Promise<void>;
  open(): void;
}

/** Holds up whoever waits for it until the test opens it. */
export function createLatch(): Latch {
  const waiting: (() => void)[] = [];
  const opened = new Promise<void>((resolve) => {
    waiting.push(resolve);
  });
  return {
    opened,
    open() {
      for (const goOn of waiting) goOn();
    },
  };
}

/** Lets everything that is ready to go on do so. */
export function letOthersRun(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
