import path from "node:path";
import { RECORDS_VARIABLE } from "../support/contract/record/record.ts";
import { locateSpec, readSpec, type Spec } from "../support/contract/spec/read.ts";

const place = locateSpec(
  path.resolve(import.meta.dirname, "../.."),
  process.env["CALLFORM_XAPI_SPEC"],
);

/** Why tests of 3CX's own description are skipped; undefined when it is there. */
export const ABSENT = "absent" in place ? place.absent : undefined;

/** The same, for the title of what is skipped: the end of a line that a person reads. */
export const WHY = ABSENT === undefined ? "" : ` (skipped: ${ABSENT})`;

let official: Spec | undefined;

/** 3CX's own description, read once; only for tests that are skipped while it is absent. */
export function readOfficial(): Spec {
  if ("absent" in place) throw new Error(place.absent);
  official ??= readSpec(place.file, process.env[RECORDS_VARIABLE]);
  return official;
}
