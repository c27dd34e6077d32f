import type { Verdict } from "../../../domain/diagnosis.ts";
import type { Query } from "../../../domain/ports.ts";
import type { Secret } from "../../../domain/secret.ts";
import { buildListPath, parseListAnswer } from "../../../xapi/odata/query.ts";
import type { HttpAnswer } from "../../../xapi/probe/http.ts";
import type { Patience } from "../../../xapi/probe/name.ts";
import { explainRefusal } from "../../../xapi/odata/refusal.ts";
import type { Access } from "./access.ts";
import type { Credentials } from "../machine/credentials.ts";
import { judgeSilence } from "../network/server.ts";
import { LICENCE_ADVICE, speaksOfLicence } from "./token-refusal.ts";
import type { Place } from "../network/url.ts";

const ROOT = "/xapi/v1";

/** What reading with a token takes. */
export interface SignedIn extends Patience {
  readonly access: Access;
  /** The first token. */
  readonly token: Secret<string>;
  readonly place: Place;
  readonly credentials: Credentials;
}

type Failed = Extract<Verdict<never>, { readonly state: "failed" }>;

export const ROLE_ADVICE =
  "give the API client (Integrations > API in the admin console) the department DEFAULT and the role System Owner; System Wide gives the role User";

interface Collection {
  readonly count: number | undefined;
}

/** The count of a collection, or why it cannot be read; `status` where the PBX refused it. */
export async function readCollection(
  query: Query,
  top: number,
  { access, place, credentials, timeout, signal }: SignedIn,
): Promise<Collection | (Failed & { readonly status?: number })> {
  const path = ROOT + buildListPath(query, { top, skip: 0, count: true });
  const result = await access.get(path);
  if (result.state === "superseded") return judgeSuperseded(credentials);
  if (result.state !== "answered") return judgeSilence(result, place, { timeout, signal });
  if (result.status !== 200)
    return { ...judgeDenial(result, query.collection), status: result.status };
  const list = parseListAnswer(result.body);
  if (list !== undefined) return { count: list.count };
  return {
    state: "failed",
    found: [`the PBX answered GET ${query.collection} with something that is no list`],
    advice: "see what stands between here and the PBX: a proxy may have answered instead",
  };
}

function judgeSuperseded({ clientId }: Credentials): Failed {
  return {
    state: "failed",
    found: [
      `another program is using the client id ${clientId.value}: the PBX ended each token as soon as it was given`,
    ],
    advice:
      "a 3CX keeps one live token per client: let one run at a time use it, or give each program a client of its own",
  };
}

/** Why a collection was refused to a token that is good. */
export function judgeDenial(answer: HttpAnswer, collection: string): Failed {
  const { status, body } = answer;
  if (speaksOfLicence(answer))
    return {
      state: "failed",
      found: [`the PBX refuses ${collection} because of its licence (${status})`],
      advice: LICENCE_ADVICE,
    };
  if (status === 403)
    return {
      state: "failed",
      found: [`the role of the API client may not read ${collection} (403)`],
      advice: `${ROLE_ADVICE}; the licence must be Enterprise`,
    };
  if (status === 404)
    return {
      state: "failed",
      found: [`this PBX has no ${collection} (404)`],
      advice:
        "update it to 3CX V20; on a 3CX-hosted system, ask for call flow scripts to be allowed",
    };
  const problems = explainRefusal(status, body, `GET ${collection}`);
  return {
    state: "failed",
    found: problems.map(({ message }) => message),
    advice:
      status >= 500
        ? "see whether the PBX is starting or overloaded, and try again"
        : "this version of 3CX may lack a property that Callform reads; update the PBX, or report it with this text",
  };
}
