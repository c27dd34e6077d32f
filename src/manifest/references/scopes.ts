import type { Severity } from "../../domain/problem.ts";
import { Secret } from "../../domain/secret.ts";
import type { Embedding } from "../../domain/ports.ts";
import { findWeakness } from "../../domain/secret-rule.ts";
import { suggestName } from "../../domain/text/nearest-name.ts";
import { isOwnCredential } from "./credentials.ts";
import { type Environment, findEnvironment, findTainted, refuseCredential } from "./environment.ts";
import type { Resolution, Scope, Scheme } from "./resolve.ts";

export type { Environment } from "./environment.ts";

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
  /** They were applied already: secrets are taken however short they are and wherever they stand. */
  readonly applied?: boolean | undefined;
  /** What a reference without a value makes of the value that it is in: unknown, and no mistake. */
  readonly lenient?: boolean | undefined;
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
  const taint = (scheme: Scheme, name: string, found: Resolution): Resolution => {
    if (found.state !== "value" || !found.secret) return found;
    if (!allowSecrets) return EXPOSED;
    const weakness = values.applied === true ? undefined : findWeakness(found.value);
    if (weakness !== undefined) return refuseWeak(scheme, name, weakness);
    values.used.add(found.value);
    return found;
  };
  const resolve = (scheme: Scheme, name: string): Resolution => {
    const found = find(scheme, name);
    const lost = found.state === "missing" || found.state === "refused";
    return lost && allowSecrets && values.lenient === true ? { state: "unknown" } : found;
  };
  const find = (scheme: Scheme, name: string): Resolution => {
    if (scheme === "var") return taint(scheme, name, findVariable(values.variables, name));
    if (scheme === "env") {
      if (allowEnv === true) return taint(scheme, name, findInOverlay(values, name));
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
      : taint(scheme, name, findEnvironment(values.secrets, name, true));
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

/** What they mean in a text field of a manifest, or in its file. */
export function scopeText(
  values: Values,
  embedding: Embedding | undefined,
  allowEnv = false,
): Scope {
  return {
    ...scopeManifest(values, { allowSecrets: true, allowEnv, doubt: "warning" }),
    embedding,
    applied: values.applied,
  };
}

function refuseWeak(scheme: Scheme, name: string, weakness: string): Resolution {
  return {
    state: "weak",
    message: `the value of \${${scheme}:${name}} cannot be kept secret: ${weakness}`,
    hint: "give it a longer value, or write it where everybody may see it",
  };
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
