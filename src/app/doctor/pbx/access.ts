import type { Secret } from "../../../domain/secret.ts";
import type { HttpAnswer, HttpProbe, HttpReading } from "../../../xapi/probe/http.ts";
import type { Credentials } from "../machine/credentials.ts";
import { readToken, requestToken } from "./token.ts";

/** Requests with a token. */
export interface Access {
  /**
   * The answer to a GET, path from the root of the server. A token that is refused is renewed, a few times in all: that
   * tells one that another program has ended from a role that may not do this.
   */
  get(path: string): Promise<HttpReading | { readonly state: "superseded" }>;
  /** How often the PBX has refused a token that it had only just given. */
  superseded(): number;
}

export interface AccessOptions {
  readonly probe: HttpProbe;
  readonly credentials: Credentials;
  /** The first one. */
  readonly token: Secret<string>;
  /** Told a token before it is used. */
  readonly onToken: (token: Secret<string>) => void;
}

const MAX_RENEWALS = 2;

export function openAccess({ probe, credentials, onToken, ...given }: AccessOptions): Access {
  let { token } = given;
  let renewals = 0;
  let superseded = 0;
  /** A fresh token was answered with 403 too, so that is about the role. */
  let roleForbids = false;

  async function renew(): Promise<boolean> {
    if (renewals === MAX_RENEWALS) return false;
    renewals += 1;
    const { clientId, clientSecret } = credentials;
    const reading = await requestToken(probe, clientId.value, clientSecret.value.reveal());
    const fresh = reading.state === "answered" ? readToken(reading) : undefined;
    if (fresh === undefined) return false;
    onToken(fresh);
    token = fresh;
    return true;
  }

  const ask = (path: string): Promise<HttpReading> =>
    probe.ask({ method: "GET", path, headers: { authorization: `Bearer ${token.reveal()}` } });

  return {
    superseded: () => superseded,
    async get(path) {
      const first = await ask(path);
      if (!refusesToken(first) || (first.status === 403 && roleForbids)) return first;
      if (!(await renew())) return first.status === 401 ? { state: "superseded" } : first;
      const second = await ask(path);
      roleForbids ||= refusesToken(second) && second.status === 403;
      // A role is refused a fresh token too; one that helps shows that the old one had been ended.
      if (first.status === 401 || !refusesToken(second)) superseded += 1;
      return refusesToken(second) && second.status === 401 ? { state: "superseded" } : second;
    },
  };
}

/** Some PBXs answer a token that was ended with 401 and some with 403. */
function refusesToken(reading: HttpReading): reading is HttpAnswer {
  return reading.state === "answered" && (reading.status === 401 || reading.status === 403);
}
