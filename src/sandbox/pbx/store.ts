import { textOf } from "../json.ts";
import { ENTITY_SETS, setNamed } from "../model/registry.ts";
import type { Change, Numbered, Records, Row } from "../model/types.ts";
import type { Quirks } from "../quirks.ts";

/** The state of the PBX, and the only thing that changes it. */
export interface Store extends Records {
  /** Keeps a new row; gives it the next id, for one number plan as well as for everything else. */
  insert(set: string, values: Readonly<Row>): Row;
  apply(change: Change): void;
  remove(set: string, row: Row): void;
  /** Everything, as JSON; `restore` takes it back. */
  snapshot(): StoreSnapshot;
}

export interface StoreSnapshot {
  readonly nextId: number;
  readonly sets: Readonly<Record<string, readonly Row[]>>;
}

interface Kept {
  readonly rows: Map<number, Row>;
  /** The rows in order of their ids, made again when somebody asks after a change. */
  listed: readonly Row[] | undefined;
}

/** An empty state, or the state of a snapshot. */
export function createStore(version: string, quirks: Quirks, snapshot?: StoreSnapshot): Store {
  const kept = new Map<string, Kept>();
  const derived = new Map<string, { readonly revision: number; readonly rows: readonly Row[] }>();
  const plan = new Map<string, Numbered>();
  let nextId = snapshot?.nextId ?? 1;
  let revision = 0;

  const rowsOf = (set: string): Kept => {
    let found = kept.get(set);
    if (found === undefined) kept.set(set, (found = { rows: new Map(), listed: undefined }));
    return found;
  };
  const keep = (set: string, row: Row): void => {
    rowsOf(set).rows.set(Number(row["Id"]), row);
    const key = textOf(row["Number"]);
    if (setNamed(set).peerType !== undefined && key !== "") plan.set(key, { set, row });
  };
  const noteChange = (set: string): void => {
    rowsOf(set).listed = undefined;
    revision++;
  };

  for (const [set, rows] of Object.entries(snapshot?.sets ?? {}))
    for (const row of rows) keep(set, { ...row });
  for (const { name, singleton, derive, defaults } of ENTITY_SETS)
    if (singleton === true && derive === undefined && rowsOf(name).rows.size === 0)
      keep(name, { ...defaults, Id: 0 });

  const store: Store = {
    get revision() {
      return revision;
    },
    version,
    quirks,
    list(set) {
      const described = setNamed(set);
      if (described.derive === undefined) {
        const found = rowsOf(set);
        found.listed ??= [...found.rows.values()];
        return found.listed;
      }
      const last = derived.get(set);
      if (last?.revision === revision) return last.rows;
      const rows = described.derive(store);
      derived.set(set, { revision, rows });
      return rows;
    },
    byId: (set, id) => rowsOf(set).rows.get(id),
    byNumber: (wanted) => plan.get(wanted),
    numbered: () => plan.values(),
    peerType: ({ set, row }) => setNamed(set).peerType || textOf(row["Type"]),
    insert(set, values) {
      const row: Row = { ...values, Id: nextId++ };
      keep(set, row);
      noteChange(set);
      return row;
    },
    apply({ set, row, values }) {
      if (row === undefined) store.insert(set, values);
      else if (values === undefined) store.remove(set, row);
      else {
        Object.assign(row, values);
        noteChange(set);
      }
    },
    remove(set, row) {
      for (const taken of setNamed(set).takes?.(store, row) ?? [])
        store.remove(taken.set, taken.row);
      rowsOf(set).rows.delete(Number(row["Id"]));
      const key = textOf(row["Number"]);
      if (plan.get(key)?.row === row) plan.delete(key);
      noteChange(set);
    },
    snapshot: () => ({
      nextId,
      sets: Object.fromEntries(
        [...kept].flatMap(([set, { rows }]) =>
          rows.size === 0 ? [] : [[set, [...rows.values()]]],
        ),
      ),
    }),
  };
  return store;
}
