import type { JsonObject } from "../../domain/json.ts";
import type { Problem } from "../../domain/problem.ts";
import { addProblems, report } from "../problems/codes.ts";
import { explainErrors, type Finding } from "../schema/explain.ts";
import { type DocumentTree, spanValue } from "../yaml/find-node.ts";
import { isList, readSection, readText } from "../json.ts";
import { joinNames } from "../problems/names.ts";
import { FORBIDDEN_KEYS } from "../yaml/read-node.ts";
import { type SchemaError, splitPointer, validateOverlay } from "../schema/validators.ts";

/** What an entry of an overlay does, of which it says exactly one. */
const ACTIONS = ["merge", "patch", "drop", "add"];

/** Where operations may reach. */
const OPEN_PLACES = [["spec"], ["lifecycle"], ["metadata", "labels"]];

export interface OverlayVerdict {
  readonly problems: readonly Problem[];
  /** The places in the list of patches of those with a problem. */
  readonly wrong: ReadonlySet<number>;
}

/** Judges an overlay, but for its `apiVersion`, by its schema and by what patches may change. */
export function judgeOverlay(document: JsonObject, tree: DocumentTree): OverlayVerdict {
  const errors = validateOverlay(document).filter((error) => !isEcho(error));
  const wrong = new Set(errors.map(({ pointer }) => findIndex(pointer)));
  const untyped = new Set(
    errors.filter(({ keyword }) => keyword === "type").map(({ pointer }) => pointer),
  );
  const single = errors.filter(
    ({ keyword, pointer }) => keyword === "oneOf" && !untyped.has(pointer),
  );
  const problems = explainErrors(
    errors.filter(({ keyword }) => keyword !== "oneOf"),
    { tree, value: document, tainted: new Set(), adviseKey },
  );
  for (const { pointer } of single) {
    const at = spanValue(tree, splitPointer(pointer));
    const message = `a patch says exactly one of ${joinNames(ACTIONS)}`;
    problems.push(report("conflicting-keys", message, { at }));
  }
  const patches = document["patches"];
  for (const [index, body] of (patches !== undefined && isList(patches) ? patches : []).entries()) {
    const closed = wrong.has(index) ? [] : findClosedPlaces(body, index, tree);
    if (closed.length > 0) wrong.add(index);
    addProblems(problems, closed);
  }
  return { problems, wrong: new Set([...wrong].filter((index) => index !== undefined)) };
}

/** What a schema says again about its parts, once for each part. */
function isEcho({ keyword, pointer, params, schema }: SchemaError): boolean {
  if (pointer === "/apiVersion" || keyword === "if") return true;
  return (
    keyword === "required" &&
    schema.properties === undefined &&
    ACTIONS.includes(String(params["missingProperty"]))
  );
}

function findIndex(pointer: string): number | undefined {
  const [section, index] = splitPointer(pointer);
  return section === "patches" && index !== undefined ? Number(index) : undefined;
}

function adviseKey(parent: readonly string[]): Partial<Finding> | undefined {
  const [, , action] = parent;
  if (action !== "merge") return undefined;
  return { code: "overlay-scope", hint: SCOPE };
}

const SCOPE =
  "an overlay changes spec, lifecycle and metadata.labels; everything else is what an app is known by";

/** Pointers of operations that lead where no overlay may reach. */
function findClosedPlaces(body: JsonObject[string], index: number, tree: DocumentTree): Problem[] {
  const operations = readSection({ body }, "body")["patch"];
  if (operations === undefined || !isList(operations)) return [];
  return operations.flatMap((operation, step) =>
    ["path", "from"].flatMap((member) => {
      const pointer = readText(readSection({ operation }, "operation")[member]);
      if (pointer === undefined) return [];
      const at = spanValue(tree, ["patches", String(index), "patch", String(step), member]);
      const keys = splitPointer(pointer);
      const forbidden = keys.find((key) => FORBIDDEN_KEYS.has(key));
      if (forbidden !== undefined) {
        const message = `the key ${forbidden} is not allowed anywhere`;
        return [report("forbidden-key", message, { at })];
      }
      const open = OPEN_PLACES.some((place) => place.every((key, depth) => keys[depth] === key));
      return open
        ? []
        : [report("overlay-scope", `an overlay cannot change ${pointer}`, { at, hint: SCOPE })];
    }),
  );
}
