import { describeType } from "../describe.ts";
import { ALL_VERBS } from "../extension.ts";
import type { EntitySet } from "../types.ts";

const TYPE = describeType("Parameter", "Description:string Id:int! Name:string Value:string");

export const PARAMETERS: EntitySet = {
  name: "Parameters",
  type: TYPE,
  key: "Id",
  verbs: ALL_VERBS,
  needs: ["Name"],
};
