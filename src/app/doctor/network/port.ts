import type { Verdict } from "../../../domain/diagnosis.ts";
import { judgeReach, type Address, type Patience } from "../../../xapi/probe/name.ts";
import { probePort, type Dial, type PortReading } from "../../../xapi/probe/port.ts";
import { SECURE_PORT } from "../../settings/address.ts";
import { advisePort } from "./advise-port.ts";
import { tellTime } from "./tell-time.ts";
import type { Place } from "./url.ts";

const WEB_PORTS = [Number(SECURE_PORT), 443];

/** Connects, and where nothing answers sees whether 3CX's other web ports do. */
export async function checkPort(
  { host, port }: Place,
  addresses: readonly Address[],
  patience: Patience,
  dial?: Dial,
): Promise<Verdict<readonly Address[]>> {
  const readings = await probePort(addresses, port, patience, dial);
  const open = addresses.filter((_, place) => readings[place]?.state === "open");
  if (open.length > 0)
    return {
      state: "ok",
      found: readings.map((reading) => tellReading(reading, port, patience)),
      value: open,
    };
  const other = await findOpenPort(addresses, port, patience, dial);
  return {
    state: "failed",
    found: readings.map((reading) => tellReading(reading, port, patience)),
    advice: other === undefined ? adviseClosed(readings, addresses) : advisePort(host, other),
  };
}

/** A port of 3CX's web server, other than this one, that takes connections. */
export async function findOpenPort(
  addresses: readonly Address[],
  except: number,
  patience: Patience,
  dial?: Dial,
): Promise<number | undefined> {
  const ports = WEB_PORTS.filter((port) => port !== except);
  const tried = await Promise.all(ports.map((port) => probePort(addresses, port, patience, dial)));
  return ports.find((_, place) => tried[place]?.some(({ state }) => state === "open"));
}

function tellReading(
  { address, state, fault }: PortReading,
  port: number,
  patience: Patience,
): string {
  const where = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  if (state === "open") return `${where} takes connections`;
  if (state === "silent") return `no answer from ${where} within ${tellTime(patience)}`;
  return state === "refused" ? `nothing listens at ${where}` : (fault?.text ?? where);
}

function adviseClosed(readings: readonly PortReading[], addresses: readonly Address[]): string {
  if (readings.some(({ state }) => state === "refused"))
    return `check the port (a 3CX uses ${SECURE_PORT} or 443) and whether the PBX is running`;
  const isPrivate = addresses.some((address) => judgeReach(address) === "private");
  const vpn = isPrivate ? "; the address is private, so the VPN must be up" : "";
  return `check the port, the firewall on the way, and that the PBX lets this machine's address in${vpn}`;
}
