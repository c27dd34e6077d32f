import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAuth0Api, describeClient, LARGEST_CLIENT } from "../../bench/peers/auth0-api.ts";
import { createDirectusApi, describeFlow } from "../../bench/peers/directus-api.ts";
import { changeOne, makeObjects, pickOne } from "../../bench/peers/objects.ts";
import { isFields, type Api, type Fields } from "../../bench/peers/stand-in.ts";
import { createThingsApi } from "../../bench/peers/things-api.ts";

const SYNC = "/directus-extension-sync/table/flows";

function ask(api: Api, method: string, url: string, body: Fields = {}) {
  const { pathname, searchParams } = new URL(url, "http://x");
  return api.answer({ method, path: pathname, query: searchParams, body });
}

function fieldsOf(value: unknown): Fields {
  if (!isFields(value)) throw new Error("not an object");
  return value;
}

describe("the stand-in of Auth0", () => {
  const listPage = (api: Api, page: number, size: number): Fields =>
    fieldsOf(
      ask(api, "GET", `/api/v2/clients?page=${page}&per_page=${size}&include_totals=true`)?.body,
    );

  it("lists every client exactly once, whatever the size of a page", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 250 }),
        fc.integer({ min: 1, max: 100 }),
        (count, size) => {
          const objects = makeObjects(count, 100);
          const api = createAuth0Api(objects);
          const pages = Array.from({ length: Math.ceil(count / size) }, (_, page) =>
            listPage(api, page, size),
          );
          expect(pages.every(({ total }) => total === count)).toBe(true);
          const ids = pages.flatMap(({ clients }) =>
            (clients as Fields[]).map((client) => client["client_id"]),
          );
          expect(ids).toEqual(objects.map(({ id }) => id));
        },
      ),
      { numRuns: 20 },
    );
  });

  it("gives no more than a hundred on a page, as Auth0 does", () => {
    const page = listPage(createAuth0Api(makeObjects(300, 100)), 0, 500);
    expect(page).toMatchObject({ limit: 100, length: 100, total: 300 });
  });

  it("answers with the bare list where no totals are asked for", () => {
    const answer = ask(createAuth0Api(makeObjects(3, 100)), "GET", "/api/v2/clients");
    expect(answer?.body).toHaveLength(3);
  });

  it("keeps the whole text of an object, in values no longer than Auth0 takes", () => {
    const objects = makeObjects(3, LARGEST_CLIENT);
    const api = createAuth0Api(objects);
    const { name, text } = pickOne(objects);
    expect(api.textOf(name)).toBe(text);
    const values = Object.values(describeClient(pickOne(objects)).client_metadata);
    expect(values).toHaveLength(10);
    expect(values.every((value) => value.length <= 255)).toBe(true);
  });

  it("keeps what is patched, under the id it had", () => {
    const objects = makeObjects(3, LARGEST_CLIENT);
    const api = createAuth0Api(objects);
    const { id, name, text } = pickOne(changeOne(objects, 1));
    const body = { ...describeClient({ id, name, text }), client_id: "another" };
    const answer = ask(api, "PATCH", `/api/v2/clients/${id}`, body);
    expect(answer).toMatchObject({ status: 200, body: { client_id: id, name } });
    expect(api.textOf(name)).toBe(text);
  });

  it("has nothing elsewhere, and no client of another id", () => {
    const api = createAuth0Api(makeObjects(1, 100));
    expect(ask(api, "GET", "/api/v2/connections")).toBeUndefined();
    expect(ask(api, "PATCH", "/api/v2/clients/none")).toBeUndefined();
    expect(ask(api, "DELETE", "/api/v2/clients/00000000-0000-4000-8000-000000000000")).toBe(
      undefined,
    );
    expect(api.textOf("nobody")).toBeUndefined();
  });
});

describe("the stand-in of Directus", () => {
  const objects = makeObjects(5, 200);
  const ids = objects.map(({ id }) => id);
  const listFlows = (api: Api, filter: object, fields = ""): unknown => {
    const query = new URLSearchParams({ filter: JSON.stringify(filter), limit: "-1", fields });
    return fieldsOf(ask(api, "GET", `/flows?${query.toString()}`)?.body)["data"];
  };

  it("says a version that the tool agrees with, and lets its caches be cleared", () => {
    const api = createDirectusApi(objects);
    expect(ask(api, "GET", "/server/info")?.body).toMatchObject({ data: { version: "11.5.0" } });
    expect(ask(api, "POST", "/utils/cache/clear")).toEqual({ status: 204 });
  });

  it("knows every flow by the id it is synchronised with", () => {
    const api = createDirectusApi(objects);
    expect(ask(api, "GET", SYNC)?.body).toHaveLength(5);
    for (const id of ids)
      for (const by of ["sync_id", "local_id"])
        expect(ask(api, "GET", `${SYNC}/${by}/${id}`)?.body).toMatchObject({
          sync_id: id,
          local_id: id,
        });
    expect(ask(api, "GET", `${SYNC}/sync_id/none`)).toBeUndefined();
  });

  it("finds one flow by its id, several by theirs, and all without a filter", () => {
    const api = createDirectusApi(objects);
    expect(listFlows(api, { id: ids[2] })).toMatchObject([{ id: ids[2], name: "object-2" }]);
    expect(listFlows(api, { id: { _in: [ids[0], ids[4]] } }, "id")).toEqual([
      { id: ids[0] },
      { id: ids[4] },
    ]);
    expect(listFlows(api, {})).toHaveLength(5);
    expect(listFlows(api, { id: "none" })).toEqual([]);
  });

  it("refuses a filter it would have to guess about", () => {
    expect(() => listFlows(createDirectusApi(objects), { id: { _gt: 1 } })).toThrow("not known");
  });

  it("keeps for a flow all that its dump says", () => {
    const [flow] = listFlows(createDirectusApi(objects), { id: ids[1] }) as Fields[];
    expect(flow).toMatchObject(describeFlow(objects[1] ?? pickOne(objects)));
  });

  it("keeps what is patched", () => {
    const api = createDirectusApi(objects);
    const { id, name, text } = pickOne(changeOne(objects, 3));
    expect(ask(api, "PATCH", `/flows/${id}`, { description: text })?.status).toBe(200);
    expect(api.textOf(name)).toBe(text);
    expect(ask(api, "PATCH", "/flows/none", {})).toBeUndefined();
    expect(api.textOf("nobody")).toBeUndefined();
  });
});

describe("the stand-in for custom resources", () => {
  it("starts empty and keeps what is put", () => {
    const api = createThingsApi();
    expect(api.textOf("one")).toBeUndefined();
    expect(ask(api, "PUT", "/things/one", { text: "first" })?.status).toBe(200);
    ask(api, "PUT", "/things/one", { text: "second" });
    expect(api.textOf("one")).toBe("second");
    expect(ask(api, "GET", "/things/one")).toBeUndefined();
  });
});
