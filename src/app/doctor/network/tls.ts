import type { Verdict } from "../../../domain/diagnosis.ts";
import type { Address, Patience } from "../../../xapi/probe/name.ts";
import { probeTls, type TlsReading } from "../../../xapi/probe/tls.ts";
import { isLoopback } from "../../settings/address.ts";
import { advisePort, adviseScheme } from "./advise-port.ts";
import { explainFault, tellFacts } from "./certificate.ts";
import { findOpenPort } from "./port.ts";
import { tellTime } from "./tell-time.ts";
import type { Place } from "./url.ts";

/** Days before its end from which a certificate is worth a warning. */
const SOON = 14;

const DAY = 86_400_000;

export interface TlsSurroundings extends Patience {
  readonly addresses: readonly Address[];
  /** PEM of a further authority, and the file that it came from. */
  readonly ca: string | undefined;
  readonly caFile: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Shakes hands and judges the certificate. */
export async function checkTls(place: Place, around: TlsSurroundings): Promise<Verdict<undefined>> {
  const { host, port } = place;
  if (!place.secure) return judgePlainHttp(place);
  const reading = await probeTls({ host, port, ...around });
  if (reading.state === "spoken") return judgeSession(place, reading, around);
  if (reading.state === "silent")
    return {
      state: "failed",
      found: [`${host}:${port} took the connection and began no TLS within ${tellTime(around)}`],
      advice: "check the port; a firewall or proxy on the way may also hold connections open",
    };
  if (reading.state === "plain")
    return {
      state: "failed",
      found: [`${host}:${port} does not speak TLS`],
      advice: await adviseOtherPort(place, around),
    };
  return {
    state: "failed",
    found: [reading.fault.text],
    advice: reading.fault.hint ?? "check the port, and what stands between here and the PBX",
  };
}

function judgePlainHttp({ origin, host }: Place): Verdict<undefined> {
  if (isLoopback(host))
    return { state: "ok", found: ["plain http to this machine: no certificate"], value: undefined };
  return {
    state: "warning",
    found: [`${origin} is plain http: the client secret travels in the clear`],
    advice: "use https for anything but a test",
    value: undefined,
  };
}

async function adviseOtherPort(place: Place, around: TlsSurroundings): Promise<string> {
  const other = await findOpenPort(around.addresses, place.port, around);
  return other === undefined ? adviseScheme(place) : advisePort(place.host, other);
}

type Spoken = Extract<TlsReading, { readonly state: "spoken" }>;

function judgeSession(
  place: Place,
  { certificate, faults, protocol, refusal }: Spoken,
  around: TlsSurroundings,
): Verdict<undefined> {
  const facts = tellFacts(certificate);
  if (faults.length > 0) {
    const { caFile, now } = around;
    const trouble = { ...place, certificate, refusal, caFile, now };
    const told = faults.map((fault) => explainFault(fault, trouble));
    return {
      state: "failed",
      found: [...told.map(([text]) => text), ...facts],
      advice: told.map(([, advice]) => advice).join("; "),
    };
  }
  const days = Math.floor((certificate.validTo - around.now) / DAY);
  if (days < SOON)
    return {
      state: "warning",
      found: [`the certificate ends in ${days === 1 ? "1 day" : `${days} days`}`, ...facts],
      advice: "renew it on the PBX",
      value: undefined,
    };
  return { state: "ok", found: [protocol, ...facts], value: undefined };
}
