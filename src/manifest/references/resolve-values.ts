import type { Problem } from "../../domain/problem.ts";
import type { Json } from "../../domain/json.ts";
import { report } from "../problems/codes.ts";
import { type DocumentTree, spanValue } from "../yaml/find-node.ts";
import { isList } from "../json.ts";
import { mayReference, resolveText, type Scope } from "./resolve.ts";
import { placeInScalar, traceText } from "../yaml/scalar-source.ts";
import { joinPointer } from "../schema/validators.ts";

export interface ResolvedValues {
  readonly value: Json;
  readonly problems: readonly Problem[];
  /** Pointers of texts with a reference left in them: what they will hold is not known yet. */
  readonly open: ReadonlySet<string>;
  /** Pointers of texts that hold a secret. */
  readonly tainted: ReadonlySet<string>;
  /** Pointers of texts of which nothing is known. */
  readonly unknown: ReadonlySet<string>;
}

type Path = readonly (string | number)[];

interface Walk {
  readonly tree: DocumentTree;
  readonly scopeOf: (path: Path) => Scope | undefined;
  readonly problems: Problem[];
  readonly open: Set<string>;
  readonly tainted: Set<string>;
  readonly unknown: Set<string>;
}

const WITHOUT_REFERENCES: Omit<ResolvedValues, "value"> = {
  problems: [],
  open: new Set(),
  tainted: new Set(),
  unknown: new Set(),
};

/** Resolves the references in every text of a document; `scopeOf` gives undefined for a text to be left alone. */
export function resolveValues(
  value: Json,
  tree: DocumentTree,
  scopeOf: (path: Path) => Scope | undefined,
): ResolvedValues {
  if (!tree.source.mayReference) return { value, ...WITHOUT_REFERENCES };
  const found = { problems: [], open: new Set<string>(), tainted: new Set<string>() };
  const walk: Walk = { tree, scopeOf, ...found, unknown: new Set() };
  const resolved = resolveValue(walk, value, []);
  const { problems, open, tainted, unknown } = walk;
  return { value: resolved, problems, open, tainted, unknown };
}

function resolveValue(walk: Walk, value: Json, path: Path): Json {
  if (typeof value === "string")
    return mayReference(value) ? resolveString(walk, value, path) : value;
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map((item, index) => resolveValue(walk, item, [...path, index]));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolveValue(walk, item, [...path, key])]),
  );
}

function resolveString(walk: Walk, text: string, path: Path): string {
  const scope = walk.scopeOf(path);
  if (scope === undefined) return text;
  const resolved = resolveText(text, scope);
  const pointer = joinPointer(path);
  if (resolved.open) walk.open.add(pointer);
  if (resolved.unknown) walk.unknown.add(pointer);
  if (resolved.tainted) walk.tainted.add(pointer);
  for (const { code, message, hint, severity, offset } of resolved.findings) {
    const at = placeText(walk.tree, path.map(String), offset);
    walk.problems.push(report(code, message, { at, hint, severity }));
  }
  return resolved.text;
}

function placeText(tree: DocumentTree, path: readonly string[], offset: number) {
  const origin = traceText(tree, path);
  return origin === undefined ? spanValue(tree, path) : placeInScalar(origin, offset);
}
