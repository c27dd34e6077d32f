import { isObject } from "../json.ts";
import type { Json } from "../json.ts";
import { warnOf } from "../refusal.ts";
import { asList, contained, derived, MISSING, nameOf, reference } from "./links.ts";
import { memberships } from "./memberships.ts";
import { rewriteOutboundRule } from "./outbound-rule.ts";
import { peerOf } from "./peers.ts";
import type { EntitySet, Link, Records, Row } from "./types.ts";

const ALL = ["create", "update", "remove"] as const;
const DESTINATIONS = [
  "OfficeHoursDestination",
  "OutOfOfficeHoursDestination",
  "HolidaysDestination",
] as const;

/** Lines to the world and what is done with the calls on them. */
export const LINE_SETS: readonly EntitySet[] = [
  {
    name: "Trunks",
    type: "Trunk",
    key: "Id",
    alternateKey: "Number",
    verbs: ALL,
    peerType: "ExternalLine",
    links: {
      Groups: memberships(),
      EmergencyGeoLocations: contained(),
      ReceiveExtensions: derived(() => []),
      RoutingRules: derived((records, row) => rulesOf(records, row["Id"] ?? null)),
    },
    defaults: {
      Direction: "Both",
      EnableInboundCalls: true,
      EnableOutboundCalls: true,
      SimultaneousCalls: 10,
      IsOnline: true,
    },
    needs: ["Gateway"],
    numbers: { prefix: "", from: 10_000, width: 5 },
  },
  {
    name: "InboundRules",
    type: "InboundRule",
    key: "Id",
    verbs: ALL,
    links: { TrunkDN: trunkAsPeer() },
    defaults: {
      CallType: "AllCalls",
      CustomData: "",
      Hours: { Type: "OfficeHours", IgnoreHolidays: false, Periods: [] },
    },
    needs: [
      "RuleName",
      "Condition",
      "Data",
      "TrunkDN",
      "OfficeHoursDestination",
      "AlterDestinationDuringOutOfOfficeHours",
      "AlterDestinationDuringHolidays",
    ],
    rewrite: (records, row, changed) => {
      for (const name of DESTINATIONS)
        if (changed.has(name)) row[name] = completeDestination(records, row[name], name);
    },
  },
  {
    name: "DidNumbers",
    type: "DidNumber",
    verbs: [],
    links: {
      RoutingRule: derived(
        (records, row) =>
          rulesOf(records, row["TrunkId"] ?? null).find((rule) => rule["Data"] === row["Number"]) ??
          null,
      ),
    },
    derive: (records) =>
      records.list("Trunks").flatMap((trunk) =>
        asList(trunk["DidNumbers"]).map((number) => ({
          Number: number,
          TrunkId: trunk["Id"] ?? null,
          TemplateFileName: templateOf(trunk),
        })),
      ),
  },
  {
    name: "OutboundRules",
    type: "OutboundRule",
    key: "Id",
    verbs: ALL,
    defaults: { EmergencyRule: false, Priority: 1 },
    needs: ["Name"],
    rewrite: (_records, row) => {
      rewriteOutboundRule(row);
    },
  },
];

function trunkAsPeer(): Link {
  const link = reference("Trunks", () => false);
  return {
    ...link,
    read: (records, row, property) => {
      const trunk = link.read?.(records, row, property);
      return isObject(trunk) ? peerOf(trunk, "ExternalLine") : null;
    },
  };
}

function rulesOf(records: Records, trunk: Json): readonly Row[] {
  return records.list("InboundRules").filter((rule) => rule["TrunkDN"] === trunk);
}

function templateOf(trunk: Row): Json {
  const gateway = trunk["Gateway"];
  return isObject(gateway) ? (gateway["TemplateFilename"] ?? null) : null;
}

/** The PBX adds Name, Type and Tags to a destination that was written as To and Number. */
function completeDestination(records: Records, sent: Json | undefined, property: string): Json {
  if (!isObject(sent)) return null;
  const number = sent["Number"];
  if (typeof number !== "string" || number === "")
    return { External: "", ...sent, Number: "", Name: "", Type: "None", Tags: [] };
  const found = records.byNumber(number);
  if (found === undefined) throw warnOf(`${property}.Number`, MISSING);
  return {
    External: "",
    ...sent,
    Name: nameOf(found.row),
    Type: records.peerType(found),
    Tags: [],
  };
}
