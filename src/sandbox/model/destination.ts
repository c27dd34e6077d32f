import { isObject, textOf } from "../json.ts";
import type { Json } from "../json.ts";
import { warnOf } from "../refusal.ts";
import { MISSING, nameOf } from "./links.ts";
import type { Property, Records, Row } from "./types.ts";

/** Whose number each kind of destination takes; the rest takes any or none. */
const LEADS_TO: Readonly<Record<string, string>> = {
  Extension: "Extension",
  VoiceMail: "Extension",
  Queue: "Queue",
  RingGroup: "RingGroup",
  IVR: "IVR",
  Fax: "Fax",
  RoutePoint: "RoutePoint",
};

/** A destination that leads nowhere, as the PBX completes it. */
export function leadNowhere(to = "None"): Row {
  return { To: to, Number: "", External: "", Name: "", Type: "None", Tags: [] };
}

/** The route of an extension for one of its times, when nobody set one: calls go on as if there were none. */
export function passOn(): Row {
  return { IsPromptEnabled: false, Prompt: "", Route: leadNowhere("ProceedWithNoExceptions") };
}

/**
 * A value with every destination in it as the PBX keeps it: what was written as To and Number gets Name, Type and Tags.
 * Throws a Refusal for a number that nobody has, or that something of another kind has.
 */
export function completeDestinations(
  records: Records,
  { name, type }: Property,
  value: Json,
): Json {
  if (!isObject(value)) return value;
  if (type === "Destination") return completeDestination(records, value, name);
  if (type !== "Route") return value;
  return { ...value, Route: completeDestination(records, value["Route"], `${name}.Route`) };
}

function completeDestination(records: Records, sent: Json | undefined, property: string): Json {
  if (!isObject(sent)) return leadNowhere();
  const number = textOf(sent["Number"]);
  if (number === "")
    return { ...leadNowhere(), ...sent, Number: "", Name: "", Type: "None", Tags: [] };
  const found = records.byNumber(number);
  const type = found === undefined ? "" : records.peerType(found);
  if (found === undefined || (LEADS_TO[textOf(sent["To"])] ?? type) !== type)
    throw warnOf(`${property}.Number`, MISSING);
  return { External: "", ...sent, Name: nameOf(found.row), Type: type, Tags: [] };
}
