import type { Json } from "../json.ts";
import { findSet, linkOf, typeNamed } from "../model/registry.ts";
import type { EntitySet, Row } from "../model/types.ts";
import { readAddress } from "../odata/address.ts";
import type { Address, Key, Tail } from "../odata/address.ts";
import { readOptions } from "../odata/options.ts";
import { checkShape, projector } from "../odata/project.ts";
import type { CompileOrder, Pbx } from "../pbx/pbx.ts";
import { methodNotAllowed, notFound, notSimulated } from "../refusal.ts";
import { authorize } from "../tokens.ts";
import type { ApiClient } from "../tokens.ts";
import { FUNCTIONS } from "./functions.ts";
import type { ApiFunction } from "./functions.ts";

/** A request below `/xapi/v1/`, its sender known. */
export interface ApiRequest {
  readonly method: string;
  /** Still encoded, without `/xapi/v1/` and query. */
  readonly path: string;
  readonly options: URLSearchParams;
  readonly body: Json | undefined;
  readonly client: ApiClient;
  /** `http://127.0.0.1:5001/xapi/v1` */
  readonly base: string;
  readonly order: CompileOrder;
}

export interface ApiResult {
  readonly status: number;
  readonly body: Json | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

const NO_CONTENT: ApiResult = { status: 204, body: undefined };

/** Carries out one request. Throws a Refusal for every answer that is no success. */
export async function route(pbx: Pbx, request: ApiRequest): Promise<ApiResult> {
  const address = readAddress(request.path);
  const set = findSet(address.set);
  if (set === undefined) throw notSimulated(`the collection ${address.set}`);
  authorize(request.client, set.name, request.method !== "GET");
  if (address.tail !== undefined) return followTail(pbx, set, address, address.tail, request);
  if (address.key !== undefined) return handleEntity(pbx, set, address.key, request);
  return handleCollection(pbx, set, request);
}

async function handleCollection(pbx: Pbx, set: EntitySet, request: ApiRequest): Promise<ApiResult> {
  if (request.method === "POST" && set.verbs.includes("create")) {
    const row = await pbx.create(set, request.body, request.order);
    // 3CX answers the creation of an emergency rule without a body (observed by CLOUDON).
    if (set.name === "OutboundRules" && row["EmergencyRule"] === true)
      return { status: 201, body: undefined };
    return {
      ...showEntity(pbx, set.type.name, row, `${set.name}/$entity`, request, true),
      status: 201,
      headers: { location: `${request.base}/${set.name}(${Number(row["Id"])})` },
    };
  }
  const rows = pbx.store.list(set.name);
  if (set.singleton === true && request.method === "PATCH" && set.verbs.includes("update")) {
    await pbx.update(set, rows[0] ?? {}, request.body, request.order);
    return NO_CONTENT;
  }
  if (request.method !== "GET") throw methodNotAllowed();
  if (set.singleton === true)
    return showEntity(pbx, set.type.name, rows[0] ?? {}, set.name, request);
  const listed = set.isListed === undefined ? rows : rows.filter(set.isListed);
  return showEntities(pbx, set.type.name, listed, set.name, request);
}

async function handleEntity(
  pbx: Pbx,
  set: EntitySet,
  key: Key,
  request: ApiRequest,
): Promise<ApiResult> {
  const row = findByKey(pbx, set, key);
  if (request.method === "GET")
    return showEntity(pbx, set.type.name, row, `${set.name}/$entity`, request);
  const isPlainKey = key.name === undefined || key.name === set.key;
  if (request.method === "PATCH" && set.verbs.includes("update") && isPlainKey) {
    await pbx.update(set, row, request.body, request.order);
    return NO_CONTENT;
  }
  if (request.method === "DELETE" && set.verbs.includes("remove") && isPlainKey) {
    pbx.remove(set, row);
    return NO_CONTENT;
  }
  throw methodNotAllowed();
}

function findByKey(pbx: Pbx, set: EntitySet, key: Key): Row {
  const name = key.name ?? set.key;
  const isAlternate = name === set.alternateKey && pbx.store.quirks.alternateKeys;
  if (name === undefined || (name !== set.key && !isAlternate)) throw notFound();
  const row =
    name === "Id"
      ? pbx.store.byId(set.name, Number(key.value))
      : pbx.store.list(set.name).find((one) => one[name] === key.value);
  if (row === undefined || (name === "Id" && typeof key.value !== "number")) throw notFound();
  return row;
}

function followTail(
  pbx: Pbx,
  set: EntitySet,
  { key }: Address,
  tail: Tail,
  request: ApiRequest,
): ApiResult {
  const name = `${set.name}/${tail.name}`;
  const called = FUNCTIONS[name];
  const row = key === undefined ? undefined : findByKey(pbx, set, key);
  if (called !== undefined) return callFunction(pbx, called, row, tail, request);
  const owner = row ?? (set.singleton === true ? pbx.store.list(set.name)[0] : undefined);
  const property = set.type.properties.get(tail.name);
  const link = linkOf(set.type.name, tail.name);
  if (tail.name.startsWith("Pbx.")) throw notSimulated(name);
  if (owner === undefined || property === undefined || link?.path !== true) throw notFound();
  // A live PBX has no POST at a navigation property (404), while PUT and the rest are 405 (UCR, LUX).
  if (request.method === "POST") throw notFound();
  if (request.method !== "GET") throw methodNotAllowed();
  const value = link.read === undefined ? owner[tail.name] : link.read(pbx.store, owner, tail.name);
  const rows = (Array.isArray(value) ? value : []) as readonly Row[];
  return showEntities(
    pbx,
    property.type,
    rows,
    `${set.name}(${Number(owner["Id"])})/${tail.name}`,
    request,
  );
}

function callFunction(
  pbx: Pbx,
  called: ApiFunction,
  row: Row | undefined,
  tail: Tail,
  request: ApiRequest,
): ApiResult {
  const needsParentheses = called.method === "GET";
  if ((called.bound === true) !== (row !== undefined)) throw notFound();
  if (needsParentheses !== (tail.args !== undefined)) throw notFound();
  if (request.method !== called.method) throw methodNotAllowed();
  const result = called.run({ pbx, row, args: tail.args ?? {}, body: request.body });
  switch (result.gives) {
    case "nothing":
      return NO_CONTENT;
    case "entity":
      return showEntity(pbx, result.type, result.row, `Pbx.${result.type}`, request);
    case "entities":
      return showEntities(pbx, result.type, result.rows, `Collection(Pbx.${result.type})`, request);
    case "texts": {
      const { skip, top } = readOptions(request.options);
      const value = result.value.slice(skip, top === undefined ? undefined : skip + top);
      return { status: 200, body: { ...contextOf(request, "Collection(Edm.String)"), value } };
    }
    default:
      return result satisfies never;
  }
}

function showEntities(
  pbx: Pbx,
  type: string,
  rows: readonly Row[],
  context: string,
  request: ApiRequest,
): ApiResult {
  const options = readOptions(request.options);
  const { count, value } = pbx.listRows(rows, typeNamed(type), options);
  const selected = options.shape.select;
  const head = contextOf(
    request,
    selected === undefined ? context : `${context}(${[...selected].join(",")})`,
  );
  const counted = count === undefined ? {} : { "@odata.count": count };
  return { status: 200, body: { ...head, ...counted, value } };
}

function showEntity(
  pbx: Pbx,
  type: string,
  row: Row,
  context: string,
  request: ApiRequest,
  whole = false,
): ApiResult {
  const { shape } = readOptions(whole ? new URLSearchParams() : request.options);
  const described = typeNamed(type);
  checkShape(shape, described);
  const shown = projector(shape, described, pbx.store)(row);
  return { status: 200, body: { ...contextOf(request, context), ...shown } };
}

function contextOf(request: ApiRequest, fragment: string): { "@odata.context": string } {
  return { "@odata.context": `${request.base}/$metadata#${fragment}` };
}
