import type { Tree } from "./tree.ts";

// Where a live PBX does what its own description leaves out. Each entry names who saw it; 3CX's
// description covers the OData operations alone, and neither authentication nor discovery.

/** Paths below the API's root that answer a GET: the service document and `$metadata` (TOPO, live). */
export const UNDESCRIBED_PATHS: ReadonlySet<string> = new Set(["", "/", "/$metadata"]);

/** Operations whose success may have no body: the creation of an emergency rule has none (CLOUDON, live). */
export const BODYLESS: ReadonlySet<string> = new Set(["POST /OutboundRules"]);

/**
 * Codes that PBXs before 20.0.9 still answered with: 3CX took them out of its list then (history of its
 * tutorial's repository), and the description at hand is of a later one.
 */
export const RETIRED_WARNINGS: ReadonlySet<string> = new Set([
  "WARNINGS.CALL_FLOW_MUST_BE_ALPHANUMERIC",
  "WARNINGS.DN_NUMBER_CANNOT_BE_USED",
  "WARNINGS.INVALID_EXTENSION_NUMBER_LENGTH",
]);

/** An answer of the authentication in front of the API, in OAuth's form (3CX's documentation). */
export const UNAUTHORIZED: Tree = {
  type: "object",
  required: ["error"],
  properties: { error: { type: "string" }, error_description: { type: "string" } },
};

/** What a client sends for a token: OAuth's client credentials in the body, the method a live PBX lists. */
export const TOKEN_REQUEST: Tree = {
  type: "object",
  required: ["grant_type", "client_id", "client_secret"],
  properties: {
    grant_type: { enum: ["client_credentials"] },
    client_id: { type: "string" },
    client_secret: { type: "string" },
  },
};

/** The answer to it, as 3CX's documentation shows it. */
export const TOKEN_ANSWER: Tree = {
  type: "object",
  required: ["token_type", "expires_in", "access_token"],
  properties: {
    token_type: { enum: ["Bearer"] },
    expires_in: { type: "integer", minimum: 1 },
    access_token: { type: "string" },
    refresh_token: { type: "string", nullable: true },
  },
};
