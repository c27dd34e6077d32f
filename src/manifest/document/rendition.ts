import { dirname, resolve } from "node:path";

import type { Json } from "../../domain/json.ts";
import type { Kind } from "../../domain/ports.ts";
import type { RenderedValue } from "../../domain/rendition.ts";
import { type DocumentTree, isOverlaid, spanValue } from "../yaml/find-node.ts";
import { type Folders, showPath } from "../files/folders.ts";
import { isList } from "../json.ts";
import { escapeReferences, mayReference, resolveText, type Scope } from "../references/resolve.ts";

/** What a manifest is rendered with. */
export interface RenditionContext {
  readonly tree: DocumentTree;
  readonly kind: Kind;
  readonly folders: Folders;
  /** What references mean at a path; undefined for a value without references. */
  readonly scopeOf: (path: readonly string[]) => Scope | undefined;
}

/**
 * A manifest with the references replaced that its scopes have a value for. Names of files become relative to the project
 * folder, because the result is no longer in any of the files that it came from. Read as a manifest there, it says the
 * same: what would now pass for a reference is escaped.
 */
export function renderDocument(
  value: Json,
  context: RenditionContext,
  path: readonly string[] = [],
): RenderedValue {
  const { tree } = context;
  const at = spanValue(tree, path);
  const overlay = isOverlaid(tree, path);
  if (typeof value === "string") {
    const { text: content, references } = renderText(value, at.file, context, path);
    return { content, at, overlay, references };
  }
  return { content: renderContent(value, context, path), at, overlay, references: [] };
}

function renderContent(
  value: Exclude<Json, string>,
  context: RenditionContext,
  path: readonly string[],
): RenderedValue["content"] {
  if (value === null || typeof value !== "object") return value;
  const inside = (item: Json, key: string): RenderedValue =>
    renderDocument(item, context, [...path, key]);
  if (isList(value)) return value.map((item, index) => inside(item, String(index)));
  return new Map(Object.entries(value).map(([key, item]) => [key, inside(item, key)]));
}

interface RenderedText {
  readonly text: string;
  readonly references: readonly string[];
}

function renderText(
  raw: string,
  file: string,
  { kind, folders, scopeOf }: RenditionContext,
  path: readonly string[],
): RenderedText {
  const scope = mayReference(raw) ? scopeOf(path) : undefined;
  const [section, key = "", ...deeper] = path;
  const namesFile =
    section === "spec" && deeper.length === 0 && Object.hasOwn(kind.fileFields, key);
  if (!namesFile)
    return scope === undefined ? { text: raw, references: [] } : putValues(raw, scope);
  const { references } = scope === undefined ? { references: [] } : putValues(raw, scope);
  const name = scope === undefined ? raw : resolveText(raw, scope).text;
  const found = resolve(dirname(resolve(folders.cwd, file)), name);
  return { text: escapeReferences(showPath(folders.root, found)), references };
}

/** `raw` as it is to be written so that it reads as what it comes to, with those references that have no value yet. */
function putValues(raw: string, scope: Scope): RenderedText {
  const references: string[] = [];
  const { text, kept } = resolveText(raw, {
    ...scope,
    resolve: (scheme, name) => {
      const resolution = scope.resolve(scheme, name);
      if (resolution.state !== "value") return resolution;
      if (resolution.secret) return { state: "kept" };
      references.push(`\${${scheme}:${name}}`);
      return resolution;
    },
  });
  const written = escapeReferences(text, kept);
  const again = resolveText(written, KEEP);
  const same = again.text === text && String(again.kept) === String(kept);
  // A value that ends in $ right before a secret would be taken for an escape: then the variable stays.
  return same ? { text: written, references } : { text: raw, references: [] };
}

const KEEP: Scope = { resolve: () => ({ state: "kept" }), doubt: "error" };
