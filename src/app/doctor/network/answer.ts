import type { Verdict } from "../../../domain/diagnosis.ts";
import type { HttpAnswer } from "../../../xapi/probe/http.ts";

const OWN_ADDRESS =
  "the URL must be the address of the PBX itself, such as https://pbx.example.com:5001";

/** Schemes of servers and proxies that sign people in; a 3CX asks for none but Bearer. */
const FOREIGN_LOGIN = /^\s*(basic|digest|negotiate|ntlm)\b/i;

/** Whether what answered a request without a token is the API of a 3CX. */
export function judgeAnswer(answer: HttpAnswer): Verdict<HttpAnswer> {
  const { status, headers } = answer;
  const fail = (found: string, advice: string): Verdict<HttpAnswer> => ({
    state: "failed",
    found: [found, ...nameServer(answer)],
    advice,
  });
  if (status >= 300 && status < 400)
    return fail(`the server redirects (${status}) to ${tellTarget(headers["location"])}`, REDIRECT);
  if (isWebPage(answer) && status < 400)
    return fail(`a web page${tellTitle(answer.text)} answered, not the API of a PBX`, OWN_ADDRESS);
  if (status === 407 || (status === 401 && FOREIGN_LOGIN.test(headers["www-authenticate"] ?? "")))
    return fail(
      `a server or proxy in front of the PBX asks for a login of its own (${status})`,
      "let requests to /connect/token and /xapi/v1 pass it without one, or use the PBX's own address",
    );
  if (status === 401 || (status === 403 && !isWebPage(answer)))
    return {
      state: "ok",
      found: [`the API asks for a token (${status}), as a 3CX does`],
      value: answer,
    };
  if (status === 403)
    return fail(
      `something in front of the PBX forbids the request (403)${tellTitle(answer.text)}`,
      "let this machine's address through the firewall or filter, and through Console Restrictions of the PBX",
    );
  if (status === 404)
    return fail(
      "the server has no /xapi/v1: it is no 3CX V20",
      `${OWN_ADDRESS}; V18 and older have no such API`,
    );
  if ([502, 503, 504].includes(status))
    return fail(
      `the web server answers, the PBX behind it does not (${status})`,
      "see whether the PBX is starting or updating, and try again",
    );
  if (status >= 200 && status < 300)
    return {
      state: "warning",
      found: [`the server answers without a token (${status}), which a 3CX does not`],
      advice: OWN_ADDRESS,
      value: answer,
    };
  return fail(`the server answered ${status} to a request without a token`, OWN_ADDRESS);
}

const REDIRECT =
  "put the address of the PBX itself into the URL; where a sign-in page stands before it, let /connect/token and /xapi/v1 pass that page";

function isWebPage({ text, headers }: HttpAnswer): boolean {
  return (
    /^\s*<(!doctype|html)/i.test(text) || (headers["content-type"] ?? "").startsWith("text/html")
  );
}

function tellTitle(text: string): string {
  const title = /<title[^>]*>([^<]{1,80})/i.exec(text)?.[1]?.trim();
  return title === undefined || title === "" ? "" : ` ("${title}")`;
}

/** Without its query, which may hold what is nobody's business. */
function tellTarget(location: string | undefined): string {
  if (location === undefined) return "nowhere";
  const base = "http://here.invalid";
  if (!URL.canParse(location, base)) return "what is no address";
  const { origin, pathname } = new URL(location, base);
  return origin === base ? pathname : `${origin}${pathname}`;
}

function nameServer({ headers }: HttpAnswer): string[] {
  const server = headers["server"];
  return server === undefined ? [] : [`it calls itself ${server}`];
}
