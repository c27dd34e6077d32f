import type { Entity, Expand, Query } from "../../domain/ports.ts";
import { writeFilter } from "./filter.ts";

/** A `$top` above this is answered with 400 by every PBX that was asked. */
export const PAGE_SIZE = 100;

export interface Page {
  readonly top: number;
  readonly skip: number;
  readonly count: boolean;
}

/** Path and query of one page, below `/xapi/v1`. The order is fixed, because pages are read at the same time. */
export function buildListPath(query: Query, page: Page): string {
  const options = [
    ["$select", query.select.join(",")],
    ["$expand", (query.expand ?? []).map(writeExpand).join(",")],
    ["$filter", query.where === undefined ? "" : writeFilter(query.where)],
    ["$orderby", "Id"],
    ["$top", String(page.top)],
    ["$skip", page.skip === 0 ? "" : String(page.skip)],
    ["$count", page.count ? "true" : ""],
  ] as const;
  const written = options
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2C", ",")}`);
  return `/${query.collection}?${written.join("&")}`;
}

export function buildEntityPath(collection: string, id: number): string {
  return `/${collection}(${id})`;
}

function writeExpand(expand: Expand): string {
  const inner = [
    ...(expand.select === undefined ? [] : [`$select=${expand.select.join(",")}`]),
    ...(expand.expand === undefined ? [] : [`$expand=${expand.expand.map(writeExpand).join(",")}`]),
  ];
  return inner.length === 0 ? expand.property : `${expand.property}(${inner.join(";")})`;
}

export interface ListAnswer {
  readonly value: readonly Entity[];
  /** Absent where the PBX does not count. */
  readonly count?: number;
}

/** The entities of a collection answer, or undefined where the body is none. */
export function parseListAnswer(body: unknown): ListAnswer | undefined {
  if (!isObject(body)) return undefined;
  const { value, "@odata.count": count } = body;
  if (!Array.isArray(value) || !value.every(isEntity)) return undefined;
  return typeof count === "number" && Number.isSafeInteger(count) && count >= 0
    ? { value, count }
    : { value };
}

/** The `Id` of a created entity, or undefined where the body has none. */
export function parseCreatedId(body: unknown): number | undefined {
  const id = isObject(body) ? body["Id"] : undefined;
  return typeof id === "number" && Number.isSafeInteger(id) ? id : undefined;
}

function isEntity(value: unknown): value is Entity {
  return isObject(value);
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
