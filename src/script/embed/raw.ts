import type { Slot } from "../../domain/ports.ts";
import { LINE_END } from "./line-end.ts";
import type { Literal } from "./regions.ts";

export type Written = ReturnType<Slot["write"]>;

/** In a raw literal nothing can be escaped: a value fits, or it does not. */
export function writeRaw(value: string, text: string, at: number, literal: Literal): Written {
  const { dollars, end, indent, quotes, start } = literal;
  if (value.includes("\r")) return refuseReturn();
  if (indent === undefined && LINE_END.test(value))
    return refuse(
      "stands in a raw literal of one line, and its value has several",
      'write it in a literal in plain quotes, "…", or in a raw literal of several lines',
    );
  const around = { before: text.slice(start, at), after: text.slice(at + 1, end) };
  const edge =
    indent === undefined &&
    ((around.before === "" && value.startsWith('"')) ||
      (around.after === "" && value.endsWith('"')));
  if (edge || longestRun('"', value, around) >= quotes)
    return refuse(
      edge
        ? "stands at the edge of a raw literal, and its value begins or ends with a quote there"
        : `stands in a raw literal, and its value has ${quotes} or more quotes in a row`,
      'write it in a literal in plain quotes, "…", or give the raw one more quotes on lines of their own',
    );
  const braces = Math.max(longestRun("{", value, around), longestRun("}", value, around));
  if (dollars > 0 && braces >= dollars)
    return refuse(
      "stands in an interpolated raw literal, and its value has as many braces in a row as begin a hole",
      "put one more $ in front of the literal, and one more brace around its holes",
    );
  return { text: indent === undefined ? value : value.replaceAll("\n", `\n${indent}`) };
}

/** The longest run of a character that touches the value, what stands beside it counted in. */
function longestRun(
  char: string,
  value: string,
  { before, after }: { readonly before: string; readonly after: string },
): number {
  const runs = value.split(new RegExp(`[^${char}]`)).map((run) => run.length);
  const left = countTrailing(before, char);
  const right = countLeading(after, char);
  const [first = 0, last = 0] = [runs[0], runs.at(-1)];
  if (runs.length === 1) return first === 0 ? 0 : left + first + right;
  return Math.max(...runs, first === 0 ? 0 : left + first, last === 0 ? 0 : last + right);
}

function countLeading(text: string, char: string): number {
  let length = 0;
  while (text[length] === char) length += 1;
  return length;
}

function countTrailing(text: string, char: string): number {
  let length = 0;
  while (text[text.length - 1 - length] === char) length += 1;
  return length;
}

/** What keeps line ends as they are is sent with those of a script. */
export function refuseReturn(): Written {
  return refuse(
    "stands in a literal that keeps line ends as they are, and its value has carriage returns, which a script loses",
    'write it in a literal in plain quotes, "…"',
  );
}

function refuse(message: string, hint: string): Written {
  return { refused: { message, hint } };
}
