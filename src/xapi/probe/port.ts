import { connect, type Socket, type TcpNetConnectOpts } from "node:net";
import { explainNetworkError, findCode, type NetworkFault } from "../http/network.ts";
import type { Address, Patience } from "./name.ts";

/** Of the addresses of one name, so many are tried. */
const MAX_ADDRESSES = 4;

export interface PortReading {
  readonly address: string;
  /** `open`: something took the connection · `refused`: the machine is there, nothing listens · `silent`: no word in time. */
  readonly state: "open" | "refused" | "silent" | "fault";
  /** Present with the state `fault`. */
  readonly fault?: NetworkFault;
}

/** Begins a connection that ends with the signal; the system's own, unless a test has another. */
export type Dial = (options: TcpNetConnectOpts & { readonly signal: AbortSignal }) => Socket;

/** Opens a connection to the port and closes it again, at each address by itself. Throws only the signal's reason. */
export async function probePort(
  addresses: readonly Address[],
  port: number,
  patience: Patience,
  dial: Dial = connect,
): Promise<PortReading[]> {
  const few = addresses.slice(0, MAX_ADDRESSES);
  return Promise.all(few.map(({ address }) => probeAddress(address, port, patience, dial)));
}

function probeAddress(
  address: string,
  port: number,
  patience: Patience,
  dial: Dial,
): Promise<PortReading> {
  const { timeout, signal } = patience;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const late = AbortSignal.timeout(timeout);
    const socket = dial({ host: address, port, signal: AbortSignal.any([signal, late]) });
    socket.once("connect", () => {
      socket.destroy();
      resolve({ address, state: "open" });
    });
    socket.once("error", (error) => {
      if (signal.aborted) reject(signal.reason);
      else if (late.aborted) resolve({ address, state: "silent" });
      else resolve(readFailure(error, address));
    });
  });
}

function readFailure(error: Error, address: string): PortReading {
  if (findCode(error).code === "ECONNREFUSED") return { address, state: "refused" };
  return { address, state: "fault", fault: explainNetworkError(error, address) };
}
