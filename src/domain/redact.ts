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
 * Finds each value raw, URL-encoded (also as forms are), in base64 and as JSON writes it.
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

function spellings(value: unknown): string[] {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text.trim() === "") return [];
  const inJson = JSON.stringify(text).slice(1, -1);
  const base64 = Buffer.from(text).toString("base64").replace(/=+$/, "");
  return [
    text,
    inJson,
    // A lone surrogate has no URL form of its own and would throw.
    encodeURIComponent(text.replaceAll(/\p{Cs}/gu, "\uFFFD")),
    new URLSearchParams([["", text]]).toString().slice(1),
    ...(text.length < MIN_FREE_LENGTH ? [] : [base64]),
  ];
}
