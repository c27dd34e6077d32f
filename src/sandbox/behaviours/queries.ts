import type { Behaviour } from "./behaviour.ts";

/** Reading. */
export const QUERIES = [
  {
    name: "top-limit",
    does: "A $top above 100 is refused with 400.",
    evidence: "the message is copied from a live PBX by QUAI; two other clients met the limit",
    mark: "L",
  },
  {
    name: "default-page",
    does: "Without $top a collection gives its first 100 entities.",
    evidence: "nothing was found; every known client pages with $skip until a short page",
    mark: "I",
    switches: ["defaultPageSize"],
  },
  {
    name: "no-next-link",
    does: "A page never says that there are more: no @odata.nextLink.",
    evidence: "3CX's OpenAPI file declares only value and @odata.count",
    mark: "O",
  },
  {
    name: "envelope",
    does: "A collection stands in value, under an @odata.context that ends in $metadata#Collection.",
    evidence: "3CX's REST API page",
    mark: "O",
  },
  {
    name: "unknown-name",
    does: "A name that the type does not have, in $select, $expand, $filter or $orderby, is refused with 400.",
    evidence: "seen by two clients on live PBXs for $select and $expand",
    mark: "L",
  },
  {
    name: "select-needs-id",
    does: "A $select without Id is taken; some collections of a live PBX refuse it, but nobody says which.",
    evidence:
      "a WHMCS add-on, against a topology app's working CallFlowApps(id)?$select=ScriptCode",
    mark: "L",
    switches: ["selectNeedsId"],
  },
  {
    name: "script-by-select",
    does: "ScriptCode comes only when $select names it.",
    evidence: "a topology app, on a live V20",
    mark: "L",
  },
  {
    name: "rejected-code-by-select",
    does: "RejectedCode comes only when $select names it.",
    evidence: "nothing was found; it is the same kind of text as ScriptCode",
    mark: "I",
    switches: ["rejectedCodeNeedsSelect"],
  },
  {
    name: "no-raw-value",
    does: "A property has no address of its own: /CallFlowApps(1)/ScriptCode/$value is 404.",
    evidence: "a topology app, on a live V20",
    mark: "L",
  },
  {
    name: "navigation-by-expand",
    does: "Navigation properties (Groups, Trunk, Members, Agents …) come only with $expand, which may be nested.",
    evidence: "a WHMCS add-on, on a live 20.0.x",
    mark: "L",
  },
  {
    name: "set-names-any-case",
    does: "The names of collections are found in any case.",
    evidence: "live clients call Ringgroups and customPrompts",
    mark: "I",
  },
  {
    name: "alternate-keys",
    does: "From version 20.0.8 on, Users, Queues, RingGroups, Receptionists, Trunks and Peers are also found by (Number='…'); CallFlowApps are not.",
    evidence: "the history of 3CX's OpenAPI file",
    mark: "O",
    switches: ["alternateKeys"],
  },
  {
    name: "filter-functions",
    does: "$filter knows contains, startswith, endswith, tolower and toupper in any case, and quotes doubled inside text.",
    evidence: "copied from the web console by a prompt-upload script; 3cx/xapi-tutorial",
    mark: "L",
  },
  {
    name: "peers-list-all",
    does: "Peers lists whatever has a number, with its Type.",
    evidence: "azir, cmd/plugin-3cx, live",
    mark: "L",
  },
  {
    name: "did-numbers-derived",
    does: "DidNumbers shows what stands in the DidNumbers of the trunks, and cannot be written.",
    evidence: "azir and UCRManager, live",
    mark: "L",
  },
  {
    name: "select-path",
    does: "$select takes a path to one property of a complex value, as in HolidaysRoute/Prompt, and shows that property alone.",
    evidence: "a prompt-audit tool sends it to Queues and Groups and stops at any refusal",
    mark: "L",
  },
  {
    name: "not-simulated",
    does: "A collection or function that the sandbox has not is 404, and the message says that it is not simulated.",
    evidence: "of the sandbox's own; a PBX has more than it",
    mark: "I",
  },
  {
    name: "expand-filter",
    does: "Inside $expand a collection takes $filter beside $select and $expand, also with a semicolon at the end.",
    evidence:
      "three public clients send it, one of them with a live answer; that a PBX filters by it is inferred",
    mark: "L",
  },
  {
    name: "option-names-any-case",
    does: "The names of query options are known in any case and have their effect.",
    evidence:
      "a Laravel client sends $orderBy and stops at any error; that a PBX orders by it is inferred",
    mark: "L",
  },
] as const satisfies readonly Behaviour[];
