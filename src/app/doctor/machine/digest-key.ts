import type { Verdict } from "../../../domain/diagnosis.ts";
import type { Environment } from "../../../manifest/project/load.ts";
import { findFlaw } from "./flaws.ts";

/** The key that plans are signed with. */
export function checkDigestKey(env: Environment): Verdict<undefined> {
  const key = env["CALLFORM_DIGEST_KEY"];
  if (key === undefined)
    return {
      state: "ok",
      found: ["CALLFORM_DIGEST_KEY is not set: the client secret signs plans"],
      value: undefined,
    };
  if (key.trim() === "")
    return {
      state: "warning",
      found: ["CALLFORM_DIGEST_KEY is set but empty"],
      advice:
        "give it a value where plan and apply use different API clients, or remove it: without one the client secret signs plans",
      value: undefined,
    };
  const flaw = findFlaw(key);
  if (flaw === undefined)
    return { state: "ok", found: ["CALLFORM_DIGEST_KEY is set"], value: undefined };
  return {
    state: "warning",
    found: [`CALLFORM_DIGEST_KEY ${flaw}, which is part of the key`],
    advice: "have plan and apply use the very same value; a line end is easily on one side only",
    value: undefined,
  };
}
