import type { Verdict } from "../../../domain/diagnosis.ts";
import type { Secret } from "../../../domain/secret.ts";
import type { Environment } from "../../../manifest/project/load.ts";
import type { Choices, Given } from "./choices.ts";
import { findFlaw } from "./flaws.ts";

/** Whether there is an API client to sign in with, and what copying has left on it. Nothing of either value is shown. */
export function checkCredentials(
  { clientId, clientSecret }: Choices,
  env: Environment,
): Verdict<{ readonly clientId: Given<string>; readonly clientSecret: Given<Secret<string>> }> {
  if (clientId === undefined || clientSecret === undefined) {
    const [noId, noSecret] = [clientId === undefined, clientSecret === undefined];
    const missing = [
      ...(noId ? ["no client id"] : []),
      ...(noSecret ? ["no client secret"] : []),
      ...noteEmpty(env),
      ...noteStrangers(env),
    ];
    const ways = [
      ...(noId ? ["--client-id, CALLFORM_CLIENT_ID or clientId of the target"] : []),
      ...(noSecret ? ["CALLFORM_CLIENT_SECRET or clientSecret of the target"] : []),
    ];
    return { state: "failed", found: missing, advice: `give ${ways.join(", and ")}` };
  }
  const given = [`client id from ${clientId.from}`, `client secret from ${clientSecret.from}`];
  const flaws = [
    ...tellFlaw("client id", clientId.value),
    ...tellFlaw("client secret", clientSecret.value.reveal()),
    ...(clientId.value === clientSecret.value.reveal()
      ? ["client id and client secret are the same"]
      : []),
  ];
  const value = { clientId, clientSecret };
  if (flaws.length === 0) return { state: "ok", found: given, value };
  const advice =
    "set it anew without what does not belong to it; printf '%s' writes a value without a line end, echo adds one";
  return { state: "warning", found: [...flaws, ...given], advice, value };
}

function tellFlaw(name: string, value: string): string[] {
  const flaw = findFlaw(value);
  return flaw === undefined ? [] : [`the ${name} ${flaw}`];
}

const OWN = ["CALLFORM_CLIENT_ID", "CALLFORM_CLIENT_SECRET"];

const LIKELY = /^CALLFORM_?.*(SECRET|CLIENT|ID)/i;

/** CI systems set a secret that they do not know to an empty text. */
function noteEmpty(env: Environment): string[] {
  return OWN.filter((name) => env[name] === "").map((name) => `${name} is set but empty`);
}

function noteStrangers(env: Environment): string[] {
  const names = Object.keys(env).filter((name) => LIKELY.test(name) && !OWN.includes(name));
  return names.length === 0 ? [] : [`set, but not read by that name: ${names.join(", ")}`];
}

export interface Credentials {
  readonly clientId: Given<string>;
  readonly clientSecret: Given<Secret<string>>;
}
