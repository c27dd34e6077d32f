import { isAbsolute, resolve, win32 } from "node:path";

import type { JsonObject } from "../../domain/json.ts";
import type { Problem } from "../../domain/problem.ts";
import { nameResource } from "../../domain/resource.ts";
import { addProblems, report } from "../problems/codes.ts";
import {
  type DocumentReading,
  findKey,
  isEmptyDocument,
  type LoadContext,
  OVERLAY_KIND,
  readDocument,
  readKind,
} from "../document/read.ts";
import { type DocumentTree, spanKey, spanMissing, spanValue } from "../yaml/find-node.ts";
import { readProjectFile, showPath } from "../files/folders.ts";
import { isList, isObject, readText } from "../json.ts";
import { suggestName } from "../../domain/text/nearest-name.ts";
import { joinNames, quoteText } from "../problems/names.ts";
import { namePath } from "../schema/explain.ts";
import { judgeOverlay } from "./judge.ts";
import { graftTree, takePart } from "./parts.ts";
import { parseYaml } from "../yaml/parse.ts";
import { suggestFile } from "../document/script-file.ts";
import type { OverlayName } from "../project/targets.ts";

/** One entry of an overlay that fits its schema. */
export interface OverlayPatch {
  /** The resource it is about; undefined for an added manifest whose key cannot be told. */
  readonly resource: string | undefined;
  readonly body: JsonObject;
  readonly tree: DocumentTree;
  /** Where `body` stands in the tree. */
  readonly path: readonly string[];
}

export interface OverlayReading {
  /** In the order in which they are applied. */
  readonly patches: readonly OverlayPatch[];
  readonly problems: readonly Problem[];
}

/** Reads the overlay files of a target, in their order. A patch with an error is left out. */
export function readOverlays(names: readonly OverlayName[], context: LoadContext): OverlayReading {
  const problems: Problem[] = [];
  const patches = names.flatMap((name) => readOverlayFile(name, context, problems));
  return { patches, problems };
}

function readOverlayFile(
  { name, at }: OverlayName,
  context: LoadContext,
  problems: Problem[],
): readonly OverlayPatch[] {
  const { folders } = context;
  if (isAbsolute(name) || win32.isAbsolute(name)) {
    const hint = "write the path relative to the project folder";
    problems.push(report("path-escape", `${name} is an absolute path`, { at, hint }));
    return [];
  }
  const path = resolve(folders.root, name);
  const shown = showPath(folders.cwd, path);
  const missing = "overlay-missing-file";
  const file = readProjectFile(path, { shown, namedAt: at, missing }, folders);
  if (file.problem !== undefined) {
    const hint = file.problem.code === missing ? suggestFile(path, name) : {};
    problems.push({ ...file.problem, ...hint });
    return [];
  }
  const yaml = parseYaml(file.text, shown);
  addProblems(problems, yaml.problems);
  const documents = yaml.documents.filter(
    (document) => !document.broken && !isEmptyDocument(document),
  );
  return documents.flatMap(({ node }) => {
    const reading = node === null ? undefined : readDocument(node, yaml, problems);
    return reading === undefined ? [] : readOverlay(reading, context, problems);
  });
}

function readOverlay(
  { document, tree: bare }: DocumentReading,
  context: LoadContext,
  problems: Problem[],
): readonly OverlayPatch[] {
  const tree: DocumentTree = { ...bare, overlay: true };
  const kind = document["kind"];
  if (typeof kind === "string" && context.kinds.has(kind)) {
    const hint = "in an overlay a whole manifest stands under add, in the list of patches";
    const at = spanValue(tree, ["kind"]);
    problems.push(report("unknown-kind", `a ${kind} is not an overlay`, { at, hint }));
    return [];
  }
  if (readKind({ document, tree }, [OVERLAY_KIND], problems) === undefined) return [];
  const { problems: breaches, wrong } = judgeOverlay(document, tree);
  addProblems(problems, breaches);
  const patches = document["patches"];
  if (patches === undefined || !isList(patches)) return [];
  return patches.flatMap((body, index) => {
    if (wrong.has(index) || !isObject(body)) return [];
    const path = ["patches", String(index)];
    const patch = { body, tree, path };
    return body["add"] === undefined
      ? namePatch(patch, context, problems)
      : nameAddition(patch, context, problems);
  });
}

type Unnamed = Omit<OverlayPatch, "resource">;

function namePatch(patch: Unnamed, { kinds }: LoadContext, problems: Problem[]): OverlayPatch[] {
  const { body, tree, path } = patch;
  const kind = readText(body["kind"]) ?? "";
  const spec = kinds.get(kind);
  const key = spec === undefined ? undefined : readText(body[spec.keyField] ?? body["number"]);
  if (spec !== undefined && key === undefined) {
    const at = spanMissing(tree, path, spec.keyField);
    const message = `${namePath([...path, spec.keyField])} is missing`;
    problems.push(report("missing-key", message, { at }));
    return [];
  }
  if (key !== undefined) return [{ ...patch, resource: nameResource({ kind, key }) }];
  const known = [...kinds.keys()];
  const hint = suggestName(kind, known) ?? `kinds: ${joinNames(known)}`;
  const at = spanValue(tree, [...path, "kind"]);
  problems.push(report("unknown-kind", `${quoteText(kind)} is not a known kind`, { at, hint }));
  return [];
}

function nameAddition(patch: Unnamed, context: LoadContext, problems: Problem[]): OverlayPatch[] {
  const { body, tree, path } = patch;
  const twice = ["kind", "number", "name"].find((key) => body[key] !== undefined);
  if (twice !== undefined) {
    const at = spanKey(tree, [...path, twice]);
    const message = `add and ${twice} exclude each other: the manifest says its ${twice} itself`;
    problems.push(report("conflicting-keys", message, { at }));
    return [];
  }
  const reading = openAddition(patch);
  const name = reading && readKind(reading, [...context.kinds.keys()], problems);
  const kind = name === undefined ? undefined : context.kinds.get(name);
  if (reading === undefined || kind === undefined) return [];
  const key = findKey(reading, kind, context.values);
  return [
    { ...patch, resource: key === undefined ? undefined : nameResource({ kind: kind.name, key }) },
  ];
}

/** The manifest under `add`, as a document of its own; undefined when the patch adds none. */
export function openAddition({ body, tree, path }: Unnamed): DocumentReading | undefined {
  const document = body["add"];
  if (document === undefined || !isObject(document)) return undefined;
  const part = takePart(document, { tree, path: [...path, "add"] });
  return { document, tree: graftTree(tree, part) };
}
