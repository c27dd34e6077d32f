import { canonicalizeJson } from "../../domain/plan/canonical.ts";
import type { PlannedWrite } from "../../domain/plan/plan.ts";
import type { Entity, Lookup, Query, Reader, ResolveId } from "../../domain/ports.ts";
import type { Problem } from "../../domain/problem.ts";
import type { Json } from "../../domain/json.ts";
import { nameResource } from "../../domain/resource.ts";
import { reveal, Secret } from "../../domain/secret.ts";
import { findNearest, nameDifferences } from "../../domain/text/nearest-name.ts";
import { NUMBER_PLAN, readUnlessForbidden } from "./number-plan.ts";

export interface Resolved {
  readonly resolve: ResolveId;
  readonly problems: readonly Problem[];
}

interface Wanted {
  readonly lookup: Lookup;
  readonly item: PlannedWrite;
}

/**
 * Finds the ids of everything that changed fields name (departments, trunks): one query per collection, none when
 * nothing changes. A name that is not there, or there twice, is a problem at the field that gives it.
 */
export async function resolveLookups(
  reader: Reader,
  work: readonly PlannedWrite[],
  signal?: AbortSignal,
): Promise<Resolved> {
  const wanted = work.flatMap((item) =>
    item.change.fields.flatMap(({ field }) =>
      item.kind.lookups(field, valueOf(item, field)).map((lookup): Wanted => ({ lookup, item })),
    ),
  );
  const ids = new Map<string, number[]>();
  await Promise.all(
    groupQueries(wanted.map(({ lookup }) => lookup)).map(async ({ property, query }) => {
      for (const entity of await reader.list(query, signal)) {
        const name = keyOf({
          collection: query.collection,
          property,
          value: textOf(entity[property]),
        });
        const id = entity["Id"];
        if (typeof id === "number") ids.set(name, [...(ids.get(name) ?? []), id]);
      }
    }),
  );
  const resolve: ResolveId = (lookup) => {
    const [id] = ids.get(keyOf(lookup)) ?? [];
    if (id === undefined) throw new Error(`unresolved: ${keyOf(lookup)}`);
    return id;
  };
  const groups = groupBy(wanted, ({ lookup }) => keyOf(lookup));
  const wrong = [...groups].filter(([name]) => ids.get(name)?.length !== 1);
  const known = await listNames(
    reader,
    wrong.flatMap(([name, [want]]) => (want === undefined || ids.has(name) ? [] : [want.lookup])),
    signal,
  );
  const problems = wrong.flatMap(([name, [want, ...more]]) =>
    want === undefined
      ? []
      : judgeLookup(want, more.length, ids.get(name) ?? [], known.get(want.lookup.collection)),
  );
  return { resolve, problems };
}

