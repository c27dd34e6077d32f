import { readDocument } from "../input/document.ts";
import { either, listOf, mapOf, object, oneOf, text, variant, whole } from "../input/shape.ts";
import type { Shape } from "../input/shape.ts";

/** Which requests a fault is for. What is absent matches everything. */
export interface FaultMatch {
  readonly method?: string;
  /** The decoded path, `*` for any characters; without a leading slash it stands below `/xapi/v1/`. */
  readonly path?: string;
  /** A part of the decoded query string. */
  readonly query?: string;
}

/** `before`: the request is not carried out. `after`: it was, and only the answer is lost or replaced. */
export type Moment = "before" | "after";

export type FaultAction =
  | { readonly type: "delay"; readonly milliseconds: number }
  | { readonly type: "reset"; readonly when: Moment }
  | {
      readonly type: "status";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      /** `before` when absent. */
      readonly when?: Moment;
    }
  | { readonly type: "truncate" }
  | { readonly type: "malformed" }
  /** Another program takes a token with the same client id just before this request. */
  | { readonly type: "supersede" }
  /** The PBX goes away for that long, with this request's connection, and comes back with its state. */
  | { readonly type: "restart"; readonly milliseconds: number; readonly when?: Moment }
  | { readonly type: "compile"; readonly verdict: "refuse" | "never"; readonly message?: string };

export interface Fault {
  readonly match?: FaultMatch;
  /** The first matching request that it strikes, counted from 1 since the fault was added. */
  readonly nth?: number;
  /** How many matching requests it strikes from there on; 1 when absent. */
  readonly times?: number | "always";
  readonly action: FaultAction;
}

const moment = oneOf("before", "after");

const action: Shape<FaultAction> = variant<FaultAction>("type", {
  delay: object({ type: oneOf("delay"), milliseconds: whole(0) }, {}),
  reset: object({ type: oneOf("reset"), when: moment }, {}),
  status: object(
    { type: oneOf("status"), status: whole(200) },
    { headers: mapOf(text), body: text, when: moment },
  ),
  truncate: object({ type: oneOf("truncate") }, {}),
  malformed: object({ type: oneOf("malformed") }, {}),
  supersede: object({ type: oneOf("supersede") }, {}),
  restart: object({ type: oneOf("restart"), milliseconds: whole(0) }, { when: moment }),
  compile: object({ type: oneOf("compile"), verdict: oneOf("refuse", "never") }, { message: text }),
});

const FAULTS: Shape<readonly Fault[]> = listOf(
  object(
    { action },
    {
      match: object({}, { method: text, path: text, query: text }),
      nth: whole(1),
      times: either(whole(1), oneOf("always")),
    },
  ),
);

/** Reads a YAML or JSON file of faults. Throws an Error with a line for every mistake in it. */
export function readFaults(source: string, fileName: string): readonly Fault[] {
  return readDocument(source, fileName, FAULTS);
}
