import type { CertificateFacts, CertificateFault } from "../../../xapi/probe/certificate.ts";

/** A certificate that is not taken, and where it was met. */
export interface CertificateTrouble {
  readonly host: string;
  readonly port: number;
  readonly certificate: CertificateFacts;
  /** Verification's own code, where it has one. */
  readonly refusal: string | undefined;
  /** File of the further authority. */
  readonly caFile: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What is wrong, and what to do. */
export type Told = readonly [text: string, advice: string];

const USE_FQDN = "use the PBX's own name (FQDN) in the URL";

const EXPLANATIONS: Readonly<Record<CertificateFault, (trouble: CertificateTrouble) => Told>> = {
  "not-yet-valid": ({ host, certificate: { validFrom }, now }) => [
    `the certificate of ${host} is not valid before ${tellMoment(validFrom)}; ${tellClock(now)}`,
    "set the clock of this machine, or that of the machine that made the certificate",
  ],
  // The leaf may be in order and a certificate above it in the chain not.
  expired: ({ host, certificate: { validTo }, now }) => [
    validTo < now
      ? `the certificate of ${host} expired on ${tellMoment(validTo)}; ${tellClock(now)}`
      : `a certificate above that of ${host} has expired`,
    "renew the certificate on the PBX",
  ],
  // Whoever is not trusted does not get to say where to go instead.
  "wrong-name": ({ host, port, certificate: { names }, refusal }) => [
    `the certificate is not for ${host}${names.length === 0 ? "" : ` but for ${names.join(", ")}`}`,
    refusal === "ERR_TLS_CERT_ALTNAME_INVALID" ? adviseName(names, port) : USE_FQDN,
  ],
  "self-signed": ({ host }) => [
    `the certificate of ${host} is self-signed`,
    "compare its fingerprint with the PBX's own, then trust it with --ca-file (or caFile of the target)",
  ],
  "unknown-authority": ({ host, certificate: { issuer }, caFile }) => [
    `the certificate of ${host} is signed by ${issuer || "an authority"}, which is not trusted${caFile === undefined ? "" : `, and not by an authority in ${caFile}`}`,
    "give the PEM of that authority with --ca-file (or caFile of the target); with a public one, have the PBX send the certificates between",
  ],
  other: ({ host, refusal = "" }) => [
    `the certificate of ${host} is refused: ${refusal}`,
    "replace it on the PBX",
  ],
};

export function explainFault(fault: CertificateFault, trouble: CertificateTrouble): Told {
  return EXPLANATIONS[fault](trouble);
}

/** A name with `*` in it is none to type. */
function adviseName(names: readonly string[], port: number): string {
  const name = names.find((one) => !one.includes("*"));
  const shown = port === 443 ? "" : `:${port}`;
  return name === undefined ? USE_FQDN : `use a name that it is for: https://${name}${shown}`;
}

/** Whose it is, until when, and its fingerprint. */
export function tellFacts(certificate: CertificateFacts): string[] {
  const { subject, names, issuer, validFrom, validTo, fingerprint } = certificate;
  return [
    `certificate of ${subject || "nobody"}, for ${names.join(", ") || "no name"}, signed by ${issuer || "nobody"}`,
    `valid from ${tellMoment(validFrom)} to ${tellMoment(validTo)}`,
    `SHA-256 ${fingerprint}`,
  ];
}

function tellClock(now: number): string {
  return `this machine's clock says ${tellMoment(now)}`;
}

/** `2026-03-01T08:30Z` */
function tellMoment(time: number): string {
  return Number.isNaN(time) ? "an unknown day" : `${new Date(time).toISOString().slice(0, 16)}Z`;
}
