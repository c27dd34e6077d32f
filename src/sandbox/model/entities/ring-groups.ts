import { RING_GROUP_DEFAULTS } from "../defaults.ts";
import { describeType } from "../describe.ts";
import { ALL_VERBS, CLICK_TO_CALL, ROUTES } from "../extension.ts";
import { extensionList } from "../links.ts";
import { memberships } from "../memberships.ts";
import type { EntitySet } from "../types.ts";

const TYPE = describeType(
  "RingGroup",
  CLICK_TO_CALL,
  ROUTES,
  "ForwardNoAnswer:Destination GreetingFile:string IsRegistered:bool= Members:>RingGroupMember[]",
  "MulticastAddress:string MulticastCodec:string MulticastPacketTime:int MulticastPort:int",
  "Name:string RingStrategy:StrategyType RingTime:int VMEmailList:string VMEmailOptions:VMEmailOptionsType",
);

export const RING_GROUPS: EntitySet = {
  name: "RingGroups",
  type: TYPE,
  key: "Id",
  alternateKey: "Number",
  verbs: ALL_VERBS,
  peerType: "RingGroup",
  links: { Groups: memberships(), Members: extensionList() },
  defaults: RING_GROUP_DEFAULTS,
  numbers: { prefix: "", from: 800, width: 3 },
};
