/** Below this length a secret is told from any other word only where it stands alone. */
export const MIN_FREE_LENGTH = 6;

/**
 * Every way in which a text that holds a secret may write it: as it is, trimmed, line by line, with its blanks run together;
 * each of them also as JSON, URLs, forms, filters, base64, HTML, Markdown and C# literals write it.
 */
export function spellSecret(value: unknown): ReadonlySet<string> {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text.trim() === "") return new Set();
  // A PBX's words are trimmed, cut into lines and put on one; whoever holds a line of a key holds too much.
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  const told = lines.length < 2 ? [] : lines.filter((line) => line.length >= MIN_FREE_LENGTH);
  const forms = new Set([
    text,
    text.replaceAll(/\r\n|\r/g, "\n"),
    text.trim(),
    text.trim().replaceAll(/\s+/g, " "),
    ...told,
  ]);
  return new Set([...forms].flatMap(encodings));
}

function encodings(text: string): string[] {
  const json = escapeJson(text);
  return [
    text,
    json,
    // A message in JSON that is itself a text in JSON, as logs and answers of gateways have it.
    escapeJson(json),
    ...[text, text.replaceAll("'", "''")].flatMap(encodeForUrl),
    new URLSearchParams([["", text]]).toString().slice(1),
    ...escapeHtml(text),
    escapeMarkdown(text),
    ...escapeHtml(escapeMarkdown(text)).slice(0, 1),
    ...[text, json].map(doubleBraces),
    text.replaceAll('"', '""'),
    doubleBraces(text.replaceAll('"', '""')),
    ...(text.length < MIN_FREE_LENGTH ? [] : encodeBase64(text)),
  ];
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function encodeForUrl(text: string): string[] {
  // A lone surrogate has no URL form of its own and would throw.
  const encoded = encodeURIComponent(text.replaceAll(/\p{Cs}/gu, "\uFFFD"));
  return [encoded, encoded.replaceAll("%2C", ",")];
}

function escapeHtml(text: string): string[] {
  const angles = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const quoted = angles.replaceAll('"', "&quot;");
  return [
    angles,
    quoted.replaceAll("'", "&#39;"),
    quoted.replaceAll("'", "&#x27;"),
    quoted.replaceAll("'", "&apos;"),
    angles.replaceAll('"', "&#34;").replaceAll("'", "&#39;"),
  ];
}

function escapeMarkdown(text: string): string {
  return text.replaceAll(/[!-/:-@[-`{-~]/g, String.raw`\$&`);
}

function doubleBraces(text: string): string {
  return text.replaceAll("{", "{{").replaceAll("}", "}}");
}

function encodeBase64(text: string): string[] {
  const bytes = Buffer.from(text);
  return [bytes.toString("base64").replace(/=+$/, ""), bytes.toString("base64url")];
}
