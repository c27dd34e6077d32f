/** A map of names to values, as YAML and JSON give it. */
export type Tree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The map under a name; an empty one when there is none. */
export function treeAt(tree: Tree, name: string): Tree {
  const value = tree[name];
  return isTree(value) ? value : {};
}

/** The list under a name, what is no map left out. */
export function treesAt(tree: Tree, name: string): readonly Tree[] {
  const value = tree[name];
  return Array.isArray(value) ? value.filter(isTree) : [];
}

export function textAt(tree: Tree, name: string): string | undefined {
  const value = tree[name];
  return typeof value === "string" ? value : undefined;
}

/** A value for a message: as JSON, cut where it gets long. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
