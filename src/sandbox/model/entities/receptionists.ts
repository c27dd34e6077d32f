import { isObject } from "../../json.ts";
import { RECEPTIONIST_DEFAULTS } from "../defaults.ts";
import { describeType } from "../describe.ts";
import { ALL_VERBS, DN, ROUTES } from "../extension.ts";
import { asList, contained } from "../links.ts";
import { memberships } from "../memberships.ts";
import type { EntitySet } from "../types.ts";

const TYPE = describeType(
  "Receptionist",
  DN,
  ROUTES,
  "Forwards:>ReceptionistForward[] ForwardSmsTo:string InvalidKeyForwardDN:string",
  "IsRegistered:bool= IVRType:IVRType Name:string PromptFilename:string PromptSet:string",
  "Timeout:int TimeoutForwardDN:string TimeoutForwardPeerType:PeerType",
  "TimeoutForwardType:IVRForwardType TransferEnable:bool UseMSExchange:bool",
);

export const RECEPTIONISTS: EntitySet = {
  name: "Receptionists",
  type: TYPE,
  key: "Id",
  alternateKey: "Number",
  verbs: ALL_VERBS,
  peerType: "IVR",
  links: { Groups: memberships(), Forwards: contained(true) },
  defaults: RECEPTIONIST_DEFAULTS,
  numbers: { prefix: "", from: 800, width: 3 },
  // The ids of the keys are the PBX's: a client that adds one cannot know it.
  rewrite: (_records, row) => {
    row["Forwards"] = asList(row["Forwards"]).map((forward, index) =>
      isObject(forward) ? Object.assign({}, forward, { Id: index + 1 }) : forward,
    );
  },
};
