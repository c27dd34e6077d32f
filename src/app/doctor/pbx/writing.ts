import type { Verdict } from "../../../domain/diagnosis.ts";
import { readClaims } from "../../../xapi/token/token.ts";
import { ROLE_ADVICE, type SignedIn } from "./collection.ts";

const WRITERS = ["system_owners", "system_admins"];

const ROLES = ["users", "receptionists", "group_admins", "managers", "group_owners", ...WRITERS];

/** Whether the client may write, as far as that shows without writing: only where its token names its role. */
export function checkWriting({ token }: SignedIn): Verdict<undefined> {
  const roles = findRoles(token.reveal());
  if (roles.length === 0)
    return {
      state: "ok",
      found: [
        "whether the client may write cannot be seen without writing: its token names no role",
        "in the admin console it must have the department DEFAULT and the role System Owner",
      ],
      value: undefined,
    };
  const list = roles.join(", ");
  if (roles.some((role) => WRITERS.includes(role)))
    return {
      state: "ok",
      found: [`its token has the role ${list}, which may write`],
      value: undefined,
    };
  return {
    state: "warning",
    found: [`its token has the role ${list}, which may read but not write`],
    advice: `that is right for plans alone; for apply, ${ROLE_ADVICE}`,
    value: undefined,
  };
}

/** Names of 3CX's roles among the claims of a token, under whatever claim they stand. */
function findRoles(token: string): string[] {
  const claims = new Set(Object.values(readClaims(token)).flat());
  return ROLES.filter((role) => claims.has(role));
}
