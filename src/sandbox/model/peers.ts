import { textOf } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { nameOf } from "./links.ts";
import { membershipsOf } from "./memberships.ts";
import type { Link, Records, Row } from "./types.ts";

/** An extension as Peers shows it, whatever it is. */
export function peerOf(row: JsonObject, type: string): Row {
  return {
    Id: row["Id"] ?? null,
    Number: row["Number"] ?? null,
    Name: nameOf({ ...row }),
    Type: type,
    Hidden: false,
    Tags: [],
  };
}

/** One number plan spans all kinds of extensions; Peers lists it. */
export function listPeers(records: Records): readonly Row[] {
  return [...records.numbered()]
    .map((numbered) => peerOf(numbered.row, records.peerType(numbered)))
    .toSorted((a, b) => Number(a["Id"]) - Number(b["Id"]));
}

/** `MemberOf` of a peer. */
export const peerGroups: Link = {
  read: (records, row): Json => {
    const found = records.byNumber(textOf(row["Number"]));
    if (found === undefined) return [];
    return membershipsOf(found.row).map(({ GroupId, RoleName }) => {
      const group = records.byId("Groups", GroupId);
      return {
        GroupID: GroupId,
        IsPrimary: found.row["PrimaryGroupId"] === GroupId,
        Name: group?.["Name"] ?? null,
        Number: group?.["Number"] ?? null,
        RoleName,
      };
    });
  },
};
