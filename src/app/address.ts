import { failure, type ProblemError } from "../domain/problem.ts";

const API_PATH = /\/xapi(\/v1)?$/i;

/**
 * The origin of a PBX (scheme, host, port) from what people type: a missing scheme is https, trailing slashes and
 * /xapi/v1 are dropped. Plain http is for this machine only, unless `insecure`. Throws ProblemError.
 */
export function normalizeUrl(typed: string, insecure: boolean): string {
  const text = typed.trim();
  const url = parseUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  if (url === undefined || !["https:", "http:"].includes(url.protocol)) throw invalid(typed);
  const path = url.pathname.replace(/\/+$/, "").replace(API_PATH, "");
  if (path !== "" || url.search !== "" || url.hash !== "") throw invalid(typed);
  if (url.username !== "" || url.password !== "")
    throw failure("invalid-url", "the URL of the PBX carries a user name or password", {
      hint: "remove it; Callform signs in with an API client",
    });
  if (url.protocol === "http:" && !insecure && !isLoopback(url.hostname))
    throw failure(
      "insecure-url",
      `${url.origin} is plain http: the client secret would travel in the clear`,
      {
        hint: "use https, or allow it for this run with --insecure-http",
      },
    );
  return url.origin;
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

function invalid(typed: string): ProblemError {
  // What was typed may hold credentials, so only its shape is spoken of.
  const shown = /[@?]/.test(typed) ? "the URL of the PBX" : `"${typed}"`;
  return failure("invalid-url", `${shown} is not the address of a PBX`, {
    hint: "give scheme, host and port, such as https://pbx.example.com:5001",
  });
}
