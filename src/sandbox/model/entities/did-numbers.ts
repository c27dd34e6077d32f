import { isObject } from "../../json.ts";
import type { Json } from "../../json.ts";
import { describeType } from "../describe.ts";
import { asList, derived } from "../links.ts";
import { rulesOf } from "../trunk-rules.ts";
import type { EntitySet, Row } from "../types.ts";

const TYPE = describeType(
  "DidNumber",
  "Number:string! RoutingRule:>InboundRule TemplateFileName:string TrunkId:int!",
);

export const DID_NUMBERS: EntitySet = {
  name: "DidNumbers",
  type: TYPE,
  verbs: [],
  links: {
    RoutingRule: derived(
      (records, row) =>
        rulesOf(records, row["TrunkId"] ?? null).find((rule) => rule["Data"] === row["Number"]) ??
        null,
    ),
  },
  derive: (records) =>
    records.list("Trunks").flatMap((trunk) =>
      asList(trunk["DidNumbers"]).map((number) => ({
        Number: number,
        TrunkId: trunk["Id"] ?? null,
        TemplateFileName: templateOf(trunk),
      })),
    ),
};

function templateOf(trunk: Row): Json {
  const gateway = trunk["Gateway"];
  return isObject(gateway) ? (gateway["TemplateFilename"] ?? null) : null;
}
