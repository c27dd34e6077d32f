import type { Verdict } from "../../../domain/diagnosis.ts";
import { Secret } from "../../../domain/secret.ts";
import type { HttpAnswer, HttpProbe } from "../../../xapi/probe/http.ts";
import type { Patience } from "../../../xapi/probe/name.ts";
import type { Credentials } from "../machine/credentials.ts";
import { findFlaw, mend } from "../machine/flaws.ts";
import { judgeSilence } from "../network/server.ts";
import { isRefusal, judgeRefusal } from "./token-refusal.ts";
import type { Place } from "../network/url.ts";

export interface Grant {
  readonly token: Secret<string>;
}

/** Signs in once; where the PBX refuses and copying has left something on the values, once more without it. */
export async function checkToken(
  probe: HttpProbe,
  { clientId, clientSecret }: Credentials,
  place: Place,
  patience: Patience,
): Promise<Verdict<Grant>> {
  const [id, secret] = [clientId.value, clientSecret.value.reveal()];
  const reading = await requestToken(probe, id, secret);
  if (reading.state !== "answered") return judgeSilence(reading, place, patience);
  const token = readToken(reading);
  if (token !== undefined)
    return {
      state: "ok",
      found: [`the PBX accepts the API client ${id}`],
      value: { token },
    };
  const flawed = [
    ...(findFlaw(id) === undefined ? [] : [`the client id from ${clientId.from} ${findFlaw(id)}`]),
    ...(findFlaw(secret) === undefined
      ? []
      : [`the client secret from ${clientSecret.from} ${findFlaw(secret)}`]),
  ];
  if (isRefusal(reading) && flawed.length > 0) {
    const again = await requestToken(probe, mend(id), mend(secret));
    if (again.state === "answered" && readToken(again) !== undefined)
      return {
        state: "failed",
        found: [`${flawed.join(", and ")}; without that the PBX accepts it`],
        advice: "set it anew; printf '%s' writes a value without a line end, echo adds one",
      };
  }
  return judgeRefusal(reading);
}

/** `POST /connect/token`, the one request that is no GET. */
export function requestToken(
  probe: HttpProbe,
  clientId: string,
  clientSecret: string,
): ReturnType<HttpProbe["ask"]> {
  return probe.ask({
    method: "POST",
    path: "/connect/token",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      client_id: clientId,
      client_secret: clientSecret,
      grant_type: "client_credentials",
    }).toString(),
  });
}

export function readToken({ status, body }: HttpAnswer): Secret<string> | undefined {
  const token =
    typeof body === "object" && body !== null && "access_token" in body
      ? body.access_token
      : undefined;
  const usable = status === 200 && typeof token === "string" && /^[\x21-\x7e]+$/.test(token);
  return usable ? new Secret(token) : undefined;
}
