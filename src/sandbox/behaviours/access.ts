import type { Behaviour } from "./behaviour.ts";

/** Tokens, roles, and what the server says of itself. */
export const ACCESS = [
  {
    name: "token-form",
    does: "A token is asked for with a POST to /connect/token whose body has client_id, client_secret and grant_type=client_credentials, url-encoded or multipart.",
    evidence: "3CX's REST API page (url-encoded); 3cx/xapi-tutorial auth.ts (multipart)",
    mark: "O",
  },
  {
    name: "token-lifetime",
    does: "A token lives for an hour, and expires_in says so: in seconds from version 20.0.9 on, in minutes before.",
    evidence: "3cx/xapi-tutorial commit 1c6947c",
    mark: "O",
    switches: ["tokenUnit"],
  },
  {
    name: "token-is-jwt",
    does: "The access token is a JSON Web Token signed with ES256; its exp is the real end of its life.",
    evidence: "3CX-Tools-Suite notes on a live 20.0.8.1109",
    mark: "L",
  },
  {
    name: "one-live-token",
    does: "A new token for a client ends the one before; the older one is answered with 401.",
    evidence:
      "3cx/xapi-tutorial README: one access token is active at a time; clients renew on 401, one also on 403",
    mark: "O",
    switches: ["supersededStatus", "oneTokenForAllClients"],
  },
  {
    name: "tokens-end-with-restart",
    does: "After a restart every token has to be asked for again.",
    evidence: "nothing was found; a client that renews on 401 survives both readings",
    mark: "I",
    switches: ["tokensSurviveRestart"],
  },
  {
    name: "no-basic-auth",
    does: "Credentials in an Authorization: Basic header are not looked at.",
    evidence:
      "the OpenID configuration of a live PBX lists client_secret_post and no client_secret_basic",
    mark: "L",
    switches: ["basicAuth"],
  },
  {
    name: "invalid-client",
    does: "Wrong credentials are answered with 400 and the error invalid_client.",
    evidence:
      "a WHMCS add-on saw invalid_client; the status appears only in another client's fixture; against it, 3CX's REST API page has 401 and the error unauthorized",
    mark: "I",
    switches: ["invalidClientStatus"],
  },
  {
    name: "missing-token",
    does: "A request without a token, or with one that was never issued, is answered with 401.",
    evidence: "3CX-XAPI_examples and others, live; the body is that of 3CX's REST API page",
    mark: "L",
  },
  {
    name: "role-too-low",
    does: "A client whose role is too low gets 403 without a body, for some collections or all.",
    evidence: "seen by three clients on live PBXs; no body was captured",
    mark: "L",
  },
  {
    name: "token-cooldown",
    does: "After too many token requests within a minute, further ones are refused for three minutes. Off unless switched on: no threshold was observed.",
    evidence: "notes on a live 20.0.8.1121, without status or body",
    mark: "L",
    switches: ["tokenLimit", "tokenCooldown"],
  },
  {
    name: "version-header",
    does: "Answers carry the version of the PBX in X-3CX-Version.",
    evidence: "3CX's REST API page, for GET /Defs?$select=Id",
    mark: "O",
  },
  {
    name: "self-description",
    does: "/xapi/v1/ is the service document and /xapi/v1/$metadata the model in XML; both need a token.",
    evidence: "a topology app, on a live V20",
    mark: "L",
  },
] as const satisfies readonly Behaviour[];
