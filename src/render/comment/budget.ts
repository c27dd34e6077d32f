/** The size of a text as the strictest reader counts it: bytes of UTF-8 are never fewer than UTF-16 units or characters. */
export function measure(text: string): number {
  return Buffer.byteLength(text);
}

/**
 * The first of several forms of a text, longest first, that has at most `limit` bytes. Where none has, the shortest one cut
 * off at the limit.
 */
export function fitText(forms: Iterable<() => string>, limit: number): string {
  let last = "";
  for (const form of forms) {
    last = form();
    if (measure(last) <= limit) return last;
  }
  return cutText(last, limit);
}

/** The start of a text, at most `limit` bytes of it, no character cut in two. */
export function cutText(text: string, limit: number): string {
  if (measure(text) <= limit) return text;
  const end = Math.max(0, limit - measure(CUT));
  const bytes = Buffer.from(text).subarray(0, end);
  // What is cut in two decodes to a mark at the end.
  return bytes.toString().replace(/\uFFFD+$/, "") + (limit > measure(CUT) ? CUT : "");
}

const CUT = "\n…";

/** The first `most` lines of a text, and a line that says how many more there are. */
export function cutLines(text: string, most: number): string {
  const lines = text.split("\n");
  if (lines.length <= most) return text;
  return [...lines.slice(0, most), `… ${lines.length - most} more lines`].join("\n");
}
