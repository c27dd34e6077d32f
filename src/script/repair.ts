/** A change to the text that might mend a fault, and what to tell the author if it does. */
export interface Repair {
  /** Absent when what it points at is one too many. */
  readonly message?: string;
  /** What the finding points at. */
  readonly start: number;
  readonly end: number;
  /** `text.slice(from, to)` becomes `insert`. */
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  /** Needed whatever else is wrong, though it may not show until a further repair is made. */
  readonly certain?: boolean;
  /** The parser's own idea. */
  readonly guessed?: boolean;
}

/** Puts something where nothing is. */
export function insertAt(offset: number, insert: string, message: string): Repair {
  return { message, start: offset, end: offset, from: offset, to: offset, insert };
}

/** Quotes a token in a message: one line, not too long, control characters spelled out. */
export function quoteToken(text: string): string {
  const [line = ""] = text.split(/[\r\n]/, 1);
  const shown = line.length > 40 ? `${line.slice(0, 40)}…` : line;
  return `'${shown.replace(/\p{C}/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)}'`;
}

/** Where the line that an offset is on ends, its line break not counted. */
export function endOfLine(text: string, offset: number): number {
  const rest = text.slice(offset).search(/[\r\n]/);
  return rest < 0 ? text.length : offset + rest;
}

/** Where the line that an offset is on starts. */
export function startOfLine(text: string, offset: number): number {
  return Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
}
