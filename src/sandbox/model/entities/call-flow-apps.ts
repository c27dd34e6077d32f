import { describeType } from "../describe.ts";
import { DN } from "../extension.ts";
import { ALL_VERBS } from "../extension.ts";
import { reference } from "../links.ts";
import { memberships } from "../memberships.ts";
import type { EntitySet } from "../types.ts";

const TYPE = describeType(
  "CallFlowApp",
  DN,
  "Name:string RoutingType:CfaRoutingType Trunk:>Trunk ScriptCode:string",
  "CompilationSucceeded:bool= CompilationResult:string= CompilationLastSuccess:date=",
  "InvalidScript:bool= RejectedCode:string= IsRegistered:bool=",
);

export const CALL_FLOW_APPS: EntitySet = {
  name: "CallFlowApps",
  type: TYPE,
  key: "Id",
  verbs: ALL_VERBS,
  peerType: "RoutePoint",
  links: {
    Groups: memberships(),
    Trunk: reference("Trunks", (records) => records.quirks.trunkByNumber),
  },
  defaults: {
    RoutingType: "DialCode",
    TranscriptionMode: "Inherit",
    IsRegistered: true,
  },
  needs: ["Number", "Name"],
  createTakes: ["Number", "Name"],
  onlySelected: ["ScriptCode", "RejectedCode"],
};
