/** Of either, as a reference is written. */
const ANY_REFERENCE = /\$\{(secret|var|env):[A-Z0-9_]+\}/g;
/** What is left of a line without its references must say where it stands. */
const MIN_ANCHOR = 6;
const MAX_REFERENCES = 3;
/** A secret of several lines is a key, and none is longer. */
const MAX_VALUE = 10_000;
const MAX_SHORT = 200;

/** A line of history as a pattern of what became of it on the PBX, the secrets in it as groups. */
export function makeTemplate(line: string): RegExp[] {
  const references = [...line.matchAll(ANY_REFERENCE)];
  const anchors = line.replaceAll(ANY_REFERENCE, "");
  if (references.length > MAX_REFERENCES || anchors.replaceAll(/\s/g, "").length < MIN_ANCHOR)
    return [];
  // Several that may be of any length and over several lines take a power of the time of one.
  const value = references.length > 1 ? `[^\\n]{1,${MAX_SHORT}}?` : `[^]{1,${MAX_VALUE}}?`;
  let pattern = String.raw`^[ \t]*`;
  let read = 0;
  for (const { index, 0: reference, 1: scheme } of references) {
    pattern += escapePattern(line.slice(read, index));
    pattern += scheme === "secret" ? `(${value})` : `(?:${value})?`;
    read = index + reference.length;
  }
  return [new RegExp(`${pattern}${escapePattern(line.slice(read))}[ \\t\\r]*$`, "dgm")];
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
