import type { Redactor } from "../../domain/redact.ts";
import type { Json } from "../../domain/json.ts";

/** A redactor that also has the runner mask every secret it learns of, in each form in which a log may hold it. */
export function maskSecrets(redactor: Redactor, mask: (text: string) => void): Redactor {
  const known = new Set<string>();
  return {
    add(secret) {
      redactor.add(secret);
      for (const form of writeForms(secret.reveal()))
        if (!known.has(form)) {
          known.add(form);
          mask(form);
        }
    },
    spare: (words) => redactor.spare(words),
    redact: (text, which) => redactor.redact(text, which),
    find: (text, which) => redactor.find(text, which),
  };
}

// The runner replaces a mask wherever it stands; a shorter one would blot out half the log.
const MIN_LENGTH = 4;
/** A PIN: the runner would blot out every number of an app that is the same, and so say what it is. */
const SHORT_NUMBER = /^\d{1,5}$/;

function writeForms(value: Json): string[] {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (SHORT_NUMBER.test(text.trim())) return [];
  // A lone surrogate has no URL form and would throw.
  const whole = text.replaceAll(/\p{Cs}/gu, "\uFFFD");
  return [
    text,
    Buffer.from(text).toString("base64"),
    Buffer.from(text).toString("base64url"),
    encodeURIComponent(whole),
    new URLSearchParams([["", whole]]).toString().slice(1),
  ].filter((form) => form.trim().length >= MIN_LENGTH);
}
