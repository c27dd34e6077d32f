import type { Node, TreeCursor } from "web-tree-sitter";

/** A leaf of the syntax tree that is no comment. Offsets are UTF-16 units, `end` exclusive. */
export interface Token {
  /** As the grammar names it: `identifier`, or the text itself for keywords and punctuation. */
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** A stretch the parser could not fit into the grammar, or a token it had to make up (`missing`). */
export interface Fault {
  readonly start: number;
  readonly end: number;
  readonly missing?: string;
}

/** What is wrong with a tree. */
export interface Faults {
  /** Outermost ones, in the order of the text. */
  readonly outer: readonly Fault[];
  /** Starts of the faults inside the first of them. */
  readonly inner: readonly number[];
  /** Zero for a tree without faults; the less is wrong, the smaller. */
  readonly weight: number;
}

/** One made-up token or stretch weighs as much as this many skipped characters. */
const FAULT_WEIGHT = 20;

/** Visits every node in the order of the text; `enter` says whether to go inside. Iterative: trees get deep. */
function visit(root: Node, enter: (cursor: TreeCursor) => boolean): void {
  const cursor = root.walk();
  try {
    for (;;) {
      if (enter(cursor) && cursor.gotoFirstChild()) continue;
      while (!cursor.gotoNextSibling()) if (!cursor.gotoParent()) return;
    }
  } finally {
    cursor.delete();
  }
}

/** All tokens of a tree, in the order of the text. Those the parser made up are left out. */
export function listTokens(root: Node): Token[] {
  const tokens: Token[] = [];
  visit(root, (cursor) => {
    if (cursor.nodeType === "comment") return false;
    const { startIndex: start, endIndex: end } = cursor;
    if (cursor.currentNode.childCount > 0) return true;
    if (end > start) tokens.push({ type: cursor.nodeType, start, end });
    return false;
  });
  return tokens;
}

/** Everything the parser stumbled over. */
export function listFaults(root: Node): Faults {
  const outer: Fault[] = [];
  const inner: number[] = [];
  let weight = 0;
  visit(root, (cursor) => {
    const { currentNode: node, startIndex: start, endIndex: end } = cursor;
    if (node.isMissing) {
      weight += FAULT_WEIGHT;
      outer.push({ start, end, missing: cursor.nodeType });
    } else if (node.isError) {
      weight += FAULT_WEIGHT;
      const last = outer.at(-1);
      if (last === undefined || start >= last.end) {
        weight += end - start;
        outer.push({ start, end });
      } else if (outer.length === 1) inner.push(start);
    }
    return node.hasError;
  });
  return { outer, inner, weight };
}
