import { lookup as lookUp } from "node:dns/promises";
import { isIP } from "node:net";
import { explainNetworkError, type NetworkFault } from "../http/network.ts";
import { waitUnder } from "../http/wait-under.ts";

export interface Address {
  readonly address: string;
  readonly family: number;
}

/** Resolves a name as connections do: by the system, its hosts file included. */
export type Lookup = (name: string) => Promise<readonly Address[]>;

export type NameReading =
  | { readonly state: "found"; readonly addresses: readonly Address[] }
  /** The host is an address itself. */
  | { readonly state: "literal"; readonly addresses: readonly Address[] }
  | { readonly state: "fault"; readonly fault: NetworkFault }
  | { readonly state: "silent" };

/** How long to wait for one step, in milliseconds, and what ends the waiting at once. */
export interface Patience {
  readonly timeout: number;
  readonly signal: AbortSignal;
}

const systemLookup: Lookup = (name) => lookUp(name, { all: true });

/** The addresses of a host as a URL spells it. Throws only the signal's reason, on abort. */
export async function probeName(
  host: string,
  { timeout, signal }: Patience,
  lookup: Lookup = systemLookup,
): Promise<NameReading> {
  const name = host.replace(/^\[(.*)\]$/, "$1");
  const family = isIP(name);
  if (family !== 0) return { state: "literal", addresses: [{ address: name, family }] };
  const late = AbortSignal.timeout(timeout);
  try {
    const addresses = await waitUnder(lookup(name), AbortSignal.any([signal, late]));
    return addresses.length === 0
      ? { state: "fault", fault: explainNetworkError(NO_ADDRESS, name) }
      : { state: "found", addresses };
  } catch (error) {
    signal.throwIfAborted();
    if (late.aborted) return { state: "silent" };
    return { state: "fault", fault: explainNetworkError(error, name) };
  }
}

const NO_ADDRESS = Object.assign(new Error("no address"), { code: "ENOTFOUND" });

/** `private`: only within one network or its VPN · `loopback`: this machine · `none`: means "nowhere", as filters answer. */
export type Reach = "public" | "private" | "loopback" | "none";

const REACHES: readonly (readonly [RegExp, Reach])[] = [
  [/^(0\.0\.0\.0|::)$/, "none"],
  [/^(127\.|::1$)/, "loopback"],
  [/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.)/, "private"],
  // Carriers and overlay networks hand these out behind their own NAT.
  [/^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./, "private"],
  [/^f[cd][\da-f]{2}:/, "private"],
  [/^fe[89ab][\da-f]:/, "private"],
];

/** Where an address can be reached from. */
export function judgeReach({ address }: Pick<Address, "address">): Reach {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, "");
  return REACHES.find(([pattern]) => pattern.test(plain))?.[1] ?? "public";
}
