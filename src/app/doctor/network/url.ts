import type { Verdict } from "../../../domain/diagnosis.ts";
import { ProblemError, type Problem } from "../../../domain/problem.ts";
import type { Environment } from "../../../manifest/project/load.ts";
import { readAddress, type Address } from "../../settings/address.ts";
import { judgeBinding } from "../../settings/hosts.ts";
import type { Given } from "../machine/choices.ts";

/** Where the PBX is, as far as the URL says. */
export type Place = Address;

export function checkUrl(
  url: Given<string> | undefined,
  insecure: boolean,
  env: Environment = {},
): Verdict<Place> {
  if (url === undefined)
    return {
      state: "failed",
      found: ["no URL of the PBX"],
      advice:
        "give --url, CALLFORM_URL, or url of the target, such as https://pbx.example.com:5001",
    };
  const value = readAddress(url.value, insecure);
  if ("problem" in value) {
    const { message, hint } = value.problem;
    return { state: "failed", found: [`${message} (from ${url.from})`], advice: hint ?? "" };
  }
  const unbound = findUnbound(env, value);
  if (unbound !== undefined)
    return { state: "failed", found: [unbound.message], advice: unbound.hint ?? "" };
  const found = [`${value.origin} from ${url.from}`];
  if (value.shortened) found.push("of what was typed, only this much counts");
  return { state: "ok", found, value };
}

function findUnbound(env: Environment, address: Address): Problem | undefined {
  try {
    judgeBinding(env, address);
    return undefined;
  } catch (error) {
    if (error instanceof ProblemError) return error.problems[0];
    throw error;
  }
}
