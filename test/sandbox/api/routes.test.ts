import { describe, expect, test } from "vitest";
import { FUNCTIONS } from "../../../src/sandbox/api/functions.ts";
import { ENTITY_SETS } from "../../../src/sandbox/model/registry.ts";
import { createClient, openSandbox } from "../../support/pbx/raw-client.ts";

const METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"] as const;

describe.each(ENTITY_SETS.map((set) => [set.name, set] as const))("%s", (name, set) => {
  test("answers every method that it does not have with 405", async () => {
    const { send } = await openSandbox();
    const writes = set.singleton === true && set.verbs.includes("update") ? ["PATCH"] : [];
    const allowed = new Set(["GET", ...(set.verbs.includes("create") ? ["POST"] : []), ...writes]);
    for (const method of METHODS.filter((one) => !allowed.has(one)))
      expect([
        method,
        (await send(method, name, method === "DELETE" ? undefined : {})).status,
      ]).toEqual([method, 405]);
    expect((await send("GET", name)).status).toBe(200);
  });

  test("answers an entity that is not there with 404, whatever is to be done with it", async () => {
    const { send } = await openSandbox();
    for (const key of ["(987654)", "(Number='none')", "(Id=987654)", "('x')"])
      for (const method of METHODS)
        expect([
          key,
          method,
          (await send(method, name + key, method === "GET" ? undefined : {})).status,
        ]).toEqual([key, method, 404]);
  });

  test("gives its pages under its own name, also when it is written in another case", async () => {
    const { get, sandbox } = await openSandbox();
    const { json } = await get(`${name.toLowerCase()}?$count=true`);
    const context = `${sandbox.url}/xapi/v1/$metadata#${name}`;
    expect(json["@odata.context"]).toBe(context);
    expect("value" in json).toBe(set.singleton !== true);
  });

  test("shows every plain property of its type and expands every link", async () => {
    const { get, list } = await openSandbox({
      seed: {
        users: [{ number: "100", name: "Ann" }],
        queues: [{ number: "800", name: "q" }],
        ringGroups: [{ number: "801", name: "r" }],
        receptionists: [{ number: "802", name: "m" }],
        trunks: [{ number: "10000", name: "t", didNumbers: ["1"] }],
        parameters: [{ name: "A", value: "1" }],
        apps: [{ number: "806", name: "a" }],
      },
    });
    const links = [...set.type.properties.values()].filter(({ navigation }) => navigation);
    const query = links.length === 0 ? "" : `?$expand=${links.map((link) => link.name).join(",")}`;
    const rows =
      set.singleton === true ? [(await get(name + query)).json] : await list(name + query);
    const hidden = new Set(set.onlySelected ?? []);
    const expected = [...set.type.properties.keys()].filter((property) => !hidden.has(property));
    for (const row of rows)
      expect(new Set(Object.keys(row).filter((key) => !key.startsWith("@")))).toEqual(
        new Set(expected),
      );
  });
});

describe.each(Object.entries(FUNCTIONS))("%s", (name, called) => {
  const [set = "", own = ""] = name.split("/");

  test("is there only where it belongs, and only with its own method", async () => {
    const { at, create, send } = await openSandbox();
    await create("CallFlowApps", { Number: "806", Name: "a" });
    await create("Queues", { Number: "807", Name: "q" });
    const entity = set === "Queues" ? await at("Queues", "807") : await at("CallFlowApps", "806");
    const call = called.method === "GET" ? `${own}()` : own;
    const right = called.bound === true ? `${entity}/${call}` : `${set}/${call}`;
    const other = called.method === "GET" ? "POST" : "GET";
    expect((await send(other, right, other === "POST" ? {} : undefined)).status).toBe(405);
    const elsewhere = called.bound === true ? `${set}/${call}` : `${entity}/${call}`;
    expect(
      (await send(called.method, elsewhere, called.method === "POST" ? {} : undefined)).status,
    ).toBe(404);
    const without = called.method === "GET" ? right.slice(0, -2) : `${right}()`;
    expect(
      (await send(called.method, without, called.method === "POST" ? {} : undefined)).status,
    ).toBe(404);
  });

  test("does nothing for a client whose role is too low", async () => {
    const clients = [{ clientId: "low", clientSecret: "l", role: "users" }];
    const client = await openSandbox({ seed: { clients } });
    const low = createClient(client.sandbox, "low");
    await low.login("l");
    const answer = await low.send(
      called.method,
      `${set}/${own}`,
      called.method === "POST" ? {} : undefined,
    );
    expect(answer.status).toBe(403);
  });
});
