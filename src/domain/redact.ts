import { SECRET_MARK, type Secret } from "./secret.ts";

/** Below this length a value is replaced only where it stands alone, or every "1" of an output would go. */
const MIN_FREE_LENGTH = 6;

export interface Redactor {
  /** From now on this value is replaced wherever it appears. */
  add(secret: Secret): void;
  redact(text: string): string;
}

/**
 * The one redactor, for text that others wrote and that may repeat a secret: answers and compiler
 * messages of the PBX, errors of libraries. Secrets of our own are tainted and never get this far.
 * Finds each value raw, line by line, with its blanks run together, URL-encoded (also as forms and filters are), in base64
 * and as JSON writes it. What escapes it in yet another way must come after it: see {@link redactTexts}.
 */
export function createRedactor(): Redactor {
  const forms = new Set<string>();
  let pattern: RegExp | undefined;
  return {
    add(secret) {
      for (const form of spellings(secret.reveal())) forms.add(form);
      const longestFirst = [...forms].toSorted((a, b) => b.length - a.length);
      pattern = new RegExp(longestFirst.map(writePattern).join("|") || "(?!)", "g");
    },
    redact: (text) => (pattern === undefined ? text : text.replaceAll(pattern, SECRET_MARK)),
  };
}

function writePattern(form: string): string {
  const escaped = form.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
  return form.length < MIN_FREE_LENGTH ? `(?<![A-Za-z0-9])${escaped}(?![A-Za-z0-9])` : escaped;
}

/**
 * The same value with every text in it redacted, keys left alone. For what is to be rendered: markup and escapes would hide a
 * secret from a search in the rendered text.
 */
export function redactTexts<T>(redactor: Redactor, value: T): T;
export function redactTexts(redactor: Redactor, value: unknown): unknown {
  if (typeof value === "string") return redactor.redact(value);
  if (Array.isArray(value)) return value.map((item: unknown) => redactTexts(redactor, item));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, redactTexts(redactor, item)]);
  return Object.fromEntries(entries);
}

function spellings(value: unknown): string[] {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text.trim() === "") return [];
  // A PBX's words are trimmed, cut into lines and put on one; whoever holds a line of a key holds too much.
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  const told = lines.length < 2 ? [] : lines.filter((line) => line.length >= MIN_FREE_LENGTH);
  const forms = new Set([text, text.trim(), text.trim().replaceAll(/\s+/g, " "), ...told]);
  return [...forms].flatMap(encodings);
}

function encodings(text: string): string[] {
  const inJson = JSON.stringify(text).slice(1, -1);
  const base64 = Buffer.from(text).toString("base64").replace(/=+$/, "");
  return [
    text,
    inJson,
    ...[text, text.replaceAll("'", "''")].flatMap(encodeForUrl),
    new URLSearchParams([["", text]]).toString().slice(1),
    ...(text.length < MIN_FREE_LENGTH ? [] : [base64]),
  ];
}

function encodeForUrl(text: string): string[] {
  // A lone surrogate has no URL form of its own and would throw.
  const encoded = encodeURIComponent(text.replaceAll(/\p{Cs}/gu, "\uFFFD"));
  return [encoded, encoded.replaceAll("%2C", ",")];
}
