import type { Answer, Reply, Seen } from "./server.ts";

/** A token in the form 3CX gives: three parts, of which the second carries the claims. */
export function mintToken(claims: Readonly<Record<string, unknown>>): string {
  return `${encode({ alg: "ES256", typ: "at+jwt" })}.${encode(claims)}.c2lnbmF0dXJl`;
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

/** The answer of `/connect/token`, in the form of 3CX's own documents. */
export function answerToken(token: string, expiresIn = 60): Answer {
  const json = { token_type: "Bearer", expires_in: expiresIn, access_token: token };
  return { status: 200, json: { ...json, refresh_token: null } };
}

export interface Authority {
  /** Every token given out, oldest first. */
  readonly issued: readonly string[];
  /** Somebody else fetches a token with the same client. */
  supersede(): void;
  /** Answers token requests itself, turns away all but the newest token, and hands on the rest. */
  guard(
    reply: (seen: Seen, index: number) => Reply | Promise<Reply>,
  ): (seen: Seen, index: number) => Reply | Promise<Reply>;
}

/** One live token per client, as on a PBX; `refusal` is the status for any other. */
export function createAuthority(
  refusal: 401 | 403 = 401,
  claims: Readonly<Record<string, unknown>> = {},
): Authority {
  const issued: string[] = [];
  let live = "";
  return {
    issued,
    supersede() {
      live = "somebody else's";
    },
    guard: (reply) => (seen, index) => {
      if (seen.path === "/connect/token") {
        live = mintToken({ ...claims, jti: issued.length });
        issued.push(live);
        return answerToken(live);
      }
      if (seen.headers["authorization"] !== `Bearer ${live}`) return { status: refusal };
      return reply(seen, index);
    },
  };
}
