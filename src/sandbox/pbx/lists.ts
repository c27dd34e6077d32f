import { textOf } from "../json.ts";
import type { Json } from "../json.ts";
import { nameOf } from "../model/links.ts";
import type { ObjectType, Records, Row } from "../model/types.ts";
import { compileFilter, compilePath } from "../odata/evaluate.ts";
import type { Ordering, QueryOptions } from "../odata/options.ts";
import { checkShape, projector } from "../odata/project.ts";
import { invalidQuery } from "../refusal.ts";

export interface Page {
  /** Of everything that matches, when it was asked for. */
  readonly count: number | undefined;
  readonly value: readonly Json[];
}

/** One page of some rows of a type, as the query's options ask for it. */
export type ListRows = (rows: readonly Row[], type: ObjectType, options: QueryOptions) => Page;

/** Remembers the last orders it sorted, so that paging through 10,000 apps sorts them once. */
export function createLister(records: Records): ListRows {
  let sorted = new WeakMap<readonly Row[], Map<string, readonly Row[]>>();
  let revision = records.revision;

  /** In the given order, remembered until something changes. */
  const sortAll = (
    rows: readonly Row[],
    orderby: readonly Ordering[],
    compare: (a: Row, b: Row) => number,
  ): readonly Row[] => {
    if (revision !== records.revision) {
      sorted = new WeakMap();
      revision = records.revision;
    }
    const orders = sorted.get(rows) ?? new Map<string, readonly Row[]>();
    sorted.set(rows, orders);
    const key = JSON.stringify(orderby);
    const known = orders.get(key) ?? rows.toSorted(compare);
    orders.set(key, known);
    return known;
  };

  return (rows, type, options) => {
    const { shape, filter, orderby, search } = options;
    checkShape(shape, type);
    if (
      records.quirks.selectNeedsId &&
      type.properties.has("Id") &&
      shape.select?.has("Id") === false
    )
      throw invalidQuery("The $select must contain the key property 'Id'.");
    const compare = comparer(orderby, type, records);
    let matching = rows;
    if (filter !== undefined) matching = rows.filter(compileFilter(filter, type, records));
    if (search !== undefined) matching = matching.filter((row) => isFound(row, search));
    if (orderby.length > 0)
      matching = matching === rows ? sortAll(rows, orderby, compare) : matching.toSorted(compare);
    const page = matching.slice(
      options.skip,
      options.skip + (options.top ?? records.quirks.defaultPageSize),
    );
    return {
      count: options.count ? matching.length : undefined,
      value: page.map(projector(shape, type, records)),
    };
  };
}

function comparer(
  orderby: readonly Ordering[],
  type: ObjectType,
  records: Records,
): (a: Row, b: Row) => number {
  const terms = orderby.map(({ path, descending }) => ({
    term: compilePath(path, type, records),
    sign: descending ? -1 : 1,
  }));
  return (a, b) => {
    for (const { term, sign } of terms) {
      const order = compareValues(term.of(a), term.of(b));
      if (order !== 0) return sign * order;
    }
    return 0;
  };
}

function compareValues(a: Json, b: Json): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
}

function isFound(row: Row, search: string): boolean {
  const wanted = search.replaceAll('"', "").toLowerCase();
  return [nameOf(row), textOf(row["Number"])].some((text) => text.toLowerCase().includes(wanted));
}
