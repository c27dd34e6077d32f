import type { JsonObject } from "./json.ts";

/** An answer that is not a success: thrown anywhere below the HTTP layer, written out there. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: JsonObject | undefined;

  constructor(status: number, message: string, body?: JsonObject) {
    super(message);
    this.name = "Refusal";
    this.status = status;
    this.body = body;
  }
}

/** An OData error. `code` is empty in every answer that was captured from a live PBX. */
export function refuse(status: number, message: string): Refusal {
  return new Refusal(status, message, { error: { code: "", message } });
}

/** A warning code laid at one property: `Number:\nWARNINGS.XAPI.ALREADY_IN_USE`. */
export interface Warning {
  readonly target: string;
  readonly code: string;
}

/** 400 with one detail per warning, the message as live PBXs write it. */
export function warn(warnings: readonly Warning[]): Refusal {
  const message = warnings.map(({ target, code }) => `${target}:\n${code}`).join("\n\n");
  const details = warnings.map(({ target, code }) => ({ code: "", message: code, target }));
  return new Refusal(400, message, { error: { code: "", message, details } });
}

export function warnOf(target: string, code: string): Refusal {
  return warn([{ target, code }]);
}

/** What a live PBX answers to any body it cannot bind, whatever is wrong with it. */
export function unbindable(): Refusal {
  return refuse(400, "The input was not valid.\n\ndelta:\nThe delta field is required.");
}

export function invalidQuery(why: string): Refusal {
  return refuse(400, `The query specified in the URI is not valid. ${why}`);
}

export function notFound(): Refusal {
  return new Refusal(404, "not found");
}

/** What a real PBX may well have and the sandbox has not. */
export function notSimulated(what: string): Refusal {
  return refuse(404, `The sandbox does not simulate ${what}; docs/sandbox.md lists what it does.`);
}

export function methodNotAllowed(): Refusal {
  return new Refusal(405, "method not allowed");
}
