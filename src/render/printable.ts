// C0 and C1 controls, and marks that reorder or hide text: none of them may reach a terminal or a review from a manifest or a PBX.
const UNSAFE =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/g;

/** The text with controls and invisible marks shown as escapes; tabs and LF stay. */
export function toPrintable(text: string): string {
  return text.replaceAll(UNSAFE, (mark) => `\\u{${mark.codePointAt(0)?.toString(16) ?? ""}}`);
}

/** The same in one line. */
export function toPrintableLine(text: string): string {
  return toPrintable(text)
    .replaceAll("\n", String.raw`\n`)
    .replaceAll("\t", " ");
}
