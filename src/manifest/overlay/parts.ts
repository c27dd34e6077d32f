import type { Json } from "../../domain/json.ts";
import {
  type DocumentTree,
  isPartList,
  isPartMap,
  type Origin,
  type Part,
} from "../yaml/find-node.ts";
import { isList } from "../json.ts";

/** A value as a part, with everything in it where `origin` leads to. `value` is what stands there, aliases resolved. */
export function takePart(value: Json, origin: Origin): Part {
  return { content: takeContent(value, origin), origin };
}

function takeContent(value: Json, { tree, path }: Origin): Part["content"] {
  if (value === null || typeof value !== "object") return value;
  const inside = (item: Json, key: string): Part => takePart(item, { tree, path: [...path, key] });
  if (isList(value)) return value.map((item, index) => inside(item, String(index)));
  return new Map(Object.entries(value).map(([key, item]) => [key, inside(item, key)]));
}

/** The value of a part, without its places. */
export function readPart({ content }: Part): Json {
  if (isPartList(content)) return content.map(readPart);
  if (!isPartMap(content)) return content;
  return Object.fromEntries([...content].map(([key, part]) => [key, readPart(part)]));
}

/** A document as overlays made it, so that every place in it is that of the file which gave it. */
export function graftTree(tree: DocumentTree, graft: Part): DocumentTree {
  // An overlay may have brought references into a document without any.
  return { ...tree, source: { ...tree.source, mayReference: true }, graft };
}
