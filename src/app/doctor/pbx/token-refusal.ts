import type { Verdict } from "../../../domain/diagnosis.ts";
import type { HttpAnswer } from "../../../xapi/probe/http.ts";

const CONSOLE = "Integrations > API in the admin console";

export const LICENCE_ADVICE =
  "the configuration API needs the Enterprise edition, 8 simultaneous calls or larger; see the licence in the admin console";

export function isRefusal({ status }: HttpAnswer): boolean {
  return [400, 401, 403].includes(status);
}

const BARRED = ", and a 403 may also mean that Console Restrictions keep this machine out";

/** What an answer without a token means. */
export function judgeRefusal(answer: HttpAnswer): Extract<Verdict<never>, { state: "failed" }> {
  const { status } = answer;
  const fail = (found: string, advice: string): ReturnType<typeof judgeRefusal> => ({
    state: "failed",
    found: [found],
    advice,
  });
  if (speaksOfLicence(answer))
    return fail(`the PBX gives no token because of its licence (${status})`, LICENCE_ADVICE);
  if (status === 429)
    return fail(
      "the PBX was asked for too many tokens (429)",
      "wait three minutes; give every program that uses the API a client of its own",
    );
  if (status === 404)
    return fail(
      "the server has no /connect/token: it is no 3CX V20",
      "the URL must be the address of the PBX itself, such as https://pbx.example.com:5001",
    );
  if (isRefusal(answer))
    return fail(
      `the PBX does not accept the client id or its secret (${status}${tellCode(answer)})`,
      `compare both with ${CONSOLE}: the id as it stands there, the key as it was shown once (make a new one when in doubt), and Configuration API ticked; the PBX does not say which of them is wrong${status === 403 ? BARRED : ""}`,
    );
  if (status >= 500)
    return fail(
      `the PBX failed over the token request (${status})`,
      "see whether it is starting or its database is overloaded, and try again",
    );
  return fail(
    `the PBX answered ${status} without a token`,
    "see what stands between here and the PBX: a proxy may have answered instead",
  );
}

/** Nobody has shown what a PBX without the right licence answers, so its words decide and not its status. */
export function speaksOfLicence({ status, body, text }: HttpAnswer): boolean {
  // A web page may speak of anybody's licence.
  return status >= 400 && body !== undefined && /licen[cs]e/i.test(text);
}

/** `: invalid_client`; only OAuth's own words, as a free text may repeat what was sent. */
function tellCode({ body }: HttpAnswer): string {
  const code =
    typeof body === "object" && body !== null && "error" in body ? body.error : undefined;
  const known = ["invalid_client", "unauthorized_client", "invalid_grant", "unauthorized"];
  return typeof code === "string" && known.includes(code) ? `: ${code}` : "";
}
