import { isCredential } from "./credentials.ts";
import type { Resolution, Scheme } from "./resolve.ts";

/** Environment variables by name, as the program that runs us was given them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** For what Callform or its CI job signs in with. */
export function refuseCredential(scheme: Scheme, name: string): Resolution {
  return {
    state: "refused",
    message: `\${${scheme}:${name}} is what Callform or its CI job signs in with, and never a value`,
    hint: "give what the app needs a variable and a secret of its own",
  };
}

/** Without `env` a reference is left as it stands. */
export function keepOrFind(env: Environment | undefined, name: string): Resolution {
  return env === undefined ? { state: "kept" } : findEnvironment(env, name, false);
}

/** A variable that may hold a credential: then it is a secret, and a warning says how to write that. */
export function findTainted(env: Environment | undefined, name: string): Resolution {
  const found = keepOrFind(env, name);
  if (!isCredential(name, env?.[name])) return found;
  const doubt = {
    message: `\${env:${name}} holds a credential, so it is taken for a secret`,
    hint: `write \${secret:${name}} in the manifest or script that needs it`,
  };
  if (found.state === "value") return { ...found, secret: true, doubt };
  return found.state === "kept" ? { ...found, doubt } : found;
}

/** Set but empty counts as not set: it is what a missing secret looks like in a workflow. */
export function findEnvironment(env: Environment, name: string, secret: boolean): Resolution {
  const value = env[name];
  if (value !== undefined && value !== "") return { state: "value", value, secret };
  return {
    state: "missing",
    message: `the environment variable ${name} is ${value === undefined ? "not set" : "empty"}`,
    hint: `set ${name} in the environment that runs callform`,
  };
}
