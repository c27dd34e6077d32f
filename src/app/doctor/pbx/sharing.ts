import type { Verdict } from "../../../domain/diagnosis.ts";
import type { SignedIn } from "./collection.ts";

/** Whether anybody else took a token with the same client while the checks ran. */
export function checkSharing({ access, credentials }: SignedIn): Verdict<undefined> {
  if (access.superseded() === 0)
    return { state: "ok", found: ["nobody else took a token meanwhile"], value: undefined };
  return {
    state: "warning",
    found: [
      `the PBX ended a token early: another program uses the client id ${credentials.clientId.value}`,
    ],
    advice: "give every program that uses the API a client of its own",
    value: undefined,
  };
}
