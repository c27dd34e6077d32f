/** Line ends of C# that JSON leaves as they are. */
const FURTHER_LINE_ENDS = /[\u0085\u2028\u2029]/g;

/** A value inside `"…"`. */
export function encodeRegular(value: string): string {
  return JSON.stringify(value)
    .slice(1, -1)
    .replaceAll(
      FURTHER_LINE_ENDS,
      (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}

/** A value inside `@"…"`. */
export function encodeVerbatim(value: string): string {
  return value.replaceAll('"', '""');
}

/** What is inside a literal with a `$` in front, as it is, and not as the start or end of a hole. */
export function doubleBraces(text: string): string {
  return text.replaceAll("{", "{{").replaceAll("}", "}}");
}

/** Every form that {@link encodeRegular} and the others make of a value, and the value itself. */
export function spellValue(value: string): readonly string[] {
  const forms = [value, encodeRegular(value), encodeVerbatim(value)];
  return [...new Set([...forms, ...forms.map(doubleBraces)])];
}
