import type { Verdict } from "../../../domain/diagnosis.ts";
import {
  judgeReach,
  probeName,
  type Address,
  type Lookup,
  type Patience,
} from "../../../xapi/probe/name.ts";
import { tellTime } from "./tell-time.ts";
import type { Place } from "./url.ts";

/** Looks the host up. */
export async function checkName(
  { host }: Place,
  patience: Patience,
  lookup: Lookup | undefined,
): Promise<Verdict<readonly Address[]>> {
  const reading = await probeName(host, patience, lookup);
  if (reading.state === "silent")
    return {
      state: "failed",
      found: [`looking up ${host} took longer than ${tellTime(patience)}`],
      advice: "check this machine's network and its name server",
    };
  if (reading.state === "fault")
    return {
      state: "failed",
      found: [reading.fault.text],
      advice: reading.fault.permanent
        ? "check the spelling of the URL; a name that only one network knows needs that network or its VPN"
        : "check this machine's network and its name server",
    };
  const value = reading.addresses;
  if (reading.state === "literal")
    return { state: "ok", found: [`${host} is an address, there is nothing to look up`], value };
  return judgeAddresses(host, value);
}

function judgeAddresses(host: string, value: readonly Address[]): Verdict<readonly Address[]> {
  const reaches = value.map(judgeReach);
  const list = value.map(({ address }) => address).join(", ");
  const found = [`${host} is ${list}`];
  if (reaches.every((reach) => reach === "none"))
    return {
      state: "failed",
      found: [`${host} is ${list}, which is nowhere`],
      advice: "a name filter answers so; ask whoever runs the name server to let this name through",
    };
  if (reaches.includes("loopback") && host !== "localhost")
    return {
      state: "warning",
      found: [`${host} is ${list}, which is this machine itself`],
      advice: "unless the PBX runs here, check the hosts file and the name server",
      value,
    };
  if (reaches.includes("private"))
    found.push("a private address: it can be reached from the PBX's own network or VPN only");
  return { state: "ok", found, value };
}
