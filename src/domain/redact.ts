import { SECRET_MARK, type Secret } from "./secret.ts";
import type { Span } from "./spans.ts";
import { MIN_FREE_LENGTH, spellSecret } from "./spellings.ts";

/**
 * The one redactor, for text that others wrote and that may repeat a secret: answers and compiler messages of the PBX, errors of
 * libraries, what stands on a PBX. Secrets of our own are tainted and never get this far. Finds each value in all its spellings
 * (see {@link spellSecret}).
 */
export interface Redactor {
  /** From now on this value is replaced wherever it appears. */
  add(secret: Secret): void;
  /**
   * Words that are shown anyway, such as the numbers of apps: a secret that is the same word is no longer replaced in
   * what {@link Redactor.redact} is given, where the gap would say what it is.
   */
  spare(words: Iterable<string>): void;
  /** A sentence with what it repeats of secrets replaced; of rendered text only `sure` ones, or names and places would be eaten. */
  redact(text: string, which?: Which): string;
  /** Where secrets stand in a text, in order and without overlaps. */
  find(text: string, which: Which): readonly Span[];
}

/** `long`: so long that it is no word that happens to stand alone · `sure`: no part of any other word or number either. */
export type Which = "all" | "long" | "sure";

export function createRedactor(): Redactor {
  const forms = new Set<string>();
  const spared = new Set<string>();
  const patterns = new Map<Which, RegExp>();
  const patternOf = (which: Which): RegExp => {
    const known = patterns.get(which) ?? writePattern(forms, which);
    patterns.set(which, known);
    return known;
  };
  return {
    add(secret) {
      for (const form of spellSecret(secret.reveal())) forms.add(form);
      patterns.clear();
    },
    spare(words) {
      for (const word of words) spared.add(word);
    },
    redact(text, which = "all") {
      if (forms.size === 0) return text;
      return text.replaceAll(patternOf(which), (found) =>
        spared.has(found) ? found : SECRET_MARK,
      );
    },
    find(text, which) {
      if (forms.size === 0) return [];
      return [...text.matchAll(patternOf(which))].map(({ index, 0: found }) => ({
        start: index,
        end: index + found.length,
      }));
    },
  };
}

function writePattern(forms: ReadonlySet<string>, which: Which): RegExp {
  const wanted = [...forms].filter(CHOICES[which]);
  const longestFirst = wanted.toSorted((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map(writeForm).join("|") || "(?!)", "g");
}

const CHOICES: Readonly<Record<Which, (form: string) => boolean>> = {
  all: () => true,
  long: isLong,
  sure: (form) => form.length >= 8 && !/^(?:[A-Za-z]{1,15}|\d+)$/.test(form),
};

function isLong(form: string): boolean {
  return form.length >= MIN_FREE_LENGTH;
}

function writeForm(form: string): string {
  const escaped = form
    .replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
    // Percent-encodings are written with small letters as well.
    .replaceAll(/%[\dA-F]{2}/g, (code) =>
      code.replaceAll(/[A-F]/g, (at) => `[${at}${at.toLowerCase()}]`),
    );
  if (!isLong(form)) return `(?<![A-Za-z0-9])${escaped}(?![A-Za-z0-9])`;
  // A number is another number with one more digit.
  return /^\d+$/.test(form) ? String.raw`(?<!\d)${escaped}(?!\d)` : escaped;
}

/**
 * Members that say what a thing is, where it stands and how it ended. They are ours, and never hold a secret; one that is
 * the same word by chance would be given away by a gap.
 */
const IDENTITY: ReadonlySet<string> = new Set([
  "archive",
  "at",
  "base",
  "because",
  "code",
  "command",
  "digest",
  "event",
  "field",
  "file",
  "key",
  "kind",
  "name",
  "op",
  "origin",
  "outcome",
  "renumbers",
  "resource",
  "run",
  "severity",
  "state",
  "step",
  "subject",
  "target",
  "time",
  "type",
]);

/**
 * The same value with every text in it redacted; keys, numbers and what only identifies things left alone. For what is to be
 * rendered: markup and escapes would hide a secret from a search in the rendered text.
 */
export function redactTexts<T>(redactor: Redactor, value: T): T;
export function redactTexts(redactor: Redactor, value: unknown): unknown {
  if (typeof value === "string") return redactor.redact(value);
  if (Array.isArray(value)) return value.map((item: unknown) => redactTexts(redactor, item));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    IDENTITY.has(key) ? item : redactTexts(redactor, item),
  ]);
  return Object.fromEntries(entries);
}
