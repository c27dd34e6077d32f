// Controls, lone surrogates, and marks that reorder or hide text: none of them may reach a terminal or a review from
// a manifest or a PBX. C# leaves format characters out of names, so two names that differ in one are the same to it.
const UNSAFE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

// A log of a CI run is read for commands: GitHub's runner takes a `::` after blanks at the start of a line and a `##[`
// anywhere (actions/runner ActionCommand.cs), others `##vso[` and `##teamcity[`.
const LINE_COMMAND = /^([^\S\n]*):(?=:)/gm;
const INLINE_COMMAND = /(##\w*)\[/g;

/** The text with controls, invisible marks and what starts a CI command shown as escapes; tabs and LF stay. */
export function toPrintable(text: string): string {
  return text
    .replaceAll(UNSAFE, (mark) => `\\u{${mark.codePointAt(0)?.toString(16) ?? ""}}`)
    .replaceAll(LINE_COMMAND, String.raw`$1\u{3a}`)
    .replaceAll(INLINE_COMMAND, String.raw`$1\u{5b}`);
}

/** The same in one line. */
export function toPrintableLine(text: string): string {
  return toPrintable(text)
    .replaceAll("\n", String.raw`\n`)
    .replaceAll("\t", " ");
}

/** Indented JSON. What is unsafe to show stands in it as JSON's own escapes, so that it parses to the same value. */
export function toPrintableJson(value: unknown): string {
  return escapeUnsafe(JSON.stringify(value, null, 2));
}

/** The same for any text in which what is unsafe stands between double quotes, with escapes as in JSON. */
export function escapeUnsafe(text: string): string {
  return text
    .replaceAll(UNSAFE, (mark) => mark.split("").map(escapeUnit).join(""))
    .replaceAll(INLINE_COMMAND, (_, start: string) => `${start}${escapeUnit("[")}`);
}

function escapeUnit(unit: string): string {
  return String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
