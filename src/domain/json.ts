export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

/**
 * The value of a JSON text that anybody may have written; undefined where it is none, or nests lists and objects deeper
 * than `depth`: a few megabytes of brackets would take gigabytes of memory.
 */
export function parseShallowJson(text: string, depth: number): Json | undefined {
  if (nestsDeeper(text, depth)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const [QUOTE, ESCAPE, LIST, LIST_END, MAP, MAP_END] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

function nestsDeeper(text: string, most: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (quoted) {
      if (unit === ESCAPE) at += 1;
      else if (unit === QUOTE) quoted = false;
    } else if (unit === QUOTE) quoted = true;
    else if (unit === LIST || unit === MAP) depth += 1;
    else if (unit === LIST_END || unit === MAP_END) depth -= 1;
    if (depth > most) return true;
  }
  return false;
}
