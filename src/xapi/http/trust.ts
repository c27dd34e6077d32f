import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";

/**
 * What a connection trusts, as an option of it: the well-known authorities, and one more (PEM) where it is given. To be made once
 * for all connections: reading the authorities takes longer than a page.
 */
export function trustAlso(authority: string | undefined): { secureContext?: SecureContext } {
  if (authority === undefined) return {};
  return { secureContext: createSecureContext({ ca: [...rootCertificates, authority] }) };
}
