import { isObject } from "../json.ts";
import type { Json } from "../json.ts";
import { warnOf } from "../refusal.ts";
import { MISSING, nameOf } from "./links.ts";
import type { Records } from "./types.ts";

/** The PBX adds Name, Type and Tags to a destination that was written as To and Number. */
export function completeDestination(
  records: Records,
  sent: Json | undefined,
  property: string,
): Json {
  if (!isObject(sent)) return null;
  const number = sent["Number"];
  if (typeof number !== "string" || number === "")
    return { External: "", ...sent, Number: "", Name: "", Type: "None", Tags: [] };
  const found = records.byNumber(number);
  if (found === undefined) throw warnOf(`${property}.Number`, MISSING);
  return {
    External: "",
    ...sent,
    Name: nameOf(found.row),
    Type: records.peerType(found),
    Tags: [],
  };
}
