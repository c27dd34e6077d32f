import { describeType } from "../describe.ts";
import { listPeers, peerGroups } from "../peers.ts";
import type { EntitySet } from "../types.ts";

const TYPE = describeType(
  "Peer",
  "Hidden:bool Id:int! MemberOf:>PeerGroup[] Name:string Number:string Tags:UserTag[] Type:PeerType",
);

export const PEERS: EntitySet = {
  name: "Peers",
  type: TYPE,
  alternateKey: "Number",
  verbs: [],
  links: { MemberOf: peerGroups },
  derive: listPeers,
};
