import { isNode, LineCounter, parseDocument } from "yaml";
import type { Document } from "yaml";
import type { Shape } from "./shape.ts";

/**
 * Reads a YAML or JSON file of that shape. Throws an Error whose message has a line for every
 * mistake: file, line and column, the path in the document, what is wrong.
 */
export function readDocument<T>(source: string, fileName: string, shape: Shape<T>): T {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const mistakes = document.errors.map(({ pos, message }) =>
    place(fileName, lines, pos[0], message),
  );
  const value: unknown = mistakes.length === 0 ? (document.toJS() ?? {}) : undefined;
  const sound =
    mistakes.length === 0 &&
    shape.check(value, [], (at, mistake) => {
      const path = at.length === 0 ? "" : `${writePath(at)} `;
      mistakes.push(place(fileName, lines, offsetOf(document, at), `${path}${mistake}`));
    });
  if (sound) return value;
  throw new Error(mistakes.join("\n"));
}

function place(fileName: string, lines: LineCounter, offset: number, mistake: string): string {
  const { line, col } = lines.linePos(offset);
  return `${fileName}:${line}:${col}: ${mistake}`;
}

/** Where the deepest part of the path that is in the document stands. */
function offsetOf(document: Document, at: readonly (string | number)[]): number {
  for (let length = at.length; length >= 0; length--) {
    const node: unknown =
      length === 0 ? document.contents : document.getIn(at.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function writePath(at: readonly (string | number)[]): string {
  return at
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./u, "");
}
