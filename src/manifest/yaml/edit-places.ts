import { isMap, isScalar, isSeq, type ParsedNode } from "yaml";

/** Text to put in the place of a stretch of a file. Offsets are UTF-16 units, the end is exclusive. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Walk {
  readonly text: string;
  readonly lineEnd: string;
  readonly edits: Edit[];
  /** What every anchor so far stands for once the edits are made. */
  readonly anchors: Map<string, string>;
}

/** What a value belongs to. */
export interface Place {
  readonly flow: boolean;
  /** Column of the key or dash, from 0. */
  readonly indent: number;
  /** Offset behind the colon or dash. */
  readonly after: number;
  readonly key: string;
}

/** The text with the edits made; they are in order, and what one takes out another may take out as well. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let [result, read] = ["", 0];
  for (const { start, end, text: insert } of edits) {
    result += text.slice(read, start) + insert;
    read = Math.max(read, end);
  }
  return result + text.slice(read);
}

/** Where a value ends, without the comments and empty lines that the parser counts to a block. */
export function endOf(text: string, node: ParsedNode): number {
  if ((isMap(node) || isSeq(node)) && node.flow !== true) {
    const last = node.items.at(-1);
    if (last === undefined) return node.range[1];
    if (!("key" in last)) return endOf(text, last);
    return last.value === null || last.value.range[1] <= last.key.range[1]
      ? last.key.range[1] + 1
      : endOf(text, last.value);
  }
  const [, end] = node.range;
  // A block of text ends behind its last line end.
  const inBlock = isScalar(node) && (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED");
  if (!inBlock || text[end - 1] !== "\n") return end;
  return text[end - 2] === "\r" ? end - 2 : end - 1;
}

/** The column of an offset, from 0. */
export function columnOf({ text }: Walk, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** The offset of the line end at or behind an offset. */
export function endOfLine(text: string, offset: number): number {
  const feed = text.indexOf("\n", offset);
  if (feed < 0) return text.length;
  return text[feed - 1] === "\r" ? feed - 1 : feed;
}
