import type { JsonObject } from "../../domain/json.ts";
import type { Problem } from "../../domain/problem.ts";
import { addProblems, report } from "../problems/codes.ts";
import type { DocumentReading } from "../document/read.ts";
import {
  type DocumentTree,
  type Origin,
  type Part,
  spanKey,
  spanValue,
} from "../yaml/find-node.ts";
import { isList, isObject, readText } from "../json.ts";
import { type OverlayPatch, openAddition } from "./read.ts";
import { MAX_STEPS } from "./budget.ts";
import { mergePart } from "./merge.ts";
import { applyOperation, type PatchOperation } from "./operations.ts";
import { graftTree, readPart, takePart } from "./parts.ts";
import { splitPointer } from "../schema/validators.ts";

export interface Overlaid {
  /** The manifest as overlays made it; undefined when the target does not have it. */
  readonly reading: DocumentReading | undefined;
  readonly problems: readonly Problem[];
}

/** A manifest on its way through the patches. */
interface Draft {
  readonly tree: DocumentTree;
  readonly part: Part;
}

/**
 * One manifest after the patches that are about it, in their order. A patch that cannot be applied changes nothing.
 * `reading` is undefined where no manifest file has it; `hint` is for a patch that then finds nothing to change.
 */
export function applyPatches(
  reading: DocumentReading | undefined,
  patches: readonly OverlayPatch[],
  hint?: string,
): Overlaid {
  const problems: Problem[] = [];
  let draft = reading && openDraft(reading);
  let dropped: OverlayPatch | undefined;
  let steps = 0;
  for (const patch of patches) {
    const { body } = patch;
    steps += countSteps(body);
    if (steps > MAX_STEPS) {
      problems.push(refuseSteps(patch));
      break;
    }
    if (body["add"] !== undefined) {
      draft = addManifest(draft, patch, problems);
    } else if (draft === undefined) {
      problems.push(refuseUnmatched(patch, dropped, hint));
    } else if (body["drop"] === true) {
      draft = undefined;
      dropped = patch;
    } else {
      draft = { ...draft, part: changePart(draft.part, patch, problems) };
    }
  }
  return { reading: draft && closeDraft(draft), problems };
}

function countSteps({ patch }: JsonObject): number {
  return patch !== undefined && isList(patch) ? patch.length : 1;
}

function refuseSteps({ tree, path, resource }: OverlayPatch): Problem {
  const at = spanValue(tree, path);
  const message = `more than ${MAX_STEPS} operations and patches change ${resource ?? "one app"}`;
  return report("overlay-failed", message, { at, hint: "write what comes of them instead" });
}

function openDraft({ document, tree }: DocumentReading): Draft {
  return { tree, part: tree.graft ?? takePart(document, { tree, path: [] }) };
}

function closeDraft({ tree, part }: Draft): DocumentReading | undefined {
  const document = readPart(part);
  return isObject(document) ? { document, tree: graftTree(tree, part) } : undefined;
}

function addManifest(
  draft: Draft | undefined,
  patch: OverlayPatch,
  problems: Problem[],
): Draft | undefined {
  const added = openAddition(patch);
  if (draft === undefined) return added && openDraft(added);
  const { file, line } = spanKey(graftTree(draft.tree, draft.part), ["metadata"]);
  const message = `${patch.resource} is described already, at ${file}:${line}`;
  problems.push(
    report("duplicate-resource", message, {
      at: spanKey(patch.tree, [...patch.path, "add"]),
      hint: "change it with merge or patch instead, or drop it first",
      subject: patch.resource,
    }),
  );
  return draft;
}

function refuseUnmatched(
  { body, tree, path, resource }: OverlayPatch,
  dropped: OverlayPatch | undefined,
  hint: string | undefined,
): Problem {
  const at = spanValue(tree, [...path, body["number"] === undefined ? "name" : "number"]);
  if (dropped === undefined) {
    return report("overlay-unmatched", `no manifest describes ${resource}`, { at, hint });
  }
  const { file, line } = spanKey(dropped.tree, [...dropped.path, "drop"]);
  const message = `${resource} was dropped before, at ${file}:${line}`;
  return report("overlay-unmatched", message, { at, hint: "keep one of the two" });
}

function changePart(part: Part, { body, tree, path, resource }: OverlayPatch, problems: Problem[]) {
  if (body["merge"] !== undefined) {
    return mergePart(part, takePart(body["merge"], { tree, path: [...path, "merge"] }));
  }
  const list = body["patch"];
  let changed = part;
  for (const [index, step] of (list !== undefined && isList(list) ? list : []).entries()) {
    if (!isObject(step)) continue;
    const at = { tree, path: [...path, "patch", String(index)] };
    const { part: next, refusal } = applyOperation(changed, readOperation(step, at));
    if (refusal !== undefined) {
      const { fault: message, hint, about } = refusal;
      const span = spanValue(tree, [...at.path, about]);
      addProblems(problems, [
        report("overlay-failed", message, { at: span, hint, subject: resource }),
      ]);
      // What follows was meant for what this one would have made.
      return part;
    }
    changed = next;
  }
  return changed;
}

/** An operation that fits the schema. */
function readOperation(step: JsonObject, { tree, path }: Origin): PatchOperation {
  const pointer = splitPointer(readText(step["path"]) ?? "");
  const named = { tree, path: [...path, "path"] };
  const op = step["op"];
  if (op === "add" || op === "replace" || op === "test") {
    const value = takePart(step["value"] ?? null, { tree, path: [...path, "value"] });
    return { op, path: pointer, named, value };
  }
  if (op === "move" || op === "copy") {
    return { op, path: pointer, named, from: splitPointer(readText(step["from"]) ?? "") };
  }
  return { op: "remove", path: pointer, named };
}
