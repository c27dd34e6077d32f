import type { Severity } from "../../domain/problem.ts";
import { suggestName } from "../problems/names.ts";
import type { Resolution, Scope, Scheme } from "./resolve.ts";

/** Environment variables by name, as the program that runs us was given them. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Values {
  readonly variables: Readonly<Record<string, string>>;
  /** Undefined: secrets are left as they stand. */
  readonly secrets: Environment | undefined;
  /** What `${env:NAME}` is looked up in, in overlays. Undefined: it is left as it stands. */
  readonly env?: Environment | undefined;
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
  const resolve = (scheme: Scheme, name: string): Resolution => {
    if (scheme === "var") return findVariable(values.variables, name);
    if (scheme === "env") {
      if (allowEnv === true) return keepOrFind(values.env, name);
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
    if (values.secrets === undefined) return { state: "kept" };
    const found = findEnvironment(values.secrets, name, true);
    if (found.state === "value") values.used.add(found.value);
    return found;
  };
  return { resolve, doubt };
}

/** What references mean in the project file; without `env` they are checked and left as they stand. */
export function scopeProject(env: Environment | undefined): Scope {
  const resolve = (scheme: Scheme, name: string): Resolution => {
    if (scheme === "env") return keepOrFind(env, name);
    return {
      state: "misplaced",
      message: `\${${scheme}:${name}} does not work in callform.yaml`,
      hint: `write \${env:${name}}`,
    };
  };
  return { resolve, doubt: "error" };
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

function findVariable(variables: Readonly<Record<string, string>>, name: string): Resolution {
  const value = variables[name];
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
