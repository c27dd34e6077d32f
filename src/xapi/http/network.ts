import type { Problem } from "../../domain/problem.ts";

/** Why a request brought no answer, in words. `permanent`: trying again cannot help. */
export interface NetworkFault {
  readonly text: string;
  readonly hint?: string;
  readonly permanent: boolean;
  /** False when the request cannot have reached the PBX. */
  readonly sent: boolean;
}

type Explain = (host: string) => Omit<NetworkFault, "permanent" | "sent">;

const CERTIFICATE_HINT =
  "add the authority that signed it with --ca-file (or caFile in callform.yaml); verification cannot be turned off";

const UNSENT: Readonly<Record<string, Explain>> = {
  ECONNREFUSED: (host) => ({
    text: `nothing listens at ${host}`,
    hint: "check the port (3CX uses 443 or 5001) and whether the PBX is running",
  }),
  EHOSTUNREACH: (host) => ({ text: `no route to ${host}`, hint: "check the network or the VPN" }),
  ENETUNREACH: (host) => ({ text: `no route to ${host}`, hint: "check the network or the VPN" }),
  EAI_AGAIN: (host) => ({ text: `the name server did not answer for ${host}` }),
  ETIMEDOUT: (host) => ({ text: `no connection to ${host} in time`, hint: "check the firewall" }),
  UND_ERR_CONNECT_TIMEOUT: (host) => ({
    text: `no connection to ${host} in time`,
    hint: "check the firewall, and that the PBX lets this machine's address in",
  }),
};

const PERMANENT: Readonly<Record<string, Explain>> = {
  ENOTFOUND: (host) => ({ text: `no such host: ${host}`, hint: "check the spelling of the URL" }),
  CERT_NOT_YET_VALID: (host) => ({
    text: `the certificate of ${host} is not valid yet`,
    hint: "check the clocks of the PBX and of this machine",
  }),
  CERT_HAS_EXPIRED: (host) => ({
    text: `the certificate of ${host} has expired`,
    hint: "renew the certificate on the PBX",
  }),
  ERR_TLS_CERT_ALTNAME_INVALID: (host) => ({
    text: `the certificate is not for ${host}`,
    hint: "use the PBX's own name (FQDN) in the URL",
  }),
  DEPTH_ZERO_SELF_SIGNED_CERT: (host) => ({
    text: `the certificate of ${host} is self-signed`,
    hint: CERTIFICATE_HINT,
  }),
  SELF_SIGNED_CERT_IN_CHAIN: (host) => ({
    text: `the certificate of ${host} comes from an unknown authority`,
    hint: CERTIFICATE_HINT,
  }),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: (host) => ({
    text: `the certificate of ${host} comes from an unknown authority`,
    hint: CERTIFICATE_HINT,
  }),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: (host) => ({
    text: `the certificate of ${host} comes from an unknown authority`,
    hint: CERTIFICATE_HINT,
  }),
  ERR_SSL_WRONG_VERSION_NUMBER: (host) => ({
    text: `${host} does not speak TLS on this port`,
    hint: "check the port; 3CX serves HTTPS on 443 or 5001",
  }),
  UND_ERR_RES_EXCEEDED_MAX_SIZE: (host) => ({ text: `the answer of ${host} is too large` }),
};

/** OpenSSL's and Node's own words for a handshake that fails the same way every time. */
const TLS_CODE = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_)/;

const TIMEOUTS = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

/** Reads a thrown network error by its code. */
export function explainNetworkError(error: unknown, host: string): NetworkFault {
  const { code, syscall } = findCode(error);
  const permanent = PERMANENT[code];
  if (permanent !== undefined) return { ...permanent(host), permanent: true, sent: false };
  if (TLS_CODE.test(code))
    return { text: `no TLS with ${host} (${code})`, permanent: true, sent: false };
  // A connection that dies of ETIMEDOUT or EHOSTUNREACH while it is read from had carried the request.
  const unsent = syscall === "read" || syscall === "write" ? undefined : UNSENT[code];
  if (unsent !== undefined) return { ...unsent(host), permanent: false, sent: false };
  const text = TIMEOUTS.has(code)
    ? `${host} did not answer in time`
    : `${host} closed the connection before it answered (${code === "" ? nameError(error) : code})`;
  return { text, permanent: false, sent: true };
}

/** For an answer that began, or never did, and was not whole in its time. */
export function explainLateness(host: string): NetworkFault {
  return { text: `${host} did not answer in full in time`, permanent: false, sent: true };
}

export function toProblem(fault: NetworkFault, request: string): Problem {
  return {
    severity: "error",
    code: "pbx-unreachable",
    message: `${request}: ${fault.text}`,
    ...(fault.hint === undefined ? {} : { hint: fault.hint }),
  };
}

function nameError(error: unknown): string {
  return error instanceof Error ? error.message : "for no reason it gave";
}

/** The first code in a chain of causes, and the call it came from; empty where none has one. */
export function findCode(error: unknown): { readonly code: string; readonly syscall: unknown } {
  for (let at = error; at instanceof Error; at = at.cause)
    if ("code" in at && typeof at.code === "string")
      return { code: at.code, syscall: "syscall" in at ? at.syscall : undefined };
  return { code: "", syscall: undefined };
}
