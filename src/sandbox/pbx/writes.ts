import type { Json, JsonObject } from "../json.ts";
import { completeDestinations } from "../model/destination.ts";
import { linkOf } from "../model/registry.ts";
import type { Change, EntitySet, ObjectType, Row } from "../model/types.ts";
import { unbindable, warn } from "../refusal.ts";
import type { Warning } from "../refusal.ts";
import { bindBody } from "./binder.ts";
import type { Store } from "./store.ts";

/** A write that passed every check and is still to be made. */
export interface PreparedWrite {
  readonly values: Readonly<Row>;
  /** What it changes in other rows, once its own row is there. */
  spread(row: Row): readonly Change[];
}

/** Checks a create. Throws a Refusal that lists what is wrong; changes nothing. */
export function prepareCreate(store: Store, set: EntitySet, body: Json | undefined): PreparedWrite {
  const type = set.type;
  const bound = bindBody(body, type);
  refuseUntaken(store, set, bound);
  refuseEmpty(requiredIn(store, set), bound);
  const defaults: Row = { ...set.defaults };
  if (set.peerType !== undefined && isEmpty(bound["Number"]))
    defaults["Number"] = firstFree(store, set);
  return prepare(store, set, type, bound, defaults);
}

/** Checks a change of a row. Throws a Refusal that lists what is wrong; changes nothing. */
export function prepareUpdate(
  store: Store,
  set: EntitySet,
  row: Row,
  body: Json | undefined,
): PreparedWrite {
  const type = set.type;
  const bound = bindBody(body, type);
  const kept = store.quirks.updatesMayEmpty ? [] : requiredIn(store, set);
  refuseEmpty(
    kept.filter((name) => name in bound && name !== "Number"),
    bound,
  );
  return prepare(store, set, type, bound, row);
}

function prepare(
  store: Store,
  set: EntitySet,
  type: ObjectType,
  bound: JsonObject,
  before: Readonly<Row>,
): PreparedWrite {
  const isNew = before["Id"] === undefined;
  const values: Row = isNew ? { ...before } : {};
  const shown: Readonly<Row> = { ...before, ...(isNew ? {} : set.compute?.(store, { ...before })) };
  const spreads: { readonly name: string; readonly bound: Json }[] = [];
  const warnings: Warning[] = [];
  for (const [name, value] of Object.entries(bound)) {
    if (isFixed(type, name, before)) {
      if (!mayStay(name, value, shown, store)) warnings.push(forbid(name));
      continue;
    }
    if (name === "Number" && value === null) continue;
    const property = type.properties.get(name);
    if (property?.navigation !== true) {
      values[name] = property === undefined ? value : completeDestinations(store, property, value);
      continue;
    }
    const link = linkOf(type.name, name);
    if (link?.bind === undefined) warnings.push(forbid(name));
    else if (link.spread === undefined) values[name] = link.bind(store, value, name);
    else spreads.push({ name, bound: link.bind(store, value, name) });
  }
  warnings.push(...checkNumber(store, set, values), ...checkName(store, set, values));
  if (warnings.length > 0) throw warn(warnings);
  const merged: Row = { ...before, ...values };
  set.rewrite?.(store, merged, new Set(Object.keys(values)));
  for (const name of Object.keys(merged))
    if (merged[name] !== before[name]) values[name] = merged[name] ?? null;
  return {
    values,
    spread: (row) =>
      spreads.flatMap((one) => linkOf(type.name, one.name)?.spread?.(store, one.bound, row) ?? []),
  };
}

/** Live PBXs cannot bind a create that brings more than the entity's few first properties. */
function refuseUntaken(store: Store, set: EntitySet, bound: JsonObject): void {
  if (store.quirks.createTakesEverything) return;
  const sent = Object.keys(bound).filter((name) => bound[name] !== null);
  const taken = (name: string): boolean =>
    set.createTakes?.includes(name) !== false && set.createRefuses?.includes(name) !== true;
  if (!sent.every(taken)) throw unbindable();
}

function refuseEmpty(required: readonly string[], bound: JsonObject): void {
  const missing = required.filter((name) => isEmpty(bound[name]));
  if (missing.length === 0) return;
  throw warn(
    missing.map((target) => ({
      target,
      code:
        bound[target] === "" ? "WARNINGS.XAPI.CAN_NOT_BE_EMPTY_STRING" : "WARNINGS.XAPI.REQUIRED",
    })),
  );
}

function requiredIn(store: Store, set: EntitySet): readonly string[] {
  return store.quirks.numberAndNameOptional && set.peerType !== undefined ? [] : (set.needs ?? []);
}

function isFixed(type: ObjectType, name: string, before: Readonly<Row>): boolean {
  if (name === "Id") return true;
  if (name === "Number") return before["Id"] !== undefined;
  return type.properties.get(name)?.computed === true;
}

/** A fixed property may be sent as it is, or empty by a client that sends whole objects. */
function mayStay(name: string, value: Json, before: Readonly<Row>, store: Store): boolean {
  if (value === null || value === before[name]) return true;
  if (name === "Id") return before["Id"] === undefined && value === 0;
  return name !== "Number" && !store.quirks.pbxFieldsRefused;
}

function forbid(target: string): Warning {
  return { target, code: "WARNINGS.XAPI.FORBIDDEN_CHANGE" };
}

function checkNumber(store: Store, set: EntitySet, values: Readonly<Row>): readonly Warning[] {
  const number = values["Number"];
  if (set.peerType === undefined || typeof number !== "string") return [];
  if (!/^#?[A-Za-z\d*]+$/u.test(number)) return [{ target: "Number", code: "WARNINGS.INVALID" }];
  const taken = store.byNumber(number) !== undefined;
  return taken ? [{ target: "Number", code: "WARNINGS.XAPI.ALREADY_IN_USE" }] : [];
}

function checkName(store: Store, set: EntitySet, values: Readonly<Row>): readonly Warning[] {
  const name = values["Name"];
  const bad =
    set.name === "CallFlowApps" &&
    store.quirks.alphanumericNames &&
    typeof name === "string" &&
    !/^[a-z\d]+$/iu.test(name);
  return bad ? [{ target: "Name", code: "WARNINGS.CALL_FLOW_MUST_BE_ALPHANUMERIC" }] : [];
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === "";
}

/** The first number nobody has, in the way the PBX numbers that kind of entity. */
export function firstFree(store: Store, set: EntitySet): string {
  const { prefix, from, width } = set.numbers ?? { prefix: "", from: 100, width: 3 };
  let next = from;
  while (store.byNumber(write(next)) !== undefined) next++;
  return write(next);

  function write(number: number): string {
    return `${prefix}${String(number).padStart(width, "0")}`;
  }
}
