import { setTimeout as wait } from "node:timers/promises";

/** Time as the sandbox sees it, in milliseconds; a test hands in its own. */
export interface SandboxClock {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export const systemClock: SandboxClock = {
  now: () => Date.now(),
  // A delay must not keep the process alive once the sandbox is closed.
  sleep: async (milliseconds) => {
    await wait(milliseconds, undefined, { ref: false });
  },
};
