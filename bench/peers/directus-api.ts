import type { PeerObject } from "./objects.ts";
import { isFields, readFields, type Api, type ApiAnswer, type Fields } from "./stand-in.ts";

const SYNC = "/directus-extension-sync/table/flows";
const ID_MAP = /^\/directus-extension-sync\/table\/flows\/(?:sync|local)_id\/([^/]+)$/;

/** An object as a flow, without its id and what Directus adds: as it is written in a file. */
export function describeFlow({ name, text }: PeerObject): Fields {
  return {
    name,
    icon: "bolt",
    color: null,
    description: text,
    status: "active",
    trigger: "webhook",
    accountability: "all",
    options: { method: "GET" },
    operation: null,
  };
}

/** Flows of Directus, and the id maps of its sync extension, where a flow keeps its id. */
export function createDirectusApi(objects: readonly PeerObject[]): Api {
  const flows = new Map<string, Fields>(
    objects.map((object) => [
      object.id,
      {
        id: object.id,
        ...describeFlow(object),
        date_created: "2026-01-01T00:00:00.000Z",
        user_created: null,
        operations: [],
      },
    ]),
  );
  const idMaps = objects.map(({ id }, index) => ({
    id: index + 1,
    table: "flows",
    sync_id: id,
    local_id: id,
  }));
  const byId = new Map(idMaps.map((map) => [map.local_id, map]));
  const findMap = (path: string): ApiAnswer | undefined => {
    if (path === SYNC) return { status: 200, body: idMaps };
    const map = byId.get(ID_MAP.exec(path)?.[1] ?? "");
    return map === undefined ? undefined : { status: 200, body: map };
  };
  const patch = (path: string, body: Fields): ApiAnswer | undefined => {
    const id = /^\/flows\/([^/]+)$/.exec(path)?.[1] ?? "";
    const flow = flows.get(id);
    if (flow === undefined) return undefined;
    const patched = { ...flow, ...body, id };
    flows.set(id, patched);
    return { status: 200, body: { data: patched } };
  };
  return {
    answer({ method, path, query, body }) {
      if (method === "GET" && path === "/server/info")
        return { status: 200, body: { data: { version: "11.5.0" } } };
      if (method === "POST" && path === "/utils/cache/clear") return { status: 204 };
      if (method === "GET" && path === "/flows")
        return { status: 200, body: { data: selectFlows(flows, query) } };
      return method === "GET" ? findMap(path) : method === "PATCH" ? patch(path, body) : undefined;
    },
    textOf(name) {
      const flow = [...flows.values()].find((one) => one["name"] === name);
      return flow === undefined ? undefined : String(flow["description"]);
    },
  };
}

/** A filter names one id, or several as `_in`; the fields are all of them or the id alone. */
function selectFlows(
  flows: ReadonlyMap<string, Fields>,
  query: URLSearchParams,
): readonly Fields[] {
  const ids = readIds(query.get("filter") ?? "{}", [...flows.keys()]);
  const found = ids.map((id) => flows.get(id)).filter((flow) => flow !== undefined);
  return query.get("fields") === "id" ? found.map(({ id }) => ({ id })) : found;
}

function readIds(filter: string, all: readonly string[]): readonly string[] {
  const { id } = readFields(filter);
  if (id === undefined) return all;
  const several = isFields(id) ? id["_in"] : [id];
  if (!Array.isArray(several)) throw new Error(`a filter that is not known here: ${filter}`);
  return several.map(String);
}
