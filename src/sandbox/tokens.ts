import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import type { SandboxClock } from "./clock.ts";
import type { JsonObject } from "./json.ts";
import type { Quirks } from "./quirks.ts";
import { Refusal } from "./refusal.ts";

/** An API client as the console's Integrations page has it. */
export interface ApiClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly role: string;
  /** Collections it may not touch, whatever its role. */
  readonly forbid: readonly string[];
}

export interface Tokens {
  /** The answer to a token request. Throws a Refusal. */
  issue(form: Readonly<Record<string, unknown>>, authorization: string | undefined): JsonObject;
  /** Who sends a request. Throws a Refusal: 401 or 403. */
  identify(authorization: string | undefined): ApiClient;
  /** What happens when another program asks for a token with the same client id. */
  supersede(): void;
  /** What a restart of the PBX does. */
  forget(): void;
}

const LIFETIME = 3_600_000;
const MINUTE = 60_000;
const KEPT_STALE = 100;
const READERS: ReadonlySet<string> = new Set(["group_admins", "managers", "group_owners"]);
const WRITERS: ReadonlySet<string> = new Set(["system_admins", "system_owners"]);

export function createTokens(
  clients: readonly ApiClient[],
  quirks: Quirks,
  clock: SandboxClock,
): Tokens {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const live = new Map<string, { readonly client: ApiClient; readonly expires: number }>();
  let stale: readonly string[] = [];
  let recent: readonly number[] = [];
  let closedUntil = 0;

  const mint = (client: ApiClient): string => {
    const now = clock.now();
    const claims = {
      iss: "https://pbx.example.com",
      client_id: client.clientId,
      role: client.role,
      exp: Math.floor((now + LIFETIME) / 1000),
      jti: randomUUID(),
    };
    const signed = `${encode({ alg: "ES256", typ: "JWT" })}.${encode(claims)}`;
    const signature = sign("sha256", Buffer.from(signed), {
      key: privateKey,
      dsaEncoding: "ieee-p1363",
    });
    return `${signed}.${signature.toString("base64url")}`;
  };
  const replaceTokens = (client: ApiClient): string => {
    for (const [token, { client: owner }] of live)
      if (quirks.oneTokenForAllClients || owner === client) {
        live.delete(token);
        stale = [...stale, token].slice(-KEPT_STALE);
      }
    const token = mint(client);
    live.set(token, { client, expires: clock.now() + LIFETIME });
    return token;
  };
  const limit = (): void => {
    const now = clock.now();
    if (now < closedUntil) throw new Refusal(429, "too many token requests");
    recent = [...recent.filter((at) => at > now - MINUTE), now];
    if (quirks.tokenLimit === 0 || recent.length <= quirks.tokenLimit) return;
    closedUntil = now + quirks.tokenCooldown;
    throw new Refusal(429, "too many token requests");
  };

  return {
    issue(form, authorization) {
      limit();
      const credentials = quirks.basicAuth ? { ...form, ...readBasic(authorization) } : form;
      if (credentials["grant_type"] !== "client_credentials")
        throw new Refusal(400, "unsupported grant", { error: "unsupported_grant_type" });
      const client = clients.find(
        ({ clientId, clientSecret }) =>
          clientId === credentials["client_id"] && clientSecret === credentials["client_secret"],
      );
      if (client === undefined)
        throw new Refusal(quirks.invalidClientStatus, "invalid client", {
          error: "invalid_client",
          error_description: "Client authentication failed",
        });
      return {
        token_type: "Bearer",
        expires_in: quirks.tokenUnit === "seconds" ? LIFETIME / 1000 : LIFETIME / MINUTE,
        access_token: replaceTokens(client),
        refresh_token: null,
      };
    },
    identify(authorization) {
      const token = /^Bearer (.+)$/iu.exec(authorization ?? "")?.[1] ?? "";
      const entry = live.get(token);
      if (entry !== undefined && clock.now() < entry.expires) return entry.client;
      throw unauthorized(stale.includes(token) ? quirks.supersededStatus : 401);
    },
    supersede() {
      for (const client of clients) replaceTokens(client);
    },
    forget() {
      if (!quirks.tokensSurviveRestart) live.clear();
    },
  };
}

/** Throws a Refusal (403, without a body: none was ever captured) where the client's role is too low. */
export function authorize(client: ApiClient, set: string, writes: boolean): void {
  const mayRead = READERS.has(client.role) || WRITERS.has(client.role);
  const allowed = writes ? WRITERS.has(client.role) : mayRead;
  if (!allowed || client.forbid.includes(set)) throw new Refusal(403, "forbidden");
}

function unauthorized(status: number): Refusal {
  return new Refusal(status, "unauthorized", {
    error: "unauthorized",
    error_description: "The request requires valid user authentication.",
  });
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function readBasic(authorization: string | undefined): Readonly<Record<string, string>> {
  const [, encoded] = /^Basic (.+)$/iu.exec(authorization ?? "") ?? [];
  if (encoded === undefined) return {};
  const [clientId = "", ...secret] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return { client_id: clientId, client_secret: secret.join(":") };
}
