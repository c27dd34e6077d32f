import { invalidQuery } from "../refusal.ts";

export type Token =
  | { readonly kind: "name"; readonly text: string; readonly at: number }
  | { readonly kind: "string"; readonly text: string; readonly at: number }
  | { readonly kind: "number"; readonly text: string; readonly at: number }
  | { readonly kind: "date"; readonly text: string; readonly at: number }
  | { readonly kind: "mark"; readonly text: string; readonly at: number };

const PATTERN =
  /\s+|'((?:[^']|'')*)'|(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))|(-?\d+(?:\.\d+)?)|([A-Za-z_@][\w.]*(?:\/[A-Za-z_]\w*)*)|([(),])/uy;

/** The words of an OData expression. Throws a Refusal (400) at the first character that starts none. */
export function readTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    PATTERN.lastIndex = at;
    const match = PATTERN.exec(text);
    if (match === null) throw invalidQuery(`Syntax error at position ${at} in '${text}'.`);
    const [whole, string, date, number, name, mark] = match;
    if (string !== undefined)
      tokens.push({ kind: "string", text: string.replaceAll("''", "'"), at });
    else if (date !== undefined) tokens.push({ kind: "date", text: date, at });
    else if (number !== undefined) tokens.push({ kind: "number", text: number, at });
    else if (name !== undefined) tokens.push({ kind: "name", text: name, at });
    else if (mark !== undefined) tokens.push({ kind: "mark", text: mark, at });
    at += whole.length;
  }
  return tokens;
}

/** Splits at a separator that stands outside quotes and parentheses; the parts are trimmed. */
export function splitOutside(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === "'") quoted = !quoted;
    if (quoted) continue;
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (depth === 0 && character === separator) {
      parts.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  if (depth !== 0 || quoted) throw invalidQuery(`Unbalanced text in '${text}'.`);
  parts.push(text.slice(start).trim());
  return parts;
}
