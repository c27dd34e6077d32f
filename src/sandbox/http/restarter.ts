import type { SandboxClock } from "../clock.ts";
import type { Listener } from "./listener.ts";

/** Takes the PBX off the network and brings it back, as a reboot does. */
export interface Restarter {
  readonly port: number;
  /** Goes away now, for that many milliseconds. */
  restart(milliseconds: number): void;
  /** Goes away for good. Throws what kept it from coming back after a restart. */
  close(): Promise<void>;
}

export function createRestarter(listener: Listener, clock: SandboxClock): Restarter {
  let closed = false;
  let failure: unknown;
  const comeBack = async (milliseconds: number): Promise<void> => {
    await listener.close("at-once");
    await clock.sleep(milliseconds);
    if (!closed) await listener.reopen();
  };
  return {
    port: listener.port,
    restart(milliseconds) {
      comeBack(milliseconds).catch((error: unknown) => {
        failure = error;
      });
    },
    async close() {
      closed = true;
      await listener.close("gracefully");
      if (failure !== undefined) throw failure;
    },
  };
}
