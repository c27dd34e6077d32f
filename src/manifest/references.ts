import { distance } from "fastest-levenshtein";

import type { Severity } from "../domain/problem.ts";
import type { Substitution } from "../domain/resource.ts";
import type { ManifestCode } from "./codes.ts";
import { quoteText } from "./names.ts";

export type Scheme = "env" | "var" | "secret";

/** What a reference stands for, or why it stands for nothing. */
export type Resolution =
  | { readonly state: "value"; readonly value: string; readonly secret: boolean }
  /** Left as it is, unreported: its value does not matter now. */
  | { readonly state: "kept" }
  | { readonly state: "missing"; readonly message: string; readonly hint?: string | undefined }
  /** The scheme is not allowed here. */
  | { readonly state: "misplaced"; readonly message: string; readonly hint?: string | undefined };

/** How references are resolved in one place. */
export interface Scope {
  readonly resolve: (scheme: Scheme, name: string) => Resolution;
  /**
   * How bad it is that something only looks like a reference or is not allowed here: in a script it may be
   * text that has nothing to do with us.
   */
  readonly doubt: Severity;
}

/** A reference that could not be resolved; `offset` is where it starts in the unresolved text. */
export interface ReferenceFinding {
  readonly code: ManifestCode;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly offset: number;
}

export interface ResolvedText {
  /** With every reference replaced that has a value; a value is never looked at again for references. */
  readonly text: string;
  readonly substitutions: readonly Substitution[];
  readonly findings: readonly ReferenceFinding[];
  /** A part of it came from a secret. */
  readonly tainted: boolean;
  /** A reference in it was left as it stood, so the text is not yet what will be used. */
  readonly open: boolean;
}

const SCHEMES: readonly Scheme[] = ["env", "var", "secret"];
// The second `$` in front is the escape. GitHub's `${{ secrets.X }}` is matched only to be told apart.
const CANDIDATE = /\$?\$\{(?:([^{}:\n]*):([^{}\n]*)(\})?|\{\s*(?:secrets|vars|env)\.\w+\s*\}\})/g;
const NAME = /^[A-Z0-9_]+$/;

type Reading =
  | { readonly is: "reference"; readonly scheme: Scheme; readonly name: string }
  | { readonly is: "near-miss"; readonly hint: string }
  | { readonly is: "text" };

/** True when a text may hold a reference; cheap enough to ask of every value. */
export function mayReference(text: string): boolean {
  return text.includes("${");
}

/** Replaces every `${scheme:NAME}` of a text, and takes the escape off every `$${scheme:NAME}`. */
export function resolveText(text: string, scope: Scope): ResolvedText {
  const substitutions: Substitution[] = [];
  const findings: ReferenceFinding[] = [];
  let tainted = false;
  let open = false;
  let result = "";
  let read = 0;
  const substitute = (from: number, to: number, value: string): void => {
    result += text.slice(read, from);
    const start = result.length;
    result += value;
    substitutions.push({ start, end: result.length, sourceStart: from, sourceEnd: to });
    read = to;
  };
  for (const match of text.matchAll(CANDIDATE)) {
    const [raw, scheme, name, close] = match;
    const reading = readCandidate(scheme, name, close !== undefined);
    if (reading.is === "text") continue;
    const end = match.index + raw.length;
    if (raw.startsWith("$$")) {
      substitute(match.index, end, raw.slice(1));
      continue;
    }
    const finding = { offset: match.index, severity: scope.doubt };
    if (reading.is === "near-miss") {
      const message = `${quoteText(raw)} looks like a reference but is none`;
      findings.push({ ...finding, code: "unknown-reference-scheme", message, hint: reading.hint });
      continue;
    }
    const resolution = scope.resolve(reading.scheme, reading.name);
    if (resolution.state === "value") {
      substitute(match.index, end, resolution.value);
      tainted ||= resolution.secret;
      continue;
    }
    open ||= resolution.state !== "misplaced" || scope.doubt === "error";
    if (resolution.state === "kept") continue;
    const { message, hint } = resolution;
    findings.push(
      resolution.state === "missing"
        ? { offset: match.index, severity: "error", code: "unresolved-reference", message, hint }
        : { ...finding, code: "misplaced-reference", message, hint },
    );
  }
  return { text: result + text.slice(read), substitutions, findings, tainted, open };
}

function readCandidate(
  scheme: string | undefined,
  name: string | undefined,
  closed: boolean,
): Reading {
  if (scheme === undefined || name === undefined) {
    const hint = "GitHub's ${{ … }} works in workflows only; write ${secret:NAME} or ${var:NAME}";
    return { is: "near-miss", hint };
  }
  const exact = SCHEMES.find((known) => known === scheme);
  if (exact !== undefined && closed && NAME.test(name)) {
    return { is: "reference", scheme: exact, name };
  }
  const near = findScheme(scheme);
  if (near === undefined) return { is: "text" };
  const fixed = name
    .trim()
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
  return {
    is: "near-miss",
    hint: `write \${${near}:${fixed || "NAME"}}, or $\${ for the text itself`,
  };
}

/** The scheme that was probably meant: another case, blanks around it, a plural, a slip. */
function findScheme(text: string): Scheme | undefined {
  const folded = text.trim().toLowerCase();
  return SCHEMES.find((known) => distance(folded, known) <= (known === "secret" ? 2 : 1));
}
