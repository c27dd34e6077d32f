import { titleOf, type Unsettled } from "../plan.ts";
import type { Problem } from "../../problem.ts";
import { nameResource } from "../../resource.ts";
import type { Standing } from "./unsettled.ts";

/** A standing as a plan shows it. */
export function describeStanding({ kind, desired, state }: Standing): Unsettled {
  const { key, at, fields } = desired;
  return { kind: desired.kind, key, ...titleOf(kind, fields), state, at };
}

/** What a reader of the plan must know of it. */
export function warnOfStanding({ kind, desired, live, state }: Standing): Problem {
  const subject = nameResource(desired);
  const at = desired.at;
  if (state === "compiling")
    return {
      severity: "warning",
      code: "compiling",
      message: `the PBX has not judged the script of ${subject} yet; apply waits for its verdict`,
      at,
      subject,
    };
  return {
    severity: "warning",
    code: "unhealthy",
    message: `${subject} has ${kind.health(live).reason}, and this plan does not change that`,
    hint: "correct its script and apply again",
    at,
    subject,
  };
}
