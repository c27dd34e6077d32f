import { describeType } from "../describe.ts";
import { ALL_VERBS } from "../extension.ts";
import { rewriteOutboundRule } from "../outbound-rule.ts";
import type { EntitySet } from "../types.ts";

const TYPE = describeType(
  "OutboundRule",
  "DNRanges:DNRange[] EmergencyRule:bool GroupIds:int[] GroupNames:string[] Id:int! Name:string",
  "NumberLengthRanges:string Prefix:string Priority:int Routes:OutboundRoute[]",
);

export const OUTBOUND_RULES: EntitySet = {
  name: "OutboundRules",
  type: TYPE,
  key: "Id",
  verbs: ALL_VERBS,
  defaults: { EmergencyRule: false, Priority: 1 },
  needs: ["Name"],
  isListed: ({ EmergencyRule }) => EmergencyRule !== true,
  rewrite: (_records, row) => {
    rewriteOutboundRule(row);
  },
};
