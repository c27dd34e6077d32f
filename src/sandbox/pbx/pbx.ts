import type { SandboxClock } from "../clock.ts";
import { compileScript, orderRefusal } from "../compiler.ts";
import type { Verdict } from "../compiler.ts";
import { textOf } from "../json.ts";
import type { Json } from "../json.ts";
import { membersOf, membershipsOf } from "../model/memberships.ts";
import { setNamed } from "../model/registry.ts";
import type { EntitySet, Row } from "../model/types.ts";
import type { Quirks } from "../quirks.ts";
import { notFound } from "../refusal.ts";
import { createCompilations } from "./compilations.ts";
import type { Compilations, CompilationsSnapshot } from "./compilations.ts";
import { createLister } from "./lists.ts";
import type { ListRows } from "./lists.ts";
import { createStore } from "./store.ts";
import type { Store, StoreSnapshot } from "./store.ts";
import { prepareCreate, prepareUpdate } from "./writes.ts";

/** How scripts are compiled where that is decided beforehand instead of by the compiler. */
export interface CompileOrder {
  /** Milliseconds. */
  readonly delay?: number;
  readonly verdict?: "accept" | "refuse" | "never";
  /** The compiler's message when it refuses. */
  readonly message?: string;
}

export interface PbxSetup {
  readonly version: string;
  readonly quirks: Quirks;
  readonly clock: SandboxClock;
  /** For every app that has no order of its own. */
  readonly compile: CompileOrder;
  /** By number of the app. */
  readonly compileOf: ReadonlyMap<string, CompileOrder>;
  readonly snapshot?: PbxSnapshot;
}

export interface PbxSnapshot {
  readonly store: StoreSnapshot;
  readonly compilations: CompilationsSnapshot;
}

/** The PBX behind the API: what it keeps, and the writes that change it. Bodies are as sent. */
export interface Pbx {
  readonly store: Store;
  readonly compilations: Compilations;
  readonly listRows: ListRows;
  /** Each throws a Refusal and leaves everything as it was, or has changed all it was to change. */
  create(set: EntitySet, body: Json | undefined, order?: CompileOrder): Promise<Row>;
  update(set: EntitySet, row: Row, body: Json | undefined, order?: CompileOrder): Promise<void>;
  remove(set: EntitySet, row: Row): void;
  /** A department with all its memberships. */
  removeDepartment(row: Row): void;
  snapshot(): PbxSnapshot;
}

export const DEFAULT_DELAY = 300;

export function createPbx(setup: PbxSetup): Pbx {
  const { quirks, clock } = setup;
  const store = createStore(setup.version, quirks, setup.snapshot?.store);
  const compilations = createCompilations(store, clock, setup.snapshot?.compilations);

  const judge = async (text: string, order: CompileOrder): Promise<Verdict> => {
    if (order.verdict === "accept") return { accepted: true, result: "" };
    if (order.verdict === "refuse")
      return orderRefusal(
        order.message ?? "The name 'refused' does not exist in the current context",
        quirks,
      );
    return compileScript(text, quirks);
  };
  const commit = (set: string, row: Row, values: Readonly<Row>): void => {
    const { ScriptCode: _text, ...rest } = values;
    store.apply({ set, row, values: set === "CallFlowApps" ? rest : values });
  };
  /** The compiler works beforehand, so that a write is one step and a fault cannot fall into its middle. */
  const compile = async (
    set: EntitySet,
    body: Json | undefined,
    number: string,
    once: CompileOrder,
  ): Promise<((app: Row) => void) | undefined> => {
    const sent = scriptIn(set, body);
    if (sent === undefined) return undefined;
    const order = { ...setup.compile, ...setup.compileOf.get(number), ...once };
    const text = quirks.textReadBack === "crlf" ? sent.replaceAll(/\r?\n/gu, "\r\n") : sent;
    const verdict = await judge(text, order);
    const delay = order.verdict === "never" ? null : (order.delay ?? DEFAULT_DELAY);
    return (app) => {
      compilations.submit(app, text, verdict, delay);
    };
  };

  return {
    store,
    compilations,
    listRows: createLister(store),
    async create(set, body, order = {}) {
      const number = textOf(prepareCreate(store, set, body).values["Number"]);
      const submit = await compile(set, body, number, order);
      const prepared = prepareCreate(store, set, body);
      const { ScriptCode: _text, ...values } = prepared.values;
      const row = store.insert(set.name, { ...values, ...newApp(set) });
      for (const change of prepared.spread(row)) store.apply(change);
      for (const brought of set.brings?.(row) ?? []) store.insert(brought.set, brought.values);
      if (set.name === "CallFlowApps") compilations.begin(row);
      submit?.(row);
      return row;
    },
    async update(set, row, body, order = {}) {
      prepareUpdate(store, set, row, body);
      const submit = await compile(set, body, textOf(row["Number"]), order);
      if (store.byId(set.name, Number(row["Id"])) !== row) throw notFound();
      const prepared = prepareUpdate(store, set, row, body);
      commit(set.name, row, prepared.values);
      for (const change of prepared.spread(row)) store.apply(change);
      submit?.(row);
    },
    remove(set, row) {
      set.guardRemoval?.(store, row);
      if (set.name === "CallFlowApps") compilations.end(row);
      store.remove(set.name, row);
    },
    removeDepartment(row) {
      const id = Number(row["Id"]);
      for (const member of membersOf(store, id)) {
        const others = membershipsOf(member.row).filter(({ GroupId }) => GroupId !== id);
        store.apply({ ...member, values: { Groups: others } });
      }
      setNamed("Groups").guardRemoval?.(store, row);
      store.remove("Groups", row);
    },
    snapshot: () => ({ store: store.snapshot(), compilations: compilations.snapshot() }),
  };
}

/** A new app has nothing to run before its first compilation: live PBXs say so from the first reading on. */
function newApp(set: EntitySet): Row {
  return set.name === "CallFlowApps"
    ? { ScriptCode: "", CompilationSucceeded: false, CompilationResult: "", InvalidScript: true }
    : {};
}

function scriptIn(set: EntitySet, body: Json | undefined): string | undefined {
  if (set.name !== "CallFlowApps" || typeof body !== "object" || body === null) return undefined;
  if (Array.isArray(body) || !("ScriptCode" in body)) return undefined;
  const text = body["ScriptCode"];
  return typeof text === "string" ? text : "";
}
