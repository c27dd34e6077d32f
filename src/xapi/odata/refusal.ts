import type { Problem } from "../../domain/problem.ts";

/** What the PBX's warning codes mean for the reader; the codes are those of `Pbx.Warnings` in 3CX's API description. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  "WARNINGS.XAPI.ALREADY_IN_USE": "that value is already in use by something else on the PBX",
  "WARNINGS.XAPI.DUPLICATE": "that value is already in use by something else on the PBX",
  "WARNINGS.XAPI.NOT_FOUND": "it refers to something that does not exist on the PBX (any more)",
  "WARNINGS.XAPI.REQUIRED": "the PBX needs a value here",
  "WARNINGS.XAPI.CAN_NOT_BE_EMPTY_STRING": "the PBX does not take an empty text here",
  "WARNINGS.XAPI.OUT_OF_THE_RANGE": "the value is outside what the PBX allows",
  "WARNINGS.INVALID": "the PBX does not take this value",
  "WARNINGS.XAPI.FORBIDDEN_CHANGE": "the PBX does not let this be changed once it exists",
  "WARNINGS.XAPI.INVALID_LICENSE_TYPE": "the PBX's licence does not include this",
  "WARNINGS.XAPI.TOO_MANY_PROMPTS": "there are more prompts than the PBX allows",
  "WARNINGS.LIMIT_REACHED": "the PBX's licence or configuration allows no more of these",
  "WARNINGS.NO_MORE_NUMBERS_AVAILABLE": "the number plan has no free number left",
  "WARNINGS.INVALID_CALL_FLOW_FILE": "the PBX cannot read the call flow file",
  "WARNINGS.CALL_FLOW_MUST_BE_ALPHANUMERIC":
    "this version takes only letters and digits in an app's name",
  "WARNINGS.DN_NUMBER_CANNOT_BE_USED": "the PBX keeps this number for itself",
  "WARNINGS.INVALID_EXTENSION_NUMBER_LENGTH":
    "the number is not as long as the PBX's number plan wants",
  "WARNINGS.GROUP_WITH_MEMBERS_CANNOT_BE_DELETED": "the department still has members",
};

const DELTA = /delta field is required/i;
const ROLE_HINT =
  "give the API client (Integrations > API in the admin console) the department DEFAULT and the role System Owner; the licence must be Enterprise";

/** A refused request as problems, one per detail; the PBX's own code and target stay in the text. */
export function explainRefusal(status: number, body: unknown, request: string): Problem[] {
  const error = isObject(body) && isObject(body["error"]) ? body["error"] : undefined;
  const details = error !== undefined && Array.isArray(error["details"]) ? error["details"] : [];
  const parts = details
    .filter(isObject)
    .map((detail) => readDetail(detail["message"], detail["target"]));
  if (parts.length === 0) parts.push(readMessage(error?.["message"]));
  return parts.map((part) => describeRefusal(status, request, part));
}

/** What one detail of an error body says; `code` is empty where it is no warning code. */
interface Detail {
  readonly code: string;
  readonly target: string;
  readonly text: string;
}

function describeRefusal(status: number, request: string, { code, target, text }: Detail): Problem {
  const said = [target, EXPLANATIONS[code] ?? "", code === "" ? text : code]
    .filter((part) => part !== "")
    .join(": ");
  const hint = hintFor(status, text);
  return {
    severity: "error",
    code: status === 403 ? "pbx-forbidden" : "pbx-refused",
    message: `the PBX refused ${request} with ${status}${said === "" ? "" : `: ${said}`}`,
    ...(hint === undefined ? {} : { hint }),
  };
}

function readDetail(message: unknown, target: unknown): Detail {
  const text = typeof message === "string" ? message : "";
  return { code: isCode(text) ? text : "", target: typeof target === "string" ? target : "", text };
}

/** A message on its own is `Target:\nCODE` in every real capture. */
function readMessage(message: unknown): Detail {
  const text = typeof message === "string" ? message.trim() : "";
  const [target = "", code = ""] = text.split(":\n").map((part) => part.trim());
  if (isCode(code)) return { code, target, text };
  return { code: isCode(text) ? text : "", target: "", text: text.replaceAll(/\s+/g, " ") };
}

function isCode(text: string): boolean {
  return /^WARNINGS\.[A-Z0-9_.]+$/.test(text);
}

function hintFor(status: number, text: string): string | undefined {
  if (DELTA.test(text))
    return "the PBX could not bind the body to its model: a property is unknown to this version or has another shape";
  if (status === 403) return ROLE_HINT;
  if (status === 404) return "this version of 3CX may lack the endpoint; V20 has it";
  return undefined;
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