/** What there is in the collections of lookups that found nothing, so that a problem can say what was meant. */
async function listNames(
  reader: Reader,
  missing: readonly Lookup[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const asked = groupBy(missing, ({ collection }) => collection);
  const lists = await Promise.all(
    [...asked].map(async ([collection, [lookup]]) => {
      const property = lookup?.property ?? "Name";
      const query = { collection, select: ["Id", property] };
      const entities = (await readUnlessForbidden(reader, query, signal)) ?? [];
      return [collection, entities.map((entity) => textOf(entity[property]))] as const;
    }),
  );
  return new Map(lists);
}

function groupBy<T>(items: readonly T[], name: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(name(item), [...(groups.get(name(item)) ?? []), item]);
  return groups;
}

/** What already holds a number that a create wants: number -> "Queue Support". */
export async function findTakenNumbers(
  reader: Reader,
  work: readonly PlannedWrite[],
  signal?: AbortSignal,
): Promise<{ taken: ReadonlyMap<string, string>; problems: readonly Problem[] }> {
  const numbers = work
    .filter(({ kind, change, draft }) => kind.numbered && change.op === "create" && !draft)
    .map(({ change }) => change.key);
  if (numbers.length === 0) return { taken: new Map(), problems: [] };
  const query = {
    collection: NUMBER_PLAN,
    select: ["Id", "Number", "Name", "Type"],
    where: { property: "Number", in: numbers },
  };
  const peers = await readUnlessForbidden(reader, query, signal);
  if (peers === undefined) return { taken: new Map(), problems: [CANNOT_SEE_NUMBERS] };
  const holders = peers.map((peer) => [textOf(peer["Number"]), describePeer(peer)] as const);
  return { taken: new Map(holders), problems: [] };
}

const CANNOT_SEE_NUMBERS: Problem = {
  severity: "warning",
  code: "numbers-unchecked",
  message:
    "the API client may not list the number plan, so whether the new numbers are free was not checked",
  hint: "the PBX itself refuses a taken number; to see it in the plan, give the client the role System Owner",
};

function describePeer(peer: Entity): string {
  return [peer["Type"], peer["Name"]]
    .map(textOf)
    .filter((part) => part !== "")
    .join(" ");
}

function groupQueries(lookups: readonly Lookup[]): { property: string; query: Query }[] {
  const groups = new Map<string, { collection: string; property: string; values: Set<string> }>();
  for (const { collection, property, value } of lookups) {
    const name = `${collection}.${property}`;
    const group = groups.get(name) ?? { collection, property, values: new Set<string>() };
    group.values.add(value);
    groups.set(name, group);
  }
  return [...groups.values()].map(({ collection, property, values }) => ({
    property,
    query: {
      collection,
      select: ["Id", property],
      where: { property, in: [...values].toSorted() },
    },
  }));
}

function judgeLookup(
  { lookup, item }: Wanted,
  more: number,
  ids: readonly number[],
  known: readonly string[] = [],
): Problem[] {
  const at = item.desired.fieldSpans[lookup.field];
  const problem = {
    severity: "error" as const,
    subject: nameResource(item.change),
    ...(at === undefined ? {} : { at }),
  };
  if (ids.length === 0) {
    const others = more === 0 ? "" : ` (named in ${more} more ${more === 1 ? "place" : "places"})`;
    const message = `the PBX has no ${lookup.noun} "${lookup.value}"${others}`;
    const hint = adviseName(lookup, known, item.desired.fields[lookup.field] instanceof Secret);
    return [{ ...problem, code: "lookup-missing", message, hint }];
  }
  const message = `the PBX has ${ids.length} ${lookup.noun}s called "${lookup.value}"`;
  return [{ ...problem, code: "lookup-ambiguous", message, hint: "rename all but one of them" }];
}

const MOST_NAMES = 8;

/** `hidden`: the value is a secret, of which a name near it would tell the most. */
function adviseName(
  { value, noun, property }: Lookup,
  known: readonly string[],
  hidden: boolean,
): string {
  const shown = known.filter((name) => name !== "" && !name.startsWith("___"));
  const near = hidden ? undefined : findNearest(value, shown);
  const list = `${noun}s: ${shown.slice(0, MOST_NAMES).join(", ")}${shown.length > MOST_NAMES ? ", …" : ""}`;
  if (near !== undefined) return `did you mean ${near}?${tellDifferences(value, near)} ${list}`;
  return `create it in the admin console, or correct the ${property.toLowerCase()} (case counts)${shown.length === 0 ? "" : `; ${list}`}`;
}

/** Where the two names look the same, or nearly so, and the hint alone would say nothing. */
function tellDifferences(value: string, near: string): string {
  const differences = nameDifferences(value, near);
  return differences.length === 0 ? "" : ` The two differ in ${differences.join(" and ")};`;
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function valueOf(item: PlannedWrite, field: string): Json {
  const value = item.desired.fields[field];
  return value === undefined ? null : reveal(value);
}

function keyOf({ collection, property, value }: Omit<Lookup, "field" | "noun">): string {
  return canonicalizeJson([collection, property, value]);
}
