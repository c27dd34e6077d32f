import { describeType } from "../describe.ts";
import { leadNowhere } from "../destination.ts";
import { ALL_VERBS, CLICK_TO_CALL, ROUTE_DEFAULTS, ROUTES } from "../extension.ts";
import { extensionList } from "../links.ts";
import { memberships } from "../memberships.ts";
import type { EntitySet, Row } from "../types.ts";

const TYPE = describeType(
  "RingGroup",
  CLICK_TO_CALL,
  ROUTES,
  "ForwardNoAnswer:Destination GreetingFile:string IsRegistered:bool= Members:>RingGroupMember[]",
  "MulticastAddress:string MulticastCodec:string MulticastPacketTime:int MulticastPort:int",
  "Name:string RingStrategy:StrategyType RingTime:int VMEmailList:string VMEmailOptions:VMEmailOptionsType",
);

const RING_GROUP_DEFAULTS: Row = {
  ...ROUTE_DEFAULTS,
  ForwardNoAnswer: leadNowhere(),
  GreetingFile: "",
  IsRegistered: true,
  MulticastAddress: "",
  MulticastCodec: "",
  MulticastPacketTime: 0,
  MulticastPort: 0,
  Name: "",
  RingStrategy: "RingAll",
  RingTime: 20,
  VMEmailList: "",
  VMEmailOptions: "None",
};

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
