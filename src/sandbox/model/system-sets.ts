import { derived } from "./links.ts";
import { listPeers, peerGroups } from "./peers.ts";
import type { EntitySet } from "./types.ts";

const ALL = ["create", "update", "remove"] as const;

const CODECS = [
  { Id: 1, Name: "G.711 A-law", RfcName: "PCMA" },
  { Id: 2, Name: "G.711 U-law", RfcName: "PCMU" },
  { Id: 3, Name: "G.722", RfcName: "G722" },
];
const TIME_ZONES = [{ Id: "51", Name: "(UTC+00:00) UTC", IanaName: "Etc/UTC", WindowsName: "UTC" }];

/** The system as a whole, and what it keeps beside extensions. */
export const SYSTEM_SETS: readonly EntitySet[] = [
  {
    name: "Peers",
    type: "Peer",
    alternateKey: "Number",
    verbs: [],
    links: { MemberOf: peerGroups },
    derive: listPeers,
  },
  {
    name: "Holidays",
    type: "Holiday",
    key: "Id",
    verbs: ALL,
    needs: "Name Day DayEnd Month MonthEnd Year YearEnd TimeOfStartDate TimeOfEndDate".split(" "),
    rewrite: (_records, row) => {
      if (row["IsRecurrent"] === true) Object.assign(row, { Year: 0, YearEnd: 0 });
    },
  },
  {
    name: "Parameters",
    type: "Parameter",
    key: "Id",
    verbs: ALL,
    needs: ["Name"],
  },
  {
    name: "Defs",
    type: "Defs",
    singleton: true,
    verbs: [],
    links: {
      Codecs: derived(() => CODECS, true),
      GatewayParameters: derived(() => [], true),
      GatewayParameterValues: derived(() => [], true),
      TimeZones: derived(() => TIME_ZONES, true),
    },
    derive: () => [{ Id: 1 }],
  },
  {
    name: "SystemStatus",
    type: "SystemStatus",
    singleton: true,
    verbs: [],
    derive: (records) => [
      {
        Id: 1,
        Activated: true,
        FQDN: "pbx.example.com",
        LicenseActive: true,
        OS: "Linux",
        ExtensionsTotal: [...records.numbered()].length,
        UserExtensions: records.list("Users").length,
        TrunksTotal: records.list("Trunks").length,
        TrunksRegistered: records.list("Trunks").length,
        OutboundRules: records.list("OutboundRules").length,
        ProductCode: "3CXENT",
        Version: records.version,
      },
    ],
  },
];

/** Numbers that are taken by what has no collection here: fax, parking, voicemail menu. Not a collection of the API. */
export const RESERVED_SET: EntitySet = { name: "Reserved", type: "Peer", verbs: [], peerType: "" };
