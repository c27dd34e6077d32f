import { describeType } from "../describe.ts";
import { derived } from "../links.ts";
import type { EntitySet } from "../types.ts";

const CODECS = [
  { Id: 1, Name: "G.711 A-law", RfcName: "PCMA" },
  { Id: 2, Name: "G.711 U-law", RfcName: "PCMU" },
  { Id: 3, Name: "G.722", RfcName: "G722" },
];
const TIME_ZONES = [{ Id: "51", Name: "(UTC+00:00) UTC", IanaName: "Etc/UTC", WindowsName: "UTC" }];

const TYPE = describeType(
  "Defs",
  "Codecs:>Codec[] GatewayParameters:>GatewayParameter[]",
  "GatewayParameterValues:>GatewayParameterValue[] Id:int! TimeZones:>TimeZone[]",
);

export const DEFS: EntitySet = {
  name: "Defs",
  type: TYPE,
  singleton: true,
  verbs: [],
  links: {
    Codecs: derived(() => CODECS, true),
    GatewayParameters: derived(() => [], true),
    GatewayParameterValues: derived(() => [], true),
    TimeZones: derived(() => TIME_ZONES, true),
  },
  derive: () => [{ Id: 1 }],
};
