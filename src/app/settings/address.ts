import { ProblemError, type Problem } from "../../domain/problem.ts";

/** Paths that a 3CX serves beside its start page: what is pasted with one of them still names the PBX. */
const KNOWN_PATH = /^\/(xapi|webclient|connect|callcontrol)(\/.*)?$/i;
/** Of 3CX's two web ports the one that speaks plain http, and the one that goes with it. */
export const PLAIN_PORT = "5000";
export const SECURE_PORT = "5001";

export interface Address {
  readonly origin: string;
  /** As a URL spells it: lower case, internationalised names in ASCII, IPv6 in brackets. */
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** True when more was typed than scheme, host and port. */
  readonly shortened: boolean;
}

export type AddressReading = Address | { readonly problem: Problem };

/**
 * The address of a PBX (scheme, host, port) from what people type and paste: a missing scheme is https; blanks and quotes
 * around it, trailing slashes, /xapi/v1 and what follows it, and the address of a page of the web client are dropped.
 * Plain http is for this machine only, unless `insecure`.
 */
export function readAddress(typed: string, insecure: boolean): AddressReading {
  const text = addScheme(unwrap(typed));
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["https:", "http:"].includes(url.protocol) || !isHost(url.hostname))
    return { problem: explainInvalid(typed, undefined) };
  if (url.username !== "" || url.password !== "") return { problem: explainCredentials(url) };
  if (!namesOnlyPbx(url)) return { problem: explainInvalid(typed, url) };
  const secure = url.protocol === "https:";
  if (!secure && !insecure && !isLoopback(url.hostname)) return { problem: explainInsecure(url) };
  return {
    origin: url.origin,
    host: url.hostname,
    port: Number(url.port === "" ? (secure ? 443 : 80) : url.port),
    secure,
    shortened: url.href !== `${url.origin}/`,
  };
}

/** The same. Throws ProblemError where there is no address. */
export function takeAddress(typed: string, insecure: boolean): Address {
  const reading = readAddress(typed, insecure);
  if ("problem" in reading) throw new ProblemError([reading.problem]);
  return reading;
}

/** The origin of {@link takeAddress}. */
export function normalizeUrl(typed: string, insecure: boolean): string {
  return takeAddress(typed, insecure).origin;
}

/** The host of an origin, with its port where that is not the usual one. */
export function nameHost(origin: string): string {
  return new URL(origin).host;
}

/** Without the blanks and the quotes that come along when something is copied. */
function unwrap(typed: string): string {
  const text = typed.trim();
  return (/^(["'`])(.*)\1$/.exec(text)?.[2] ?? /^<(.*)>$/.exec(text)?.[1] ?? text).trim();
}

/** https where none was typed; `https:/pbx`, `https//pbx` and `https:\\pbx` have one. */
function addScheme(text: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text;
  const slip = /^(https?)(?::[\\/]+|[\\/]{2,})(?=[^\\/])/i.exec(text);
  return slip === null ? `https://${text}` : `${slip[1]}://${text.slice(slip[0].length)}`;
}

/** True for what is nothing but the PBX, one of its own paths, or a page of its web client, which stands after `#/`. */
function namesOnlyPbx({ pathname, search, hash }: URL): boolean {
  const path = pathname.replace(/\/+$/, "");
  if (KNOWN_PATH.test(path)) return true;
  return path === "" && (hash.startsWith("#/") || (search === "" && hash === ""));
}

/** What a URL takes for a host is not always a name: it lets `*` and `,` pass. */
function isHost(host: string): boolean {
  return /^(\[[\da-f:.]+\]|[\p{L}\p{N}_.-]+)$/iu.test(host);
}

/** True for a host, as a URL spells it, that is this machine. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

function explainInsecure({ origin, hostname, port }: URL): Problem {
  const better = port === PLAIN_PORT ? SECURE_PORT : port;
  const typed = `https://${hostname}${better === "" ? "" : `:${better}`}`;
  const ports =
    port === PLAIN_PORT
      ? `, as port ${PLAIN_PORT} of a 3CX is its plain http and ${SECURE_PORT} its https`
      : ` (a 3CX serves https on ${SECURE_PORT} or 443)`;
  return {
    severity: "error",
    code: "insecure-url",
    message: `${origin} is plain http: the client secret would travel in the clear`,
    hint: `type ${typed}${ports}, or allow plain http for this run with --insecure-http`,
  };
}

function explainCredentials({ protocol, host }: URL): Problem {
  return {
    severity: "error",
    code: "invalid-url",
    message: "the URL of the PBX carries a user name or password",
    hint: `type ${protocol}//${host} without them; Callform signs in with an API client`,
  };
}

function explainInvalid(typed: string, url: URL | undefined): Problem {
  // What was typed may hold credentials, so only its shape is spoken of.
  const shown = /[@?]/.test(typed) ? "the URL of the PBX" : `"${typed}"`;
  const hint =
    url === undefined || typed.includes("@")
      ? "give scheme, host and port, such as https://pbx.example.com:5001"
      : `give scheme, host and port alone: ${url.origin}`;
  return {
    severity: "error",
    code: "invalid-url",
    message: `${shown} is not the address of a PBX`,
    hint,
  };
}
