import type { Change, ChangeOp } from "../../domain/plan/plan.ts";
import { toPrintableLine } from "../printable.ts";

const MAX_NODES = 30;
const MAX_LABEL = 40;
/** Nodes side by side. */
const ROW = 5;

const GROUPS: readonly (readonly [ChangeOp, string])[] = [
  ["create", "New"],
  ["update", "Changed"],
  ["delete", "Deleted"],
];

/** A Mermaid flowchart of which numbers change, at most thirty of them; empty when none does. */
export function drawNumbers(changes: readonly Change[]): string {
  if (changes.length === 0) return "";
  const drawn = changes.slice(0, MAX_NODES).map((change, index) => ({ change, node: `n${index}` }));
  const more = changes.length - drawn.length;
  return [
    "flowchart LR",
    ...GROUPS.flatMap(([op, title]) => {
      const nodes = drawn.filter(({ change }) => change.op === op);
      if (nodes.length === 0) return [];
      const lines = nodes.map(
        ({ change, node }) => `    ${node}["${writeLabel(nameChange(change))}"]`,
      );
      return [
        `  subgraph ${op}_group["${title}"]`,
        ...lines,
        ...linkRows(nodes.map(({ node }) => node)),
        "  end",
      ];
    }),
    ...drawn.flatMap(({ change, node }) =>
      change.renumbers === undefined
        ? []
        : [`  ${node}_was["${writeLabel(change.renumbers)}"] -->|becomes| ${node}`],
    ),
    ...(more === 0 ? [] : [`  more["and ${more} more"]`]),
  ].join("\n");
}

/** Invisible links, row by row: Mermaid would put what is not linked into one column. */
function linkRows(nodes: readonly string[]): string[] {
  const rows: string[] = [];
  for (let start = 0; start < nodes.length; start += ROW)
    rows.push(`    ${nodes.slice(start, start + ROW).join(" ~~~ ")}`);
  return rows.filter((row) => row.includes("~~~"));
}

function nameChange({ key, title }: Change): string {
  return title === undefined ? key : `${key} ${title}`;
}

/** Text as Mermaid's own character codes, so that nothing in it is read as Mermaid, Markdown or HTML. */
function writeLabel(text: string): string {
  const characters = Array.from(toPrintableLine(text));
  const shown =
    characters.length > MAX_LABEL ? [...characters.slice(0, MAX_LABEL), "…"] : characters;
  return shown
    .map((mark) => (/[A-Za-z0-9 ]/.test(mark) ? mark : `#${mark.codePointAt(0) ?? 0};`))
    .join("");
}
