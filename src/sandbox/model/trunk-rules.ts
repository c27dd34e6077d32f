import type { Json } from "../json.ts";
import type { Records, Row } from "./types.ts";

/** The inbound rules of a trunk, by its id. */
export function rulesOf(records: Records, trunk: Json): readonly Row[] {
  return records.list("InboundRules").filter((rule) => rule["TrunkDN"] === trunk);
}
