import { describeType } from "../describe.ts";
import type { EntitySet } from "../types.ts";

const TYPE = describeType(
  "CallFlowScript",
  "Description:string Help:string Id:string! Versions:string[]",
);

export const CALL_FLOW_SCRIPTS: EntitySet = {
  name: "CallFlowScripts",
  type: TYPE,
  verbs: [],
};
