import type { PeerObject } from "./objects.ts";
import { isFields, type Api, type ApiAnswer, type Fields } from "./stand-in.ts";

/** Auth0 keeps ten values of so many characters for a client. */
const LONGEST_VALUE = 255;
const MOST_VALUES = 10;

/** The most text a client of Auth0 can hold. */
export const LARGEST_CLIENT = LONGEST_VALUE * MOST_VALUES;

/** An object as a client, its text cut into metadata, without its id: as it is written in a file. */
export function describeClient({ name, text }: PeerObject) {
  const values = Array.from(
    { length: Math.min(MOST_VALUES, Math.ceil(text.length / LONGEST_VALUE)) },
    (_, n) => [`part${n}`, text.slice(n * LONGEST_VALUE, (n + 1) * LONGEST_VALUE)] as const,
  );
  return {
    name,
    app_type: "regular_web",
    callbacks: [`https://${name}.example.com/callback`],
    grant_types: ["authorization_code", "refresh_token"],
    oidc_conformant: true,
    client_metadata: Object.fromEntries(values),
  };
}

/** Clients of the Auth0 management API: listed by pages, and patched one by one. */
export function createAuth0Api(objects: readonly PeerObject[]): Api {
  const clients = new Map<string, Fields>(
    objects.map((object) => [object.id, { client_id: object.id, ...describeClient(object) }]),
  );
  return {
    answer({ method, path, query, body }) {
      if (method === "GET" && path === "/api/v2/clients")
        return listClients([...clients.values()], query);
      const id = /^\/api\/v2\/clients\/([^/]+)$/.exec(path)?.[1];
      const client = clients.get(id ?? "");
      if (method !== "PATCH" || id === undefined || client === undefined) return undefined;
      const patched = { ...client, ...body, client_id: id };
      clients.set(id, patched);
      return { status: 200, body: patched };
    },
    textOf(name) {
      const client = [...clients.values()].find((one) => one["name"] === name);
      const metadata = client?.["client_metadata"];
      return isFields(metadata) ? Object.values(metadata).join("") : undefined;
    },
  };
}

function listClients(clients: readonly Fields[], query: URLSearchParams): ApiAnswer {
  const limit = Math.min(Number(query.get("per_page") ?? 50), 100);
  const start = Number(query.get("page") ?? 0) * limit;
  const page = clients.slice(start, start + limit);
  if (query.get("include_totals") !== "true") return { status: 200, body: page };
  return {
    status: 200,
    body: { start, limit, length: page.length, total: clients.length, clients: page },
  };
}
