import { isCredential, isHome, isOwnCredential } from "./credentials.ts";
import { type Environment, findTainted, keepOrFind, refuseCredential } from "./environment.ts";
import type { Resolution, Scheme, Scope } from "./resolve.ts";

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
