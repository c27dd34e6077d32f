import { isObject, textOf } from "../json.ts";
import type { Json } from "../json.ts";
import { warnOf } from "../refusal.ts";
import type { Link, Records, Row } from "./types.ts";

export const MISSING = "WARNINGS.XAPI.NOT_FOUND";

/** What the console calls an entity, wherever its type keeps that. */
export function nameOf(row: Row): string {
  const { Name, FirstName, LastName, Gateway } = row;
  if (typeof Name === "string") return Name;
  if (isObject(Gateway) && typeof Gateway["Name"] === "string") return Gateway["Name"];
  return [FirstName, LastName].map(textOf).filter(Boolean).join(" ");
}

export function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** Entities inside another, kept as sent. */
export function contained(path = false): Link {
  return { path, bind: (_records, sent) => sent };
}

/** A list of extensions named by number (agents, managers, members of a ring group), sent in full. */
export function extensionList(...extra: readonly string[]): Link {
  return {
    path: true,
    read: (records, row, property) =>
      asList(row[property]).flatMap((entry) => describeExtension(records, entry)),
    bind: (records, sent, property) =>
      asList(sent).map((entry) => {
        const fields = isObject(entry) ? entry : {};
        const found = records.byNumber(textOf(fields["Number"]));
        if (found === undefined) throw warnOf(property, MISSING);
        const kept: Row = { Number: found.row["Number"] ?? null };
        for (const name of extra) kept[name] = fields[name] ?? null;
        return kept;
      }),
  };
}

/** One whose extension is gone is gone, too. */
function describeExtension(records: Records, entry: Json): Json[] {
  const fields = isObject(entry) ? entry : {};
  const found = records.byNumber(textOf(fields["Number"]))?.row;
  if (found === undefined)
    return records.quirks.goneMembersStay ? [{ ...fields, Id: 0, Name: "" }] : [];
  return [{ ...fields, Id: found["Id"] ?? 0, Name: nameOf(found) }];
}

/** One entity of a collection, kept by its id. `byNumber` lets a write name it without the id. */
export function reference(set: string, byNumber: (records: Records) => boolean): Link {
  return {
    read: (records, row, property) => {
      const id = row[property];
      return typeof id === "number" ? (records.byId(set, id) ?? null) : null;
    },
    bind: (records, sent, property) => {
      if (!isObject(sent)) return null;
      const { Id: id, Number: number } = sent;
      const found =
        typeof id === "number"
          ? records.byId(set, id)
          : byNumber(records) && typeof number === "string"
            ? records.list(set).find((row) => row["Number"] === number)
            : undefined;
      const contradicts = typeof number === "string" && found?.["Number"] !== number;
      if (found === undefined || contradicts) throw warnOf(property, MISSING);
      return found["Id"] ?? null;
    },
  };
}

/** What can be read and is kept nowhere under this name. A write to it is accepted by nobody. */
export function derived(read: NonNullable<Link["read"]>, path = false): Link {
  return { path, read };
}
