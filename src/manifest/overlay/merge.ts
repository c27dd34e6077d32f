import { isPartMap, type Part } from "../yaml/find-node.ts";

/**
 * `target` after the merge patch `patch` (RFC 7386): maps key by key, null takes a key out, and everything else replaces
 * what was there. Keys stay in their order, and new ones follow.
 */
export function mergePart(target: Part | undefined, patch: Part): Part {
  if (!isPartMap(patch.content)) return patch;
  const before = target !== undefined && isPartMap(target.content) ? target.content : undefined;
  const content = new Map(before);
  const removed = new Map(target?.removed);
  for (const [key, part] of patch.content) {
    if (part.content === null) {
      content.delete(key);
      removed.set(key, part.origin);
    } else {
      content.set(key, mergePart(content.get(key), part));
    }
  }
  return target === undefined || before === undefined
    ? { ...patch, content }
    : { ...target, content, removed, changed: patch.origin };
}
