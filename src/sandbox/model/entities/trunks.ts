import { describeType, namesOf } from "../describe.ts";
import { DN } from "../extension.ts";
import { ALL_VERBS } from "../extension.ts";
import { contained, derived } from "../links.ts";
import { memberships } from "../memberships.ts";
import { makeDefaultRoute, rulesOf } from "../trunk-rules.ts";
import type { EntitySet } from "../types.ts";

const TYPE = describeType(
  "Trunk",
  DN,
  namesOf(
    "string",
    "AuthID Certificate CertificateExpirationDate CertificateName ConfigurationIssue E164CountryCode ExternalNumber OutboundCallerID PublicIPinSIP RemoteMyPhoneUriHost RemotePBXPreffix ScriptName SecondaryRegistrar SeparateAuthId TunnelRemoteAddr",
  ),
  namesOf(
    "bool",
    "DisableCallTransfer DisableVideo DiversionHeader E164ProcessIncomingNumber EnableInboundCalls EnableOutboundCalls PublishInfo ReceiveInfo TunnelEnabled UseSeparateAuthId",
  ),
  "AuthPassword:ConcealedPassword DidNumbers:string[] Direction:DirectionType",
  "EmergencyGeoLocations:>EmergencyGeoTrunkLocation[] Gateway:Gateway InCIDFormatting:CIDFormatting[]",
  "IPRestriction:TypeOfIPRestriction IsOnline:bool= Messaging:TrunkMessaging",
  "OutCIDFormatting:CIDFormatting[] PublicInfoGroups:string[] ReceiveExtensions:>Peer[]",
  "RoutingRules:>InboundRule[] SimultaneousCalls:int Tags:UserTag[]",
  "TransportRestriction:TypeOfTransportRestriction TrunkRegTimes:Variable[] TunnelRemotePort:int",
);

export const TRUNKS: EntitySet = {
  name: "Trunks",
  type: TYPE,
  key: "Id",
  alternateKey: "Number",
  verbs: ALL_VERBS,
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
  brings: (row) => [{ set: "InboundRules", values: makeDefaultRoute(row) }],
  takes: (records, row) =>
    rulesOf(records, row["Id"] ?? null).map((rule) => ({ set: "InboundRules", row: rule })),
  numbers: { prefix: "", from: 10_000, width: 5 },
};
