import { ACCESS } from "../../../src/sandbox/behaviours/access.ts";
import { startSandbox } from "../../../src/sandbox/server.ts";
import { createClient, manualClock, openSandbox } from "../../support/pbx/raw-client.ts";
import { proveAll } from "./prove.ts";

const HOUR = 3_600_000;

proveAll(ACCESS, {
  "token-form": async ({ expect }) => {
    const { sandbox } = await openSandbox({ seed: { clientId: "800", clientSecret: "s" } });
    const fields = { client_id: "800", client_secret: "s", grant_type: "client_credentials" };
    const multipart = new FormData();
    for (const [name, value] of Object.entries(fields)) multipart.append(name, value);
    for (const body of [new URLSearchParams(fields), multipart]) {
      const answer = await fetch(`${sandbox.url}/connect/token`, { method: "POST", body });
      expect(answer.status).toBe(200);
      expect(await answer.json()).toEqual({
        token_type: "Bearer",
        expires_in: 3600,
        access_token: expect.any(String),
        refresh_token: null,
      });
    }
    const wrong = new URLSearchParams({ ...fields, grant_type: "password" });
    const refused = await fetch(`${sandbox.url}/connect/token`, { method: "POST", body: wrong });
    expect(refused.status).toBe(400);
    expect((await fetch(`${sandbox.url}/connect/token`)).status).toBe(405);
  },

  "token-lifetime": async ({ expect }) => {
    const clock = manualClock();
    const newer = await openSandbox({ clock });
    expect((await newer.login()).json.expires_in).toBe(3600);
    clock.advance(HOUR - 1);
    expect((await newer.get("Defs")).status).toBe(200);
    clock.advance(1);
    expect((await newer.get("Defs")).status).toBe(401);

    const older = await openSandbox({ seed: { version: "20.0.8.1109" } });
    expect((await older.login()).json.expires_in).toBe(60);
    const told = await openSandbox({ seed: { tokenUnit: "minutes" } });
    expect((await told.login()).json.expires_in).toBe(60);
  },

  "token-is-jwt": async ({ expect }) => {
    const { login } = await openSandbox({ clock: manualClock(5_000) });
    const { access_token: token } = (await login()).json;
    const [head = "", claims = "", signature = ""] = String(token).split(".");
    expect(decodePart(head)).toMatchObject({ alg: "ES256" });
    expect(decodePart(claims)).toMatchObject({ exp: (5_000 + HOUR) / 1000 });
    expect(Buffer.from(signature, "base64url")).toHaveLength(64);
  },

  "one-live-token": async ({ expect }) => {
    const first = await openSandbox();
    const second = createClient(first.sandbox);
    await second.login();
    expect((await first.get("Defs")).status).toBe(401);
    expect((await second.get("Defs")).status).toBe(200);
    await first.login();
    expect((await second.get("Defs")).status).toBe(401);

    const forbidding = await openSandbox({ quirks: { supersededStatus: 403 } });
    await createClient(forbidding.sandbox).login();
    expect((await forbidding.get("Defs")).status).toBe(403);

    const clients = [{ clientId: "other", clientSecret: "o" }];
    const apart = await openSandbox({ seed: { clients } });
    await createClient(apart.sandbox, "other").login("o");
    expect((await apart.get("Defs")).status).toBe(200);
    const together = await openSandbox({
      seed: { clients },
      quirks: { oneTokenForAllClients: true },
    });
    await createClient(together.sandbox, "other").login("o");
    expect((await together.get("Defs")).status).toBe(401);
  },

  "tokens-end-with-restart": async ({ expect }) => {
    const clock = manualClock();
    const restart = {
      match: { path: "Peers" },
      action: { type: "restart", milliseconds: 5 },
    } as const;
    const statusAfterwards = async (tokensSurviveRestart: boolean): Promise<number> => {
      const client = await openSandbox({
        clock,
        faults: [restart],
        quirks: { tokensSurviveRestart },
      });
      await expect(client.get("Peers")).rejects.toThrow("fetch failed");
      return statusOnceBack(client.get, clock.advance);
    };
    expect(await statusAfterwards(false)).toBe(401);
    expect(await statusAfterwards(true)).toBe(200);
  },

  "no-basic-auth": async ({ expect }) => {
    expect(await askWithBasic(false)).toBe(400);
    expect(await askWithBasic(true)).toBe(200);
  },

  "invalid-client": async ({ expect }) => {
    const { login } = await openSandbox();
    for (const secret of ["", "wrong"]) {
      const answer = await login(secret);
      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject({ error: "invalid_client" });
    }
    const other = await openSandbox({ quirks: { invalidClientStatus: 401 } });
    expect((await other.login("wrong")).status).toBe(401);
  },

  "missing-token": async ({ expect }) => {
    const { sandbox } = await openSandbox();
    for (const authorization of ["", "Bearer ", "Bearer made.up.token", "Basic eDp5"]) {
      const answer = await fetch(`${sandbox.url}/xapi/v1/Defs`, { headers: { authorization } });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toEqual({
        error: "unauthorized",
        error_description: "The request requires valid user authentication.",
      });
    }
  },

  "role-too-low": async ({ expect }) => {
    const clients = [
      { clientId: "reader", clientSecret: "r", role: "managers" },
      { clientId: "nobody", clientSecret: "n", role: "users" },
      { clientId: "partly", clientSecret: "p", forbid: ["SystemStatus"] },
    ];
    const { sandbox } = await openSandbox({ seed: { clients } });
    const statusesOf = async (id: string): Promise<readonly number[]> => {
      const client = createClient(sandbox, id);
      await client.login(id.slice(0, 1));
      return [
        (await client.get("CallFlowApps")).status,
        (await client.get("SystemStatus")).status,
        (await client.send("POST", "Groups", { Name: id })).status,
      ];
    };
    expect(await statusesOf("reader")).toEqual([200, 200, 403]);
    expect(await statusesOf("nobody")).toEqual([403, 403, 403]);
    expect(await statusesOf("partly")).toEqual([200, 403, 201]);
  },

  "token-cooldown": async ({ expect }) => {
    const clock = manualClock();
    const sandbox = await startSandbox({ clock, quirks: { tokenLimit: 2 } });
    const { login } = createClient(sandbox);
    const statuses = [];
    for (let request = 0; request < 3; request++) statuses.push((await login()).status);
    clock.advance(179_999);
    statuses.push((await login()).status);
    clock.advance(1);
    statuses.push((await login()).status);
    await sandbox.close();
    expect(statuses).toEqual([200, 200, 429, 429, 200]);

    const unlimited = await openSandbox({ clock });
    for (let request = 0; request < 50; request++)
      expect((await unlimited.login()).status).toBe(200);
  },

  "version-header": async ({ expect }) => {
    const { get } = await openSandbox({ seed: { version: "20.0.9.995" } });
    expect((await get("Defs?$select=Id")).headers.get("x-3cx-version")).toBe("20.0.9.995");
    expect((await get("Nothing")).headers.get("x-3cx-version")).toBe("20.0.9.995");
    expect((await get("SystemStatus")).json.Version).toBe("20.0.9.995");
  },

  "self-description": async ({ expect }) => {
    const { get, sandbox } = await openSandbox();
    for (const path of ["/xapi/v1", "/xapi/v1/"]) {
      const { value } = (await get(path)).json;
      expect(value).toContainEqual({
        name: "CallFlowApps",
        kind: "EntitySet",
        url: "CallFlowApps",
      });
      expect(value).toContainEqual({
        name: "SystemStatus",
        kind: "Singleton",
        url: "SystemStatus",
      });
    }
    const metadata = await get("$metadata");
    expect(metadata.headers.get("content-type")).toContain("application/xml");
    expect(metadata.text).toContain(`<Property Name="ScriptCode" Type="Edm.String"/>`);
    expect(metadata.text).toContain(
      `<NavigationProperty Name="Groups" Type="Collection(Pbx.UserGroup)"/>`,
    );
    expect(metadata.text).toContain(
      `<EntitySet Name="CallFlowApps" EntityType="Pbx.CallFlowApp"/>`,
    );
    expect((await fetch(`${sandbox.url}/xapi/v1/$metadata`)).status).toBe(401);
  },
});

/** The status of the first request that is answered again; time passes while it is not. */
async function statusOnceBack(
  get: (path: string) => Promise<{ readonly status: number }>,
  advance: (milliseconds: number) => void,
): Promise<number> {
  for (let attempt = 0; attempt < 500; attempt++) {
    advance(1);
    const answer = await get("Defs").catch(() => undefined);
    if (answer !== undefined) return answer.status;
  }
  throw new Error("the sandbox did not come back");
}

function decodePart(part: string): unknown {
  return JSON.parse(Buffer.from(part, "base64url").toString());
}

/** The status of a token request whose credentials stand in a Basic header. */
async function askWithBasic(basicAuth: boolean): Promise<number> {
  const { sandbox } = await openSandbox({ quirks: { basicAuth } });
  const { clientId, clientSecret, url } = sandbox;
  const authorization = `Basic ${btoa(`${clientId}:${clientSecret}`)}`;
  const body = new URLSearchParams({ grant_type: "client_credentials" });
  const answer = await fetch(`${url}/connect/token`, {
    method: "POST",
    headers: { authorization },
    body,
  });
  return answer.status;
}
