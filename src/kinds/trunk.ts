import type { Entity, Expand, Lookup, ResolveId } from "../domain/ports.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { isObject, readObject, readText, writeKey } from "./entity.ts";

/** The trunk whose calls go to an entity. */
export const TRUNK: Expand = { property: "Trunk", select: ["Id", "Number"] };

/** In manifest terms; null where there is none, absent where it was not read. */
export function readTrunk(entity: Entity): JsonObject | null | undefined {
  const trunk = readObject(entity, "Trunk");
  return trunk && { number: readText(trunk, "Number") };
}

export function trunkOf(trunk: JsonObject): Omit<Lookup, "field" | "noun"> {
  return { collection: "Trunks", property: "Number", value: writeKey(trunk["number"]) };
}

/** Nobody has shown this write; the nearest one seen live is the TrunkDN of an inbound rule, which takes both. */
export function writeTrunk(trunk: Json, resolve: ResolveId): Json {
  if (trunk === null || !isObject(trunk)) return null;
  return { Id: resolve(trunkOf(trunk)), Number: trunk["number"] ?? null };
}
