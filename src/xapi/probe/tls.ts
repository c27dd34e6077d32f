import { isIP } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { explainNetworkError, findCode, type NetworkFault } from "../http/network.ts";
import {
  judgeCertificate,
  readCertificate,
  type CertificateFacts,
  type CertificateFault,
} from "./certificate.ts";
import type { Patience } from "./name.ts";
import { trustAlso } from "../http/trust.ts";

export type TlsReading =
  | {
      readonly state: "spoken";
      readonly certificate: CertificateFacts;
      /** Empty where verification lets it pass. */
      readonly faults: readonly CertificateFault[];
      /** Verification's own code, where it has one. */
      readonly refusal?: string;
      /** `TLSv1.3` */
      readonly protocol: string;
    }
  /** What answers speaks something else. */
  | { readonly state: "plain" }
  /** The connection was taken, and no handshake came. */
  | { readonly state: "silent" }
  | { readonly state: "fault"; readonly fault: NetworkFault };

export interface TlsQuestion extends Patience {
  readonly host: string;
  readonly port: number;
  /** PEM of a further authority. */
  readonly ca?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** OpenSSL's words for bytes that are no TLS. */
const NO_TLS = new Set(["ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_PACKET_LENGTH_TOO_LONG"]);

/**
 * Shakes hands and looks at the certificate. Verification is made and its result reported, but does not end the
 * handshake, or there would be nothing to show; nothing is ever sent over the connection. Throws only the signal's reason.
 */
export function probeTls(question: TlsQuestion): Promise<TlsReading> {
  const { port, ca, timeout, signal } = question;
  const host = question.host.replace(/^\[(.*)\]$/, "$1");
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({
      host,
      port,
      rejectUnauthorized: false,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...trustAlso(ca),
    });
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      socket.destroy();
    };
    const settle = (reading: TlsReading): void => {
      end();
      resolve(reading);
    };
    const abort = (): void => {
      end();
      reject(signal.reason);
    };
    const timer = setTimeout(() => settle({ state: "silent" }), timeout);
    signal.addEventListener("abort", abort);
    socket.once("secureConnect", () => settle(readSession(socket, { ...question, host })));
    socket.on("error", (error) => settle(readFailure(error, host)));
  });
}

function readSession(socket: TLSSocket, { host, now }: TlsQuestion): TlsReading {
  const peer = socket.getPeerCertificate();
  const certificate = readCertificate(peer);
  if (certificate === undefined)
    return {
      state: "fault",
      fault: { text: `${host} shows no certificate`, permanent: true, sent: false },
    };
  // Node types it as an Error, and sets a text.
  const given: unknown = socket.authorizationError;
  const refusal = given instanceof Error ? given.message : given;
  const code = typeof refusal === "string" ? refusal : undefined;
  return {
    state: "spoken",
    certificate,
    faults: judgeCertificate(peer, host, code, now),
    protocol: socket.getProtocol() ?? "TLS",
    ...(code === undefined ? {} : { refusal: code }),
  };
}

function readFailure(error: Error, host: string): TlsReading {
  if (NO_TLS.has(findCode(error).code)) return { state: "plain" };
  return { state: "fault", fault: explainNetworkError(error, host) };
}
