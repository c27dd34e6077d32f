import { checkServerIdentity, type PeerCertificate } from "node:tls";

/** What a server's certificate says of itself. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** The DNS names and addresses that it is for. */
  readonly names: readonly string[];
  /** Milliseconds since the epoch; NaN where the certificate gives no date that can be read. */
  readonly validFrom: number;
  readonly validTo: number;
  /** SHA-256, as browsers show it. */
  readonly fingerprint: string;
}

/** Reads a peer's certificate; undefined where there is none. */
export function readCertificate(peer: PeerCertificate): CertificateFacts | undefined {
  if (Object.keys(peer).length === 0) return undefined;
  return {
    subject: nameSubject(peer.subject),
    issuer: nameSubject(peer.issuer),
    names: (peer.subjectaltname ?? "")
      .split(/,\s*/)
      .map((name) => name.replace(/^(DNS|IP Address):/, ""))
      .filter((name) => name !== ""),
    validFrom: Date.parse(peer.valid_from),
    validTo: Date.parse(peer.valid_to),
    fingerprint: peer.fingerprint256,
  };
}

export type CertificateFault =
  | "not-yet-valid"
  | "expired"
  | "wrong-name"
  | "self-signed"
  | "unknown-authority"
  | "other";

/** OpenSSL's words for a chain that leads to nobody who is trusted. */
const UNTRUSTED: Readonly<Record<string, CertificateFault>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "unknown-authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "unknown-authority",
  UNABLE_TO_GET_ISSUER_CERT: "unknown-authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "unknown-authority",
  CERT_UNTRUSTED: "unknown-authority",
};

/** Judged here as well, because verification stops at the first fault and people then fix them one by one. */
const JUDGED_HERE = new Set([
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/**
 * Everything that is wrong with a certificate, in the order to put it right. `refusal` is the code that verification
 * gave, undefined where it had nothing to say; `now` is in milliseconds since the epoch.
 */
export function judgeCertificate(
  peer: PeerCertificate,
  host: string,
  refusal: string | undefined,
  now: number,
): readonly CertificateFault[] {
  const { validFrom = NaN, validTo = NaN } = readCertificate(peer) ?? {};
  const faults: CertificateFault[] = [];
  if (now < validFrom || refusal === "CERT_NOT_YET_VALID") faults.push("not-yet-valid");
  if (now > validTo || refusal === "CERT_HAS_EXPIRED") faults.push("expired");
  if (checkServerIdentity(host, peer) !== undefined) faults.push("wrong-name");
  if (refusal !== undefined && !JUDGED_HERE.has(refusal))
    faults.push(UNTRUSTED[refusal] ?? "other");
  return faults;
}

function nameSubject(subject: PeerCertificate["subject"] | undefined): string {
  const name = subject?.CN ?? subject?.O ?? subject?.OU;
  // More than one of a kind comes as a list, whatever the type says.
  return name === undefined ? "" : String(name);
}
