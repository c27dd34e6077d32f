import type { Severity } from "../../domain/problem.ts";
import { Secret } from "../../domain/secret.ts";
import { suggestName } from "../problems/names.ts";
import { isCredential, isHome, isOwnCredential } from "./credentials.ts";
import type { Resolution, Scope, Scheme } from "./resolve.ts";

/** Environment variables by name, as the program that runs us was given them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of a target; one that holds a credential is tainted. */
export type Variables = Readonly<Record<string, string | Secret<string>>>;

/** What the PBX is signed in to with, which no manifest may have as a value. */
export interface OwnCredentials {
  /** Of the variables that the targets of the project take them from. */
  readonly names: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
}

export interface Values {
  readonly variables: Variables;
  /** Undefined: secrets are left as they stand. */
  readonly secrets: Environment | undefined;
  /** What `${env:NAME}` is looked up in, in overlays. Undefined: it is left as it stands. */
  readonly env?: Environment | undefined;
  readonly own?: OwnCredentials | undefined;
  /** Takes every secret that a reference was replaced by. */
  readonly used: Set<string>;
}

export interface Place {
  readonly allowSecrets: boolean;
  /** Only in overlays. */
  readonly allowEnv?: boolean;
  readonly doubt: Severity;
}

/** What references mean in a manifest or script. */
export function scopeManifest(values: Values, { allowSecrets, allowEnv, doubt }: Place): Scope {
  const taint = (found: Resolution): Resolution => {
    if (found.state !== "value" || !found.secret) return found;
    if (!allowSecrets) return EXPOSED;
    values.used.add(found.value);
    return found;
  };
  const resolve = (scheme: Scheme, name: string): Resolution => {
    if (scheme === "var") return taint(findVariable(values.variables, name));
    if (scheme === "env") {
      if (allowEnv === true) return taint(findInOverlay(values, name));
      return {
        state: "misplaced",
        message: `\${env:${name}} works in callform.yaml and in overlays only`,
        hint: `write \${secret:${name}}, or give the target a variable and write \${var:NAME}`,
      };
    }
    if (!allowSecrets) {
      return {
        state: "misplaced",
        message: `\${secret:${name}} is not allowed here: this value is shown in plans`,
        hint: "secrets are for values under spec and for scripts",
      };
    }
    const refusal = refuseOwn(values, scheme, name);
    if (refusal !== undefined) return refusal;
    return values.secrets === undefined
      ? { state: "kept" }
      : taint(findEnvironment(values.secrets, name, true));
  };
  return { resolve, doubt };
}

const EXPOSED: Resolution = {
  state: "misplaced",
  message: "this value is shown in plans, and what stands here is a credential",
  hint: "secrets are for values under spec and for scripts",
};

function findInOverlay(values: Values, name: string): Resolution {
  const refusal = refuseOwn(values, "env", name);
  return refusal ?? findTainted(values.env, name);
}

/** Also by its value: a second variable may hold the same. */
function refuseOwn({ own, secrets, env }: Values, scheme: Scheme, name: string) {
  const value = (secrets ?? env)?.[name];
  const ours =
    isOwnCredential(name) ||
    own?.names.has(name) === true ||
    (value !== undefined && own?.values.has(value) === true);
  return ours ? refuseCredential(scheme, name) : undefined;
}

function refuseCredential(scheme: Scheme, name: string): Resolution {
  return {
    state: "refused",
    message: `\${${scheme}:${name}} is what Callform or its CI job signs in with, and never a value`,
    hint: "give what the app needs a variable and a secret of its own",
  };
}

/**
 * What references mean at a key of a target in the project file, or at one of its variables; without `env` they are
 * checked and left as they stand.
 */
export function scopeProject(env: Environment | undefined, key: string | undefined): Scope {
  const resolve = (scheme: Scheme, name: string): Resolution => {
    if (scheme !== "env") {
      return {
        state: "misplaced",
        message: `\${${scheme}:${name}} does not work in callform.yaml`,
        hint: `write \${env:${name}}`,
      };
    }
    if (isHome(name, key)) return keepOrFind(env, name);
    if (isOwnCredential(name)) return refuseCredential(scheme, name);
    if (key === "clientSecret") return keepOrFind(env, name);
    if (key === "variables") return findTainted(env, name);
    return isCredential(name, env?.[name]) ? refuseExposed(name, key) : keepOrFind(env, name);
  };
  return { resolve, doubt: "error" };
}

function refuseExposed(name: string, key = "this key"): Resolution {
  return {
    state: "refused",
    message: `\${env:${name}} holds a credential, and ${key} is no secret`,
    hint: "only clientSecret takes one; give a variable that holds no credential a name that says so",
  };
}

/** What references mean where none is allowed. */
export function scopeNowhere(where: string): Scope {
  return {
    resolve: (scheme, name) => ({
      state: "misplaced",
      message: `\${${scheme}:${name}} is not allowed in ${where}`,
    }),
    doubt: "error",
  };
}

function findVariable(variables: Variables, name: string): Resolution {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value instanceof Secret) return { state: "value", value: value.reveal(), secret: true };
  if (value !== undefined) return { state: "value", value, secret: false };
  return {
    state: "missing",
    message: `the variable ${name} is not set`,
    hint:
      suggestName(name, Object.keys(variables)) ??
      "set it under variables of the target in callform.yaml",
  };
}

function keepOrFind(env: Environment | undefined, name: string): Resolution {
  return env === undefined ? { state: "kept" } : findEnvironment(env, name, false);
}

/** A variable that may hold a credential: then it is a secret, and a warning says how to write that. */
function findTainted(env: Environment | undefined, name: string): Resolution {
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
function findEnvironment(env: Environment, name: string, secret: boolean): Resolution {
  const value = env[name];
  if (value !== undefined && value !== "") return { state: "value", value, secret };
  return {
    state: "missing",
    message: `the environment variable ${name} is ${value === undefined ? "not set" : "empty"}`,
    hint: `set ${name} in the environment that runs callform`,
  };
}
