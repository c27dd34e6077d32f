import { isObject, textOf } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { warnOf } from "../refusal.ts";
import { leadNowhere } from "../model/destination.ts";
import { asList, MISSING, nameOf } from "../model/links.ts";
import { RULE_DEFAULTS } from "../model/trunk-rules.ts";
import type { Change, Numbered, Records, Row } from "../model/types.ts";

/** What a rule calls its destination, by the kind of what has the number. */
const DESTINATIONS: ReadonlySet<string> = new Set([
  "Extension",
  "Queue",
  "RingGroup",
  "IVR",
  "Fax",
  "RoutePoint",
]);

/** The numbers from outside that lead to an extension in office hours, as the extension's own page shows them. */
export function listRoutes(records: Records, id: number): readonly Row[] {
  const number = textOf(findPeer(records, id).row["Number"]);
  return records
    .list("InboundRules")
    .filter((rule) => rule["Condition"] === "BasedOnDID" && leadsTo(rule, number))
    .flatMap((rule) => {
      const trunk = records.byId("Trunks", Number(rule["TrunkDN"]));
      return listNumbers(rule).map((did) => ({
        DID: did,
        DisplayName: trunk === undefined ? null : nameOf(trunk),
        TrunkId: rule["TrunkDN"] ?? 0,
      }));
    });
}

/** What to change so that just these numbers lead to the extension. Throws a Refusal for a trunk or a number that there is not. */
export function replaceRoutes(records: Records, { Id, Routes }: JsonObject): readonly Change[] {
  const peer = findPeer(records, Number(Id));
  const number = textOf(peer.row["Number"]);
  const wanted = asList(Routes).filter(isObject);
  const set = "InboundRules";
  const written = wanted.map(({ DID, TrunkId, DisplayName }): Change => {
    const trunk = records.byId("Trunks", Number(TrunkId));
    if (trunk === undefined) throw warnOf("Routes.TrunkId", MISSING);
    if (!asList(trunk["DidNumbers"]).includes(DID ?? null)) throw warnOf("Routes.DID", MISSING);
    const values: Row = { OfficeHoursDestination: leadTo(records, peer) };
    const known = findRule(records, Number(TrunkId), textOf(DID));
    if (known !== undefined) return { set, row: known, values };
    return {
      set,
      values: {
        ...RULE_DEFAULTS,
        ...values,
        RuleName: textOf(DisplayName) || textOf(DID),
        Condition: "BasedOnDID",
        Data: DID ?? null,
        TrunkDN: TrunkId ?? null,
        AlterDestinationDuringOutOfOfficeHours: false,
        AlterDestinationDuringHolidays: false,
      },
    };
  });
  const kept = new Set(written.map(({ row }) => row));
  const gone = records
    .list(set)
    .filter((rule) => rule["Condition"] === "BasedOnDID" && leadsTo(rule, number))
    .filter((rule) => !kept.has(rule))
    .map((row): Change => ({ set, row }));
  return [...gone, ...written];
}

function findPeer(records: Records, id: number): Numbered {
  for (const numbered of records.numbered()) if (numbered.row["Id"] === id) return numbered;
  throw warnOf("Id", MISSING);
}

function findRule(records: Records, trunk: number, did: string): Row | undefined {
  return records
    .list("InboundRules")
    .find(
      (rule) =>
        rule["Condition"] === "BasedOnDID" &&
        rule["TrunkDN"] === trunk &&
        listNumbers(rule).includes(did),
    );
}

/** One rule may name several numbers. */
function listNumbers({ Data }: Row): readonly string[] {
  return textOf(Data)
    .split(/[,;\s]+/u)
    .filter(Boolean);
}

function leadsTo({ OfficeHoursDestination: destination }: Row, number: string): boolean {
  return isObject(destination) && destination["Number"] === number;
}

function leadTo(records: Records, peer: Numbered): Json {
  const type = records.peerType(peer);
  return {
    ...leadNowhere(DESTINATIONS.has(type) ? type : "None"),
    Number: peer.row["Number"] ?? "",
    Name: nameOf(peer.row),
    Type: type,
  };
}
