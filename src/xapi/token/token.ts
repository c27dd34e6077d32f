import type { Clock } from "../../domain/ports.ts";
import { failure } from "../../domain/problem.ts";
import { Secret } from "../../domain/secret.ts";
import { writeRetryAfter } from "../http/retry.ts";
import { share } from "./share.ts";
import type { Transport } from "../http/transport.ts";

/** Renewed this many milliseconds before it ends. */
const EXPIRY_MARGIN = 10_000;
const MAX_SUPERSESSIONS = 3;

export interface Token {
  readonly value: Secret<string>;
  readonly generation: number;
  /** Milliseconds since the epoch; Infinity when the token does not say, or cannot be believed. */
  readonly expires: number;
}

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: Secret<string>;
  /** Told every token, so that a redactor can know it. */
  readonly onToken?: ((token: Secret<string>) => void) | undefined;
}

export interface TokenSource {
  /** The one token of this run, fetched when there is none or it is about to end. All waiting requests share one fetch. */
  get(signal?: AbortSignal): Promise<Token>;
  /**
   * A token after `stale` was refused. 3CX keeps one live token per client, so a refusal of a good
   * token means that another program fetched one; the third time in a run that throws.
   */
  replace(stale: Token, signal?: AbortSignal): Promise<Token>;
  /** The refusal of this token was about the role: nobody had taken it from us. */
  absolve(token: Token): void;
}

/** Tokens by client credentials in the body, the only method a live PBX lists. */
export function createTokenSource(
  transport: Transport,
  credentials: Credentials,
  clock: Clock,
): TokenSource {
  let current: Token | undefined;
  let generation = 0;
  /** Generations that the PBX refused before their time. */
  const superseded = new Set<number>();
  const fetching = share(fetchToken);

  async function fetchToken(signal: AbortSignal): Promise<Token> {
    const outcome = await transport.request({
      method: "POST",
      path: "/connect/token",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret.reveal(),
        grant_type: "client_credentials",
      }).toString(),
      retry: "always",
      signal,
    });
    const value = readToken(outcome);
    generation += 1;
    const secret = new Secret(value);
    credentials.onToken?.(secret);
    current = { value: secret, generation, expires: readExpiry(value, clock.now()) };
    return current;
  }

  return {
    async get(signal) {
      signal?.throwIfAborted();
      if (current !== undefined && clock.now() < current.expires - EXPIRY_MARGIN) return current;
      return fetching.join(signal);
    },
    async replace(stale, signal) {
      signal?.throwIfAborted();
      if (current !== undefined && current.generation > stale.generation) return current;
      // Our own fetch ends the token before it, so a refusal meanwhile says nothing about others.
      if (!fetching.running()) superseded.add(stale.generation);
      if (superseded.size >= MAX_SUPERSESSIONS)
        throw failure(
          "token-superseded",
          `another program is using the client id ${credentials.clientId}: the PBX has ended our token ${superseded.size} times`,
          {
            hint: "3CX keeps one live token per client; let one run at a time use it, or give each program a client of its own",
          },
        );
      return fetching.join(signal);
    },
    absolve({ generation: absolved }) {
      superseded.delete(absolved);
    },
  };
}

function readToken(outcome: Awaited<ReturnType<Transport["request"]>>): string {
  if (outcome.state === "answered") {
    const { status, body } = outcome;
    const fields = typeof body === "object" && body !== null ? { ...body } : {};
    const token = "access_token" in fields ? fields.access_token : undefined;
    if (status === 200 && typeof token === "string" && /^[\x21-\x7e]+$/.test(token)) return token;
    if ([400, 401, 403].includes(status))
      throw failure("pbx-credentials", `the PBX does not accept the API client (${status})`, {
        hint: "check CALLFORM_CLIENT_ID and CALLFORM_CLIENT_SECRET (or clientId and clientSecret of the target) against Integrations > API in the admin console",
      });
    if (status === 404)
      throw failure("pbx-answer", "the server has no /connect/token: it is no 3CX V20 PBX", {
        hint: "check the URL; it is the address of the PBX itself, e.g. https://pbx.example.com:5001",
      });
    const asked =
      outcome.retryAfter === undefined ? "" : `; ${writeRetryAfter(outcome.retryAfter)}`;
    throw failure("pbx-answer", `the PBX answered ${status} without a token${asked}`);
  }
  throw failure("pbx-answer", `no token${outcome.state === "lost" ? `: ${outcome.reason}` : ""}`);
}

/** Only the JWT's own `exp` is believed: `expires_in` is minutes before 20.0.9 and seconds since. */
function readExpiry(token: string, now: number): number {
  const claims = readClaims(token);
  const [exp, iat] = [claims["exp"], claims["iat"]];
  if (typeof exp !== "number") return Infinity;
  // Counted from when it was issued, the clocks of PBX and client need not agree.
  const expires = typeof iat === "number" ? now + (exp - iat) * 1000 : exp * 1000;
  // One that seems to end as it begins tells of clocks far apart; a fetch for every request would follow.
  return expires - EXPIRY_MARGIN > now ? expires : Infinity;
}

/** What a JWT says of itself, unverified; empty for a token that is none. */
export function readClaims(token: string): Readonly<Record<string, unknown>> {
  const payload = token.split(".")[1];
  if (payload === undefined) return {};
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString());
    return typeof claims === "object" && claims !== null ? { ...claims } : {};
  } catch {
    return {};
  }
}
